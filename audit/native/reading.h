/* What the kernels of audit/reading share: prices summed over the characters of a unit, a line or a field that ends with LF.

   Prices are eighths of a bit, as in audit/reading/candidates.py, whose numpy code gives the same numbers; tests hold both
   ways together. */

#ifndef AUDIT_READING_H
#define AUDIT_READING_H

#include <stdint.h>
#include <string.h>

#define BIT 8
#define INVALID 20000
#define DEAR (3 * 19 * BIT)
#define AGAIN (5 * BIT)
#define BESIDE (4 * BIT)
#define BETWEEN (8 * BIT)
#define LOSS (26 * BIT)
#define HALF_WIDTH 0xFF61
#define NO_CHARACTER 0x110000

/* Columns of Scores, one slot a unit. */
typedef struct {
    int64_t *cost, *foreign, *strange, *worst;
    uint8_t *valid;
} Columns;

static inline Columns columns_of(int64_t *sums, uint8_t *valid, int64_t units) {
    Columns to = {sums, sums + units, sums + 2 * units, sums + 3 * units, valid};
    return to;
}

/* What the characters of one unit cost so far, and the last two of them. */
typedef struct {
    int64_t cost, foreign, strange, worst, count;
    uint32_t one, two, last, before;
} Sum;

static inline Sum nothing_yet(void) {
    Sum sum = {0, 0, 0, 0, 0, 0, 0, NO_CHARACTER, NO_CHARACTER};
    return sum;
}

/* One character more. `code` tells whether it repeats another; the caller has lowered the price for that. */
static inline void add_price(Sum *sum, uint32_t code, uint32_t price) {
    int64_t three = (int64_t)sum->one + sum->two + price;
    sum->cost += price;
    if (code >= 0x80) {
        sum->foreign++;
        sum->strange += price;
    }
    if (three > DEAR && sum->count >= 2 && three > sum->worst)
        sum->worst = three;
    sum->two = sum->one;
    sum->one = price;
    sum->before = sum->last;
    sum->last = code;
    sum->count++;
}

/* Whether a character repeats the one before it, or the one before that. */
static inline int is_repeated(const Sum *sum, uint32_t code) {
    return code == sum->last || code == sum->before;
}

static inline void write_unit(const Columns *to, int64_t unit, const Sum *sum) {
    to->cost[unit] = sum->cost;
    to->foreign[unit] = sum->foreign;
    to->strange[unit] = sum->strange;
    to->worst[unit] = sum->worst;
    to->valid[unit] = 1;
}

static inline void write_failure(const Columns *to, int64_t unit) {
    to->cost[unit] = to->foreign[unit] = to->strange[unit] = to->worst[unit] = 0;
    to->valid[unit] = 0;
}

/* Behind the LF that ends a unit; `size` where none follows. */
static inline int64_t behind_unit(const uint8_t *raw, int64_t at, int64_t size) {
    const uint8_t *end = memchr(raw + at, '\n', (size_t)(size - at));
    return end ? end - raw + 1 : size;
}

static inline int is_letter(uint32_t byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

#endif
