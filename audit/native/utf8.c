/* UTF-8 by its grammar, unit by unit. The twin is `_score_utf8` in audit/reading/readings.py. */
#include "native.h"
#include "reading.h"

#define PLAINLY 4 /* characters of three bytes or more; so many are no chance, and need no prices */
#define USUAL (9 * BIT)
#define ASCII (6 * BIT)

/* The character that begins at `at`. `width` is how many bytes it has, negative for what is left of one: those are no character. */
static inline uint32_t character(const uint8_t *raw, int64_t at, int64_t size, int *width) {
    uint32_t lead = raw[at], code;
    uint8_t low = 0x80, high = 0xBF;
    int need, have = 0;
    *width = 1;
    if (lead < 0x80)
        return lead;
    *width = -1;
    if (lead < 0xC2 || lead > 0xF4)
        return NO_CHARACTER;
    need = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    code = lead & (0x3F >> need);
    low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : low; /* RFC 3629: narrower than 80-BF */
    high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : high;
    for (; have < need && at + have + 1 < size; have++, low = 0x80, high = 0xBF) {
        uint8_t next = raw[at + have + 1];
        if (next < low || next > high)
            break;
        code = code << 6 | (next & 0x3F);
    }
    *width = have == need ? 1 + have : -1 - have;
    return have == need ? code : NO_CHARACTER;
}

/* Faults of one unit, its characters of three bytes or four, and how often two of them stand side by side. */
typedef struct {
    int64_t faults, wide, beside;
} Counts;

static int64_t count_unit(const uint8_t *raw, int64_t at, int64_t size, Counts *counts) {
    int64_t awaited = -1; /* where the neighbour of a character of three bytes would begin */
    while (at < size && raw[at] != '\n') {
        int width;
        if (raw[at] < 0x80) {
            at++;
            continue;
        }
        character(raw, at, size, &width);
        counts->faults += width < 0;
        if (width >= 3) {
            counts->wide++;
            counts->beside += at == awaited;
        }
        awaited = width == 3 ? at + 3 : -1;
        at += width < 0 ? -width : width;
    }
    return at + 1;
}

static void price_unit(const uint8_t *raw, int64_t at, int64_t end, const uint16_t *prices, Sum *sum) {
    while (at < end) {
        int width;
        uint32_t code = character(raw, at, end, &width);
        uint32_t price = prices[code < 0xFFFF ? code : 0xFFFF];
        if (is_repeated(sum, code) && code < HALF_WIDTH && price > AGAIN)
            price = AGAIN;
        add_price(sum, code, price);
        at += width;
    }
}

/* bytes, prices by code point, out: cost foreign strange worst, valid */
PyObject *price_utf8(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "price_utf8", "u1 u2 I8 U1", args, given) != 0)
        return NULL;
    int64_t size = items(&taken, 0), units = items(&taken, 3), unit = 0, at = 0;
    if (items(&taken, 1) != 65536 || items(&taken, 2) != 4 * units)
        return refuse(&taken, "price_utf8", "a table of 65536 and columns that fit the units are needed");
    const uint8_t *raw = DATA(const uint8_t, taken, 0);
    const uint16_t *prices = DATA(const uint16_t, taken, 1);
    Columns to = columns_of(DATA(int64_t, taken, 2), DATA(uint8_t, taken, 3), units);
    for (; unit < units && at < size; unit++) {
        Counts counts = {0, 0, 0};
        Sum sum = nothing_yet();
        int64_t end = count_unit(raw, at, size, &counts);
        if (end > size)
            break;
        if (counts.faults) {
            sum.worst = counts.wide >= PLAINLY ? 2 * counts.wide - 3 * counts.faults : -1;
            sum.foreign = counts.beside;
        } else if (counts.wide >= PLAINLY) {
            sum.foreign = counts.wide;
            sum.strange = counts.wide * USUAL;
            sum.cost = sum.strange + (end - at - 3 * counts.wide) * ASCII;
        } else
            price_unit(raw, at, end, prices, &sum);
        write_unit(&to, unit, &sum);
        to.valid[unit] = counts.faults == 0;
        at = end;
    }
    if (unit < units || at < size)
        return refuse(&taken, "price_utf8", "each unit must end with LF");
    give_back(&taken);
    Py_RETURN_NONE;
}

/* As `price_utf8`, faults at the price of what is lost, in the last column how many. The twin is `score_losses` in audit/reading/candidates.py. */
PyObject *price_torn_utf8(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "price_torn_utf8", "u1 u2 I8 U1 I8", args, given) != 0)
        return NULL;
    int64_t size = items(&taken, 0), units = items(&taken, 3), unit = 0, at = 0;
    if (items(&taken, 1) != 65536 || items(&taken, 2) != 4 * units || items(&taken, 4) != units)
        return refuse(&taken, "price_torn_utf8", "a table of 65536 and columns that fit the units are needed");
    const uint8_t *raw = DATA(const uint8_t, taken, 0);
    const uint16_t *prices = DATA(const uint16_t, taken, 1);
    int64_t *lost = DATA(int64_t, taken, 4);
    Columns to = columns_of(DATA(int64_t, taken, 2), DATA(uint8_t, taken, 3), units);
    for (; unit < units && at < size; unit++) {
        Sum sum = nothing_yet();
        lost[unit] = 0;
        while (at < size && sum.last != '\n') {
            int width;
            uint32_t code = character(raw, at, size, &width);
            uint32_t price = width < 0 ? LOSS : prices[code < 0xFFFF ? code : 0xFFFF];
            if (width > 0 && is_repeated(&sum, code) && code < HALF_WIDTH && price > AGAIN)
                price = AGAIN;
            lost[unit] += width < 0;
            add_price(&sum, code, price);
            at += width < 0 ? -width : width;
        }
        write_unit(&to, unit, &sum);
    }
    if (unit < units || at < size)
        return refuse(&taken, "price_torn_utf8", "each unit must end with LF");
    give_back(&taken);
    Py_RETURN_NONE;
}
