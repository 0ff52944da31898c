/* Where one character stands behind another, and the markers of list items. */
#include "native.h"

#define REACH 6 /* code points that hold the longest marker and what follows it */

/* Classes of characters: a digit is DIGITS and its value, a Han numeral its value from 1 to 10, ① CIRCLES and its number. */
enum { DIGITS = 32, CIRCLES = 64, OPENS = 96, CLOSES, STOPS, PAUSES, COMMAS, IS_SO, ORDINAL };

/* As the schemes of listing.py. */
enum { NONE = -1, HAN, HAN_BRACKET, DIGIT, DIGIT_BRACKET, IS, NTH, CIRCLED };

typedef struct {
    int value, width;
} Numeral;

typedef struct {
    int scheme, number, width, opened;
} Marker;

PyObject *side_by_side(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "side_by_side", "u2 u1 u1 I8 U1", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const uint8_t *left = DATA(const uint8_t, taken, 1), *right = DATA(const uint8_t, taken, 2);
    int64_t *places = DATA(int64_t, taken, 3), length = items(&taken, 0), count = 0;
    uint8_t *values = DATA(uint8_t, taken, 4);
    if (items(&taken, 1) != 65536 || items(&taken, 2) != 65536 || items(&taken, 3) < length || items(&taken, 4) < length)
        return refuse(&taken, "side_by_side", "two tables of 65536 and room for all codes are needed");
    for (int64_t at = 1; at < length; at++) { /* what is not selected is written over */
        uint8_t value = left[codes[at - 1]] & right[codes[at]];
        places[count] = at;
        values[count] = value;
        count += value != 0;
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

static int han_value(uint8_t kind) { return kind <= 10 ? kind : 0; }

static int is_digit(uint8_t kind) { return kind >= DIGITS && kind < DIGITS + 10; }

/* The Han numeral 1 to 99 that begins here; of no width where there is none. */
static Numeral han_at(const uint8_t *kinds) {
    int a = han_value(kinds[0]), b = han_value(kinds[1]), c = han_value(kinds[2]);
    if (a == 10 && b && b < 10)
        return (Numeral){10 + b, 2};
    if (a && a < 10 && b == 10)
        return c && c < 10 ? (Numeral){a * 10 + c, 3} : (Numeral){a * 10, 2};
    return (Numeral){a, a != 0};
}

/* The number of one to three digits that begins here; of no width where there is none or a longer one. */
static Numeral digits_at(const uint8_t *kinds) {
    Numeral found = {0, 0};
    while (found.width < 4 && is_digit(kinds[found.width]))
        found.value = found.value * 10 + kinds[found.width++] - DIGITS;
    return found.width < 4 ? found : (Numeral){0, 0};
}

/* The marker of one numeral, plain or between brackets; `inner` is the numeral behind the first character. */
static Marker numbered(const uint8_t *kinds, Numeral outer, Numeral inner, int plain) {
    if (outer.value) {
        uint8_t after = kinds[outer.width], follow = kinds[outer.width + 1];
        /* 3、4月 and 1.5 are a range and a decimal, 三、四年级 is two years of school */
        int goes_on = is_digit(follow) || (plain == HAN && han_value(follow) > 1);
        if ((after == STOPS || after == PAUSES) && !goes_on)
            return (Marker){plain, outer.value, outer.width + 1, 1};
        if (after == CLOSES)
            return (Marker){plain + 1, outer.value, outer.width + 1, 0};
    }
    if (kinds[0] == OPENS && inner.value && kinds[inner.width + 1] == CLOSES)
        return (Marker){plain + 1, inner.value, inner.width + 2, 1};
    return (Marker){NONE, 0, 0, 1};
}

static Marker marker_at(const uint8_t *kinds) {
    Numeral han = han_at(kinds), inner = han_at(kinds + 1);
    Marker found = numbered(kinds, han, inner, HAN);
    if (found.scheme == NONE)
        found = numbered(kinds, digits_at(kinds), digits_at(kinds + 1), DIGIT);
    if (found.scheme != NONE)
        return found;
    if (han.width && kinds[han.width] == IS_SO)
        return (Marker){IS, han.value, han.width + 1, 1};
    if (kinds[0] == ORDINAL && inner.width && (kinds[inner.width + 1] == COMMAS || kinds[inner.width + 1] == PAUSES))
        return (Marker){NTH, inner.value, inner.width + 2, 1};
    if (kinds[0] > CIRCLES && kinds[0] < OPENS)
        return (Marker){CIRCLED, kinds[0] - CIRCLES, 1, 1};
    return found;
}

PyObject *list_markers(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "list_markers", "u4 u1 i8 I8 I8 I8 U1", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const uint8_t *table = DATA(const uint8_t, taken, 1);
    const int64_t *places = DATA(const int64_t, taken, 2);
    int64_t *schemes = DATA(int64_t, taken, 3), *numbers = DATA(int64_t, taken, 4), *widths = DATA(int64_t, taken, 5);
    uint8_t *opened = DATA(uint8_t, taken, 6);
    int64_t length = items(&taken, 0), count = items(&taken, 2);
    int fits = items(&taken, 1) == 65536;
    for (int argument = 3; argument < 7; argument++)
        fits &= items(&taken, argument) == count;
    for (int64_t n = 0; fits && n < count; n++)
        fits = places[n] >= 0 && places[n] < length;
    if (!fits)
        return refuse(&taken, "list_markers", "a table of 65536, places in the text and room for each are needed");
    for (int64_t n = 0; n < count; n++) {
        uint8_t kinds[REACH + 2] = {0};
        for (int64_t k = 0; k < REACH && places[n] + k < length; k++) {
            uint32_t code = codes[places[n] + k];
            kinds[k] = code < 65536 ? table[code] : 0;
        }
        Marker found = marker_at(kinds);
        schemes[n] = found.scheme;
        numbers[n] = found.number;
        widths[n] = found.width;
        opened[n] = (uint8_t)found.opened;
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}
