/* Encodings of one and two bytes without decoding: what a character costs is looked up by its bytes.
 *
 * The twins are `score_pairs` in audit/reading/pairs.py and `score_page` in audit/reading/letters.py.
 */
#include "native.h"
#include "reading.h"

#define LOWEST_TRAIL 0x30
#define THREE 0x8F /* EUC-JP: two bytes follow */

enum { PLAIN, FOUR_BYTES, THREE_BYTES };      /* what else than pairs an encoding has */
enum { TAKEN, WANTS_TWIN, NOT_TAKEN };        /* what became of a unit */
enum { NONE_BEFORE, DIGIT_BEFORE, EXPLAINED }; /* failures beside each other, up to here */

/* An encoding: tables by byte and by value, `lead << 8 | trail` or one byte. */
typedef struct {
    const uint8_t *able, *alone;
    const uint16_t *prices;
    int64_t small, longer, halves;
} Encoding;

/* The state behind a value that is no character, -1 where nothing longer explains it. */
static int after_failure(const Encoding *with, uint32_t value, int state) {
    uint32_t trail = value & 0xFF;
    if (with->longer == FOUR_BYTES && value > 0xFF && trail >= '0' && trail <= '9')
        return state == NONE_BEFORE ? DIGIT_BEFORE : EXPLAINED;
    if (with->longer == THREE_BYTES && (value == THREE || state == EXPLAINED))
        return value == THREE ? EXPLAINED : NONE_BEFORE;
    return -1;
}

/* What stands around a foreign character: letters raise its price. */
static inline uint32_t inside_words(const Sum *sum, uint32_t next) {
    if (!is_letter(sum->last))
        return 0;
    return BESIDE + (is_letter(next) || next == ' ' ? BETWEEN : 0);
}

/* One unit from `at` on, which is behind it afterwards. */
static inline int price_unit(const Encoding *with, const uint8_t *raw, int64_t *at, int64_t size, Sum *sum) {
    int state = NONE_BEFORE, twin = 0;
    int64_t halves = 0, here = *at;
    while (here < size) {
        uint32_t value = raw[here++];
        if (with->able[value] && here < size && raw[here] >= LOWEST_TRAIL)
            value = value << 8 | raw[here++];
        uint32_t price = with->prices[value];
        int next = price >= INVALID ? after_failure(with, value, state) : NONE_BEFORE;
        if (next < 0 || (state == DIGIT_BEFORE && next != EXPLAINED)) {
            *at = behind_unit(raw, here - 1, size);
            return NOT_TAKEN;
        }
        state = next;
        twin |= next == EXPLAINED;
        if (is_repeated(sum, value) && with->alone[value] && price > AGAIN)
            price = AGAIN;
        if (with->small && value >= 0x80)
            price += inside_words(sum, here < size ? raw[here] : 0);
        halves += value >= 0xA1 && value < 0xE0;
        add_price(sum, value, price);
        if (value == '\n')
            break;
    }
    *at = here;
    if (with->halves)
        sum->foreign -= halves / 2;
    return twin ? WANTS_TWIN : TAKEN;
}

/* bytes, able, prices, alone, (small, longer, halves), out: cost foreign strange worst, valid, redo */
PyObject *price_pairs(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "price_pairs", "u1 u1 u2 u1 i8 I8 U1 U1", args, given) != 0)
        return NULL;
    int64_t size = items(&taken, 0), units = items(&taken, 6), unit = 0, at = 0;
    if (items(&taken, 1) != 256 || items(&taken, 2) != 65536 || items(&taken, 3) != 65536 || items(&taken, 4) != 3)
        return refuse(&taken, "price_pairs", "tables of 256 and 65536 and three options are needed");
    if (items(&taken, 5) != 4 * units || items(&taken, 7) != units)
        return refuse(&taken, "price_pairs", "the columns do not fit the units");
    const uint8_t *raw = DATA(const uint8_t, taken, 0);
    const int64_t *options = DATA(const int64_t, taken, 4);
    Encoding with = {DATA(const uint8_t, taken, 1), DATA(const uint8_t, taken, 3), DATA(const uint16_t, taken, 2),
                     options[0], options[1], options[2]};
    Columns to = columns_of(DATA(int64_t, taken, 5), DATA(uint8_t, taken, 6), units);
    uint8_t *redo = DATA(uint8_t, taken, 7);
    for (; unit < units && at < size; unit++) {
        Sum sum = nothing_yet();
        int became = price_unit(&with, raw, &at, size, &sum);
        redo[unit] = became == WANTS_TWIN;
        if (became == TAKEN)
            write_unit(&to, unit, &sum);
        else
            write_failure(&to, unit);
    }
    if (unit < units || at < size)
        return refuse(&taken, "price_pairs", "each unit must end with LF");
    give_back(&taken);
    Py_RETURN_NONE;
}

/* bytes, values by `before << 8 | byte`, out: their sum over each unit; `letters.tongues` */
PyObject *sum_pairs(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "sum_pairs", "u1 i2 I8", args, given) != 0)
        return NULL;
    int64_t size = items(&taken, 0), units = items(&taken, 2), unit = 0;
    if (items(&taken, 1) != 65536)
        return refuse(&taken, "sum_pairs", "a table of 65536 is needed");
    const uint8_t *raw = DATA(const uint8_t, taken, 0);
    const int16_t *values = DATA(const int16_t, taken, 1);
    int64_t *sums = DATA(int64_t, taken, 2), sum = 0, at = 0;
    uint32_t before = '\n';
    for (; at < size && unit < units; before = raw[at++]) {
        sum += values[before << 8 | raw[at]];
        if (raw[at] == '\n') {
            sums[unit++] = sum;
            sum = 0;
        }
    }
    if (unit < units || at < size)
        return refuse(&taken, "sum_pairs", "each unit must end with LF");
    give_back(&taken);
    Py_RETURN_NONE;
}

/* bytes, prices by `before << 8 | byte`, out: cost foreign strange worst, valid */
PyObject *price_letters(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "price_letters", "u1 u2 I8 U1", args, given) != 0)
        return NULL;
    int64_t size = items(&taken, 0), units = items(&taken, 3), unit = 0, at = 0;
    if (items(&taken, 1) != 65536 || items(&taken, 2) != 4 * units)
        return refuse(&taken, "price_letters", "a table of 65536 and columns that fit the units are needed");
    const uint8_t *raw = DATA(const uint8_t, taken, 0);
    const uint16_t *prices = DATA(const uint16_t, taken, 1);
    Columns to = columns_of(DATA(int64_t, taken, 2), DATA(uint8_t, taken, 3), units);
    for (; unit < units && at < size; unit++) {
        Sum sum = nothing_yet();
        uint32_t before = '\n', byte = 0;
        int fine = 1;
        for (; fine && at < size && byte != '\n'; before = byte) {
            byte = raw[at++];
            uint32_t price = prices[before << 8 | byte];
            fine = price < INVALID;
            add_price(&sum, byte, price);
        }
        if (fine)
            write_unit(&to, unit, &sum);
        else {
            at = behind_unit(raw, at - 1, size);
            write_failure(&to, unit);
        }
    }
    if (unit < units || at < size)
        return refuse(&taken, "price_letters", "each unit must end with LF");
    give_back(&taken);
    Py_RETURN_NONE;
}
