/* The language model's tables, as kernels are handed them, and what they say of a pair of tokens. */
#ifndef JIAOKAN_MODEL_H
#define JIAOKAN_MODEL_H

#include "native.h"

#define STEP 0.1f       /* bits */
#define BACKOFF_ZERO 40 /* a pair's back-off may also raise what follows */
#define LINE 0          /* the token of a line break */

/* `kinds` tokens; `slots` of the table of pairs, each of them steps below and a check above. */
typedef struct {
    const uint32_t *rows;
    const uint16_t *pairs;
    const int16_t *alone, *backoff;
    int64_t kinds, slots;
} Model;

/* The forms of a model's four buffers, which stand together among the arguments. */
#define MODEL_FORMS "u4 u2 i2 i2"

/* The model of the four buffers from `first` on; 0 where they do not fit together. */
static inline int model_of(Model *model, const Buffers *taken, int first) {
    model->rows = DATA(const uint32_t, *taken, first);
    model->pairs = DATA(const uint16_t, *taken, first + 1);
    model->alone = DATA(const int16_t, *taken, first + 2);
    model->backoff = DATA(const int16_t, *taken, first + 3);
    model->kinds = items(taken, first);
    model->slots = items(taken, first + 1);
    return items(taken, first + 2) == model->kinds && items(taken, first + 3) == model->kinds;
}

/* Steps of a token behind another, and the slot of the pair, -1 where it is not known; -1 where a token is none. */
static inline int steps_of(const Model *model, int64_t left, int64_t right, int64_t *slot) {
    if (left < 0 || right < 0 || left >= model->kinds || right >= model->kinds)
        return -1;
    uint32_t row = model->rows[left];
    int64_t at = (int64_t)row + right;
    if (at >= model->slots)
        return -1;
    uint16_t entry = model->pairs[at];
    int known = (entry >> 8) == (uint8_t)row;
    *slot = known ? at : -1;
    return known ? (entry & 0xFF) : model->alone[right] + model->backoff[left];
}

/* Factors of the hash of three tokens, as in surprisal.py. */
#define FIRST 0xC2B2AE3Du
#define SECOND 0x9E3779B1u
#define THIRD 0x85EBCA77u

/* The hash of a triple of tokens. */
static inline uint32_t triple_hash(const int64_t *three) {
    uint32_t first = (uint32_t)(three[1] == LINE ? LINE : three[0]);
    uint32_t mixed = first * FIRST + (uint32_t)three[1] * SECOND + (uint32_t)three[2] * THIRD;
    mixed ^= mixed >> 15;
    return mixed * 0x2C1B3C6Du;
}

static inline int64_t triple_slot(int shift, const int64_t *three) { return triple_hash(three) >> shift; }

/* Steps of the third token behind two others: the triple's where it is known, else the pair's, backed off. */
static inline int steps_behind_two(const uint16_t *triples, int shift, const int64_t *three, int backed) {
    uint32_t mixed = triple_hash(three);
    uint16_t entry = triples[mixed >> shift];
    return (entry >> 8) == (uint8_t)mixed ? (entry & 0xFF) : backed;
}

/* By how many bits a hash is shifted to fall into a table of so many slots; -1 where they are no power of two. */
static inline int shift_of(int64_t slots) {
    for (int bits = 1; bits < 32; bits++)
        if (slots == (int64_t)1 << bits)
            return 32 - bits;
    return -1;
}

#endif
