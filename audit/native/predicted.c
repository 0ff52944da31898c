/* How well the rest of a collection predicts each of its entries. */
#include "native.h"

#include <string.h>

#define BUCKETS 40960 /* of features */
#define COUNTS 256
#define SLOTS 4096         /* of the table of logarithms: the highest bits of a mantissa */
#define MANTISSA 52        /* bits of a double */
#define BIAS 1023          /* of its exponent */
#define FRACTION 16        /* binary places of a logarithm */
#define CAP (6 << FRACTION) /* what one feature can say */
#define MOST_KINDS 64
#define KINDS 9   /* of the shipped table */
#define CHUNK 256 /* features whose weights of 16 bits times steps of 8 fit in 32 */

/* The entries of a collection and what general prose is like. */
typedef struct {
    const uint16_t *buckets;
    const uint8_t *counts;
    const int64_t *weights, *logarithms, *totals;
    const double *rarity;
    const uint8_t *steps;
} Read;

/* The logarithm of a positive number to base 2, to the 13th binary place. */
static inline int64_t logarithm(const int64_t *table, double value) {
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (((bits >> MANTISSA) - BIAS) << FRACTION) + table[bits >> (MANTISSA - 12) & (SLOTS - 1)];
}

/* What the rest says of an entry whose features these are. */
static int64_t said_of(const Read *read, int64_t at, int64_t end, double scale, double base) {
    int64_t said = 0;
    for (; at < end; at++) {
        uint32_t bucket = read->buckets[at];
        int64_t weight = read->weights[read->counts[at]];
        double more = (double)(read->totals[bucket] - weight) * read->rarity[bucket] * scale + base;
        int64_t gain = logarithm(read->logarithms, more);
        said += weight * (gain < CAP ? gain : CAP);
    }
    return said;
}

/* Adds to a row what the features of an entry weigh on each kind of prose. */
static inline void add_kinds(const Read *read, int64_t *restrict row, int64_t at, int64_t end, int64_t kinds) {
    for (; at < end; at++) {
        int64_t weight = read->weights[read->counts[at]];
        for (int64_t kind = 0; kind < kinds; kind++)
            row[kind] += weight * read->steps[read->buckets[at] * kinds + kind];
    }
}

/* The same for the shipped number of kinds and weights of 16 bits, which fit in one vector. */
WIDER static void add_narrow(const Read *read, int64_t *restrict row, int64_t at, int64_t end) {
    while (at < end) {
        int32_t sums[KINDS] = {0};
        for (int64_t stop = end - at < CHUNK ? end : at + CHUNK; at < stop; at++) {
            int16_t weight = (int16_t)read->weights[read->counts[at]];
            const uint8_t *steps = read->steps + read->buckets[at] * KINDS;
            for (int kind = 0; kind < KINDS; kind++)
                sums[kind] += weight * steps[kind];
        }
        for (int kind = 0; kind < KINDS; kind++)
            row[kind] += sums[kind];
    }
}

PyObject *predict_entries(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "predict_entries", "u2 u1 i8 i8 i8 f8 u1 f8 I8 I8", args, given) != 0)
        return NULL;
    int64_t *totals = DATA(int64_t, taken, 8), *rows = DATA(int64_t, taken, 9), length = items(&taken, 0), whole = 0;
    Read read = {DATA(const uint16_t, taken, 0), DATA(const uint8_t, taken, 1), DATA(const int64_t, taken, 3),
                 DATA(const int64_t, taken, 4),  totals,                        DATA(const double, taken, 5),
                 DATA(const uint8_t, taken, 6)};
    const int64_t *bounds = DATA(const int64_t, taken, 2);
    int64_t entries = items(&taken, 2) - 1, kinds = items(&taken, 6) / BUCKETS;
    if (items(&taken, 1) != length || entries < 0 || items(&taken, 3) != COUNTS || items(&taken, 4) != SLOTS ||
        items(&taken, 5) != BUCKETS || items(&taken, 6) != kinds * BUCKETS || kinds > MOST_KINDS ||
        items(&taken, 7) != 1 || items(&taken, 8) != BUCKETS || items(&taken, 9) != entries * (2 + kinds))
        return refuse(&taken, "predict_entries", "tables or lengths do not fit together");
    double mix = *DATA(const double, taken, 7);
    for (int64_t entry = 0; entry <= entries; entry++)
        if (bounds[entry] != (entry == 0 ? 0 : entry == entries ? length : bounds[entry]) ||
            (entry && bounds[entry] < bounds[entry - 1]) || bounds[entry] > length)
            return refuse(&taken, "predict_entries", "bounds have to ascend through all features");
    for (int64_t at = 0; at < length; at++)
        if (read.buckets[at] >= BUCKETS)
            return refuse(&taken, "predict_entries", "a bucket is not in the tables");
    int narrow = 1;
    for (int count = 0; count < COUNTS; count++)
        narrow &= read.weights[count] >= 0 && read.weights[count] <= INT16_MAX;
    memset(totals, 0, BUCKETS * sizeof *totals);
    memset(rows, 0, (size_t)(entries * (2 + kinds)) * sizeof *rows);
    for (int64_t entry = 0; entry < entries; entry++) {
        int64_t mass = 0;
        for (int64_t at = bounds[entry]; at < bounds[entry + 1]; at++) {
            int64_t weight = read.weights[read.counts[at]];
            totals[read.buckets[at]] += weight;
            mass += weight;
        }
        rows[entry * (2 + kinds)] = mass;
        whole += mass;
    }
    for (int64_t entry = 0; entry < entries; entry++) {
        int64_t *row = rows + entry * (2 + kinds), rest = whole - row[0], at = bounds[entry], end = bounds[entry + 1];
        double scale = mix / (double)(rest > 1 ? rest : 1);
        row[1] = said_of(&read, at, end, scale, 1 - mix);
        if (kinds == KINDS && narrow)
            add_narrow(&read, row + 2, at, end);
        else
            add_kinds(&read, row + 2, at, end, kinds);
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
