/* Characters that stand once between neighbours that have another one elsewhere, twice and more. */
#include "native.h"

#include <stdlib.h>

#define BEFORE 2 /* characters before the place that are looked at, and behind it */
#define COLUMNS 4
#define FACTOR 0x9E3779B97F4A7C15ULL

/* What stands between three neighbours: the first two kinds of characters, where each stood last, and how often. */
typedef struct {
    uint64_t key;
    int32_t at[2], count[2];
    int more; /* a third kind */
} Place;

/* The neighbours of a place: one before and two behind, or the other way round; never 0 for what is kept. */
static inline uint64_t key_of(const uint16_t *at, int kind) {
    uint64_t outer = kind ? at[-2] : at[2];
    return (uint64_t)at[-1] << 32 | (uint64_t)at[1] << 16 | outer;
}

static int bits_for(int64_t count) {
    int bits = 8;
    while (bits < 40 && (int64_t)1 << bits < count)
        bits++;
    return bits;
}

/* Leaves in `places` those whose neighbours may stand twice; returns how many. */
static int64_t repeated(const uint16_t *kept, int64_t length, int kind, int32_t *places, uint64_t *maps, int bits) {
    uint64_t *once = maps, *twice = maps + ((size_t)1 << (bits - 6));
    int64_t left = 0;
    for (int64_t at = BEFORE; at + BEFORE < length; at++) {
        uint64_t bit = key_of(kept + at, kind) * FACTOR >> (64 - bits), mask = (uint64_t)1 << (bit & 63);
        twice[bit >> 6] |= once[bit >> 6] & mask;
        once[bit >> 6] |= mask;
    }
    for (int64_t at = BEFORE; at + BEFORE < length; at++) {
        uint64_t bit = key_of(kept + at, kind) * FACTOR >> (64 - bits);
        places[left] = (int32_t)at;
        left += twice[bit >> 6] >> (bit & 63) & 1;
    }
    return left;
}

static void count(Place *table, int bits, const uint16_t *kept, const int32_t *places, int64_t many, int kind) {
    uint64_t mask = ((uint64_t)1 << bits) - 1;
    for (int64_t number = 0; number < many; number++) {
        int32_t at = places[number];
        uint64_t key = key_of(kept + at, kind), slot = key * FACTOR >> (64 - bits);
        while (table[slot].key && table[slot].key != key)
            slot = (slot + 1) & mask;
        Place *place = &table[slot];
        place->key = key;
        int which = place->count[0] && kept[place->at[0]] != kept[at];
        if (which && place->count[1] && kept[place->at[1]] != kept[at]) {
            place->more = 1;
            continue;
        }
        place->at[which] = at;
        place->count[which]++;
    }
}

/* kept, out: rows of four; returns how many */
PyObject *lone_readings(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "lone_readings", "u2 I8", args, given) != 0)
        return NULL;
    const uint16_t *kept = DATA(const uint16_t, taken, 0);
    int64_t length = items(&taken, 0), *rows = DATA(int64_t, taken, 1), room = items(&taken, 1) / COLUMNS, told = 0;
    if (length > INT32_MAX / 16)
        return refuse(&taken, "lone_readings", "a shorter text is needed");
    for (int64_t at = 0; at < length; at++)
        if (!kept[at])
            return refuse(&taken, "lone_readings", "what is kept is never 0");
    int map = bits_for(8 * length), failed = 0;
    int32_t *places = malloc(sizeof(int32_t) * (size_t)(length + 1));
    for (int kind = 0; kind < 2 && !failed; kind++) {
        uint64_t *maps = calloc((size_t)2 << (map - 6), sizeof(uint64_t));
        int64_t many = places && maps ? repeated(kept, length, kind, places, maps, map) : 0;
        int bits = bits_for(2 * many);
        Place *table = calloc((size_t)1 << bits, sizeof(Place));
        failed = !places || !maps || !table;
        if (!failed)
            count(table, bits, kept, places, many, kind);
        for (int64_t slot = 0; !failed && slot < (int64_t)1 << bits; slot++) {
            const Place *place = &table[slot];
            int lone = place->count[1] == 1 && place->count[0] != 1;
            if (place->more || !(lone || place->count[0] == 1) || place->count[0] + place->count[1] < 3 || told == room)
                continue;
            rows[COLUMNS * told] = place->at[lone];
            rows[COLUMNS * told + 1] = place->at[!lone];
            rows[COLUMNS * told + 2] = place->count[!lone];
            rows[COLUMNS * told++ + 3] = kind;
        }
        free(table);
        free(maps);
    }
    free(places);
    give_back(&taken);
    return failed ? PyErr_NoMemory() : PyLong_FromLongLong(told);
}
