/* What an entry is about: its hashed features, counted. */
#include "native.h"

#include <string.h>

#define PAIRS (1 << 15)            /* buckets of pairs and triples */
#define BUCKETS (PAIRS + (1 << 13)) /* and of single characters behind them */
#define AXES 6                     /* of the shipped table of weights */
#define MOST_AXES 64               /* of a table of weights */
#define HAN 3                      /* folded code points above it are Han characters */

/* A text and what its features weigh. */
typedef struct {
    const uint32_t *codes;
    const uint16_t *fold;
    const int16_t *weights;
    int64_t length;
} Weighed;

/* A Han character folded to simplified, or 0. */
static inline uint32_t han_of(const uint16_t *fold, uint32_t code) {
    uint32_t folded = fold[code < 0xFFFF ? code : 0xFFFF];
    return folded > HAN ? folded : 0;
}

static inline uint32_t bucket_of(uint32_t first, uint32_t second) {
    return ((first * 0x9E3779B1u + second * 0x85EBCA77u) * 0xC2B2AE3Du) >> 17;
}

/* A Latin letter in lower case, or 0. */
static inline uint32_t letter_of(uint32_t code) {
    code |= 0x20;
    return code >= 'a' && code <= 'z' ? code : 0;
}

static inline void count(uint8_t *counts, uint32_t bucket) {
    counts[bucket] += counts[bucket] < 255;
}

PyObject *count_features(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "count_features", "u4 u2 U2 U1 I8", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const uint16_t *fold = DATA(const uint16_t, taken, 1);
    uint16_t *buckets = DATA(uint16_t, taken, 2);
    uint8_t *many = DATA(uint8_t, taken, 3), counts[BUCKETS] = {0};
    int64_t *totals = DATA(int64_t, taken, 4), length = items(&taken, 0), found = 0;
    if (items(&taken, 1) != 65536 || items(&taken, 2) < BUCKETS || items(&taken, 3) < BUCKETS || items(&taken, 4) != 4)
        return refuse(&taken, "count_features", "tables or lengths do not fit together");
    uint32_t before = 0, letters[3] = {0, 0, 0};
    int64_t features = 0, han = 0, latin = 0, written = 0;
    for (int64_t at = 0; at < length; at++) {
        uint32_t here = han_of(fold, codes[at]);
        written += codes[at] > ' ';
        letters[0] = letters[1];
        letters[1] = letters[2];
        letters[2] = letter_of(codes[at]);
        if (here) {
            han++;
            count(counts, PAIRS + (here * 0x9E3779B1u >> 19));
            if (before) {
                features++;
                count(counts, bucket_of(before, here));
            }
        }
        if (letters[2]) {
            latin++;
            if (letters[0] && letters[1]) {
                features++;
                count(counts, bucket_of(letters[0] << 8 | letters[1], letters[2]));
            }
        }
        before = here;
    }
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
        if (bucket % 8 == 0) { /* most are not met: eight at a time */
            uint64_t eight;
            memcpy(&eight, counts + bucket, 8);
            if (eight == 0) {
                bucket += 7;
                continue;
            }
        }
        buckets[found] = (uint16_t)bucket; /* what is not met is written over */
        many[found] = counts[bucket];
        found += counts[bucket] > 0;
    }
    totals[0] = features;
    totals[1] = han;
    totals[2] = latin;
    totals[3] = written;
    give_back(&taken);
    return PyLong_FromLongLong(found);
}

PyObject *cell_sums(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "cell_sums", "u2 u8 U8", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const uint64_t *table = DATA(const uint64_t, taken, 1);
    uint64_t *sums = DATA(uint64_t, taken, 2);
    int64_t length = items(&taken, 0), cells = items(&taken, 2);
    int64_t size = cells ? length / cells : 0;
    if (items(&taken, 1) != 65536 || (cells && size * cells != length))
        return refuse(&taken, "cell_sums", "a table of 65536 and cells of one size are needed");
    for (int64_t cell = 0; cell < cells; cell++) {
        uint64_t sum = 0;
        for (int64_t at = cell * size; at < (cell + 1) * size; at++)
            sum += table[codes[at]];
        sums[cell] = sum;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

/* Adds to sums what a feature weighs. */
static inline void add_row(int64_t *restrict sums, const int16_t *restrict weights, int64_t axes, uint32_t bucket) {
    for (int64_t axis = 0; axis < axes; axis++)
        sums[axis] += weights[bucket * axes + axis];
}

/* Adds what the features from one place up to another weigh; returns how many they are. A pair stands where its first character does. */
static inline int64_t add_rows(int64_t *restrict sums, const Weighed *of, int64_t axes, int64_t at, int64_t end) {
    int64_t count = 0;
    uint32_t next = at < end ? han_of(of->fold, of->codes[at]) : 0;
    for (; at < end; at++) {
        uint32_t here = next;
        next = at + 1 < of->length ? han_of(of->fold, of->codes[at + 1]) : 0;
        if (here)
            add_row(sums, of->weights, axes, PAIRS + (here * 0x9E3779B1u >> 19));
        if (here && next)
            add_row(sums, of->weights, axes, bucket_of(here, next));
        count += (here > 0) + (here && next);
    }
    return count;
}

PyObject *running_sums(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "running_sums", "u4 u2 i2 i8 I8 I8", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const uint16_t *fold = DATA(const uint16_t, taken, 1);
    const int16_t *weights = DATA(const int16_t, taken, 2);
    const int64_t *places = DATA(const int64_t, taken, 3);
    int64_t *rows = DATA(int64_t, taken, 4), *features = DATA(int64_t, taken, 5), sums[MOST_AXES] = {0}, count = 0;
    int64_t length = items(&taken, 0), axes = items(&taken, 2) / BUCKETS, asked = items(&taken, 3), at = 0;
    if (items(&taken, 1) != 65536 || axes * BUCKETS != items(&taken, 2) || axes > MOST_AXES ||
        items(&taken, 4) != asked * axes || items(&taken, 5) != asked)
        return refuse(&taken, "running_sums", "tables or lengths do not fit together");
    for (int64_t number = 0; number < asked; number++)
        if (places[number] < (number ? places[number - 1] : 0) || places[number] > length)
            return refuse(&taken, "running_sums", "places have to ascend within the text");
    Weighed of = {codes, fold, weights, length};
    for (int64_t number = 0; number < asked; at = places[number++]) {
        if (axes == AXES) /* known beforehand, the loop over them is unrolled */
            count += add_rows(sums, &of, AXES, at, places[number]);
        else
            count += add_rows(sums, &of, axes, at, places[number]);
        memcpy(rows + number * axes, sums, (size_t)axes * sizeof *rows);
        features[number] = count;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

PyObject *pair_cell_sums(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "pair_cell_sums", "u4 u2 u8 i8 U8", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const uint16_t *fold = DATA(const uint16_t, taken, 1);
    const uint64_t *table = DATA(const uint64_t, taken, 2);
    uint64_t *sums = DATA(uint64_t, taken, 4);
    int64_t length = items(&taken, 0), cells = items(&taken, 4), at = 0;
    int64_t size = items(&taken, 3) == 1 ? *DATA(const int64_t, taken, 3) : 0;
    if (items(&taken, 1) != 65536 || items(&taken, 2) != BUCKETS || size < 1 || length / size != cells)
        return refuse(&taken, "pair_cell_sums", "tables, lengths and the cells' size do not fit together");
    uint32_t next = length ? han_of(fold, codes[0]) : 0;
    for (int64_t cell = 0; cell < cells; cell++) {
        uint64_t sum = 0;
        for (int64_t end = at + size; at < end; at++) {
            uint32_t here = next;
            next = at + 1 < length ? han_of(fold, codes[at + 1]) : 0;
            sum += here ? table[PAIRS + (here * 0x9E3779B1u >> 19)] : 0;
            sum += here && next ? table[bucket_of(here, next)] : 0;
        }
        sums[cell] = sum;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
