/* Misread characters cut into those that were written: what its files share. The twin is audit/restore/lattice.py. */
#ifndef JIAOKAN_CUTS_H
#define JIAOKAN_CUTS_H

#include "native.h"

#define PATHS 8
#define OPTIONS 6 /* byte strings that a character may stand for */
#define BYTES 4   /* of one of them, and of a written character */
#define PAIRS 65536

/* A written character behind others, by their places. */
typedef struct {
    int64_t before;
    int start, end;
    int16_t bytes[BYTES];
    int8_t size, lost;
} Slot;

typedef struct {
    double cost;
    int64_t last; /* its last character, negative for none */
    int since, lost, wide, slots;
    int16_t open[BYTES];
    int8_t size; /* of what is open */
} Cut;

typedef struct {
    int count;
    Cut each[PATHS];
} Cuts;

/*
 * The characters of a window: the number of the set of byte strings that each may stand for, or -2 - word where it stands for the
 * bytes of that word alone, and whether it is ASCII. Sets: `patterns` (sets, OPTIONS, BYTES), `sizes` and `costs` (sets, OPTIONS).
 * `bits` of each written character by itself, by code point of UTF-8 or by pair, negative where there is none.
 */
typedef struct {
    const int32_t *sets;
    const uint8_t *plain;
    int64_t length;
    const int16_t *patterns;
    const uint8_t *sizes;
    const double *costs, *bits;
    int64_t known;
    int utf8, drops;
    Slot *pool;
    int64_t used, room;
} Search;

/* The forms of what a search is handed, which stand first among the arguments: sets, plain, patterns, sizes, costs, bits. */
#define SEARCH_FORMS "i4 u1 i2 u1 f8 f8"
#define SEARCH_BUFFERS 6

/* The search of these buffers; 0 where they do not fit together. */
int search_of(Search *search, const Buffers *taken, int utf8, int drops);

/* Whether a run may begin with a character. */
int may_open(const Search *search, int64_t at);

/* The longest run from a character on: where it ends, -1 where there is none, `FAILED` without memory; the ways to cut it, and how far
   it looked. Its characters count from `first`. */
#define FAILED (-2)
int64_t run_of(Search *search, int64_t first, Cuts *best, int64_t *looked);

/* Bits of a written character whose bytes are all known, negative where they are none. */
double bits_of(const Search *search, const Slot *slot);

/* The characters of a cut in order, which the caller frees; NULL without memory. */
int64_t *order_of(const Search *search, const Cut *cut);

/* The same as bytes, and how many bytes are lost. */
PyObject *told_of(const Search *search, const Cut *cut);

#endif
