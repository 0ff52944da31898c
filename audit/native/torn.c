/* Encodings of two bytes where bytes are lost. The twin is `score_losses` in audit/reading/candidates.py. */
#include "native.h"
#include "reading.h"

#define THREE 0x8F
#define LOWEST_TRAIL 0x30

enum { PLAIN, FOUR_BYTES, THREE_BYTES };

typedef struct {
    const uint8_t *able;
    const uint16_t *prices;
    const uint32_t *codes;
    int64_t small, longer, halves;
} Encoding;

static inline int is_digit(uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

/* Whether a character of more than two bytes may begin here. */
static inline int may_be_longer(const Encoding *with, const uint8_t *raw, int64_t at, int64_t size) {
    if (with->longer == THREE_BYTES)
        return raw[at] == THREE;
    return with->longer == FOUR_BYTES && at + 3 < size && with->able[raw[at]] && is_digit(raw[at + 1]) &&
           with->able[raw[at + 2]] && is_digit(raw[at + 3]);
}

/* The value of what begins at `at`, and its bytes: 0 where that is no character and one byte is lost. */
static inline uint32_t value_at(const Encoding *with, const uint8_t *raw, int64_t at, int64_t size, int *width) {
    uint32_t value = raw[at];
    *width = 1;
    if (with->able[value]) {
        value = at + 1 < size && raw[at + 1] >= LOWEST_TRAIL ? value << 8 | raw[at + 1] : value;
        *width = value > 0xFF ? 2 : 0;
    }
    if (with->prices[value] >= INVALID)
        *width = 0;
    return value;
}

/* One unit from `at` on, which is behind it afterwards; gives the bytes lost, -1 where a codec is needed. */
static int64_t price_unit(const Encoding *with, const uint8_t *raw, int64_t *at, int64_t size, Sum *sum) {
    int64_t lost = 0, halves = 0;
    while (*at < size && sum->last != '\n') {
        int width;
        if (may_be_longer(with, raw, *at, size)) {
            *at = behind_unit(raw, *at, size);
            return -1;
        }
        uint32_t value = value_at(with, raw, *at, size, &width);
        uint32_t code = width ? with->codes[value] : NO_CHARACTER, price = width ? with->prices[value] : LOSS;
        *at += width ? width : 1;
        if (width && is_repeated(sum, code) && code < HALF_WIDTH && price > AGAIN)
            price = AGAIN;
        if (with->small && code >= 0x80 && is_letter(sum->last)) {
            uint32_t next = *at < size ? raw[*at] : 0;
            price += BESIDE + (is_letter(next) || next == ' ' ? BETWEEN : 0);
        }
        halves += value >= 0xA1 && value < 0xE0;
        lost += width == 0;
        add_price(sum, code, price);
    }
    if (with->halves)
        sum->foreign -= halves / 2;
    return lost;
}

/* bytes, able, prices, code points, (small, longer, halves), out: cost foreign strange worst, valid, lost, redo */
PyObject *price_torn_pairs(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "price_torn_pairs", "u1 u1 u2 u4 i8 I8 U1 I8 U1", args, given) != 0)
        return NULL;
    int64_t size = items(&taken, 0), units = items(&taken, 6), unit = 0, at = 0;
    if (items(&taken, 1) != 256 || items(&taken, 2) != 65536 || items(&taken, 3) != 65536 || items(&taken, 4) != 3)
        return refuse(&taken, "price_torn_pairs", "tables of 256 and 65536 and three options are needed");
    if (items(&taken, 5) != 4 * units || items(&taken, 7) != units || items(&taken, 8) != units)
        return refuse(&taken, "price_torn_pairs", "the columns do not fit the units");
    const uint8_t *raw = DATA(const uint8_t, taken, 0);
    const int64_t *options = DATA(const int64_t, taken, 4);
    Encoding with = {DATA(const uint8_t, taken, 1), DATA(const uint16_t, taken, 2), DATA(const uint32_t, taken, 3),
                     options[0], options[1], options[2]};
    Columns to = columns_of(DATA(int64_t, taken, 5), DATA(uint8_t, taken, 6), units);
    int64_t *lost = DATA(int64_t, taken, 7);
    uint8_t *redo = DATA(uint8_t, taken, 8);
    for (; unit < units && at < size; unit++) {
        Sum sum = nothing_yet();
        lost[unit] = price_unit(&with, raw, &at, size, &sum);
        redo[unit] = lost[unit] < 0;
        write_unit(&to, unit, &sum);
    }
    if (unit < units || at < size)
        return refuse(&taken, "price_torn_pairs", "each unit must end with LF");
    give_back(&taken);
    Py_RETURN_NONE;
}

enum { GONE, GOOD, OTHER, OTHER_REST }; /* of a byte: in no character, in one, first or further of one that has another spelling */

/* widths, starts, sizes, out: what the bytes of each field are, read from its first on; `lossy.lossy_fields` */
PyObject *walk_fields(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "walk_fields", "i1 i8 i8 I1", args, given) != 0)
        return NULL;
    const int8_t *widths = DATA(const int8_t, taken, 0);
    const int64_t *starts = DATA(const int64_t, taken, 1), *sizes = DATA(const int64_t, taken, 2);
    int8_t *labels = DATA(int8_t, taken, 3);
    int64_t bytes = items(&taken, 0), fields = items(&taken, 1), room = items(&taken, 3);
    if (items(&taken, 2) != fields)
        return refuse(&taken, "walk_fields", "as many sizes as starts are needed");
    for (int64_t field = 0; field < fields; field++) {
        int64_t size = sizes[field];
        if (starts[field] < 0 || size < 0 || size > room || starts[field] > bytes - size)
            return refuse(&taken, "walk_fields", "a field lies outside");
        for (int64_t at = 0; at < size;) {
            int width = widths[starts[field] + at], gone = width < 0 ? -width : width ? width : 1;
            for (int back = 0; back < gone && at < size; back++, at++)
                labels[at] = width > 0 ? GOOD : width == 0 ? GONE : back ? OTHER_REST : OTHER;
        }
        labels += size;
        room -= size;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
