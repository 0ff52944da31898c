/* Where characters of some classes stand, read off a table in one sweep. */
#include "native.h"

#define BLOCK 16   /* codes */
#define STRETCH 64 /* kinds */

/* Adds where LF and CR stand; returns how many there are now. */
static inline int64_t add_breaks(const uint32_t *codes, int64_t at, int64_t end, int64_t *places, int64_t count) {
    for (; at < end; at++)
        if (codes[at] == '\n' || codes[at] == '\r')
            places[count++] = at;
    return count;
}

/* Codes in 16 bits, those beyond as the last one; whether a line break may be among them. */
WIDER static uint32_t narrow_block(const uint32_t *codes, uint16_t *close) {
    uint32_t low = 0;
    for (int64_t at = 0; at < BLOCK; at++) {
        close[at] = (uint16_t)(codes[at] < 0xFFFF ? codes[at] : 0xFFFF);
        low |= codes[at] <= '\r';
    }
    return low;
}

PyObject *narrowed(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "narrowed", "u4 U2 I8", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    uint16_t *close = DATA(uint16_t, taken, 1);
    int64_t *breaks = DATA(int64_t, taken, 2), length = items(&taken, 0), count = 0, at = 0;
    if (items(&taken, 1) != length || items(&taken, 2) < length)
        return refuse(&taken, "narrowed", "room for all codes is needed");
    for (; at + BLOCK <= length; at += BLOCK)
        if (narrow_block(codes + at, close + at)) /* most blocks hold no line break */
            count = add_breaks(codes, at, at + BLOCK, breaks, count);
    count = add_breaks(codes, at, length, breaks, count);
    for (; at < length; at++)
        close[at] = (uint16_t)(codes[at] < 0xFFFF ? codes[at] : 0xFFFF);
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

PyObject *select_by(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "select_by", "u2 u1 I8 U1", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const uint8_t *table = DATA(const uint8_t, taken, 1);
    int64_t *places = DATA(int64_t, taken, 2), length = items(&taken, 0), count = 0;
    uint8_t *values = DATA(uint8_t, taken, 3);
    if (items(&taken, 1) != 65536 || items(&taken, 2) < length || items(&taken, 3) < length)
        return refuse(&taken, "select_by", "a table of 65536 and room for all codes are needed");
    for (int64_t at = 0; at < length; at++) { /* what is not selected is written over */
        uint8_t value = table[codes[at]];
        places[count] = at;
        values[count] = value;
        count += value != 0;
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

PyObject *with_bit(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "with_bit", "i8 u1 u1 I8", args, given) != 0)
        return NULL;
    const int64_t *places = DATA(const int64_t, taken, 0);
    const uint8_t *kinds = DATA(const uint8_t, taken, 1);
    int64_t *found = DATA(int64_t, taken, 3), length = items(&taken, 0), count = 0;
    if (items(&taken, 1) != length || items(&taken, 2) != 1 || items(&taken, 3) < length)
        return refuse(&taken, "with_bit", "a mask and room for all places are needed");
    uint8_t mask = *DATA(const uint8_t, taken, 2);
    for (int64_t at = 0; at < length; at++) { /* what lacks it is written over */
        found[count] = places[at];
        count += (kinds[at] & mask) != 0;
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

PyObject *classify(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "classify", "u2 u1 u1 U1 I8 U2", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const uint8_t *table = DATA(const uint8_t, taken, 1);
    uint8_t *kinds = DATA(uint8_t, taken, 3);
    int64_t *places = DATA(int64_t, taken, 4), length = items(&taken, 0), count = 0;
    uint16_t *found = DATA(uint16_t, taken, 5);
    if (items(&taken, 1) != 65536 || items(&taken, 2) != 1 || items(&taken, 3) != length ||
        items(&taken, 4) < length || items(&taken, 5) < length)
        return refuse(&taken, "classify", "a table of 65536, a mask and room for all codes are needed");
    uint8_t mask = *DATA(const uint8_t, taken, 2);
    for (int64_t at = 0; at < length; at++) {
        uint16_t code = codes[at];
        uint8_t kind = kinds[at] = table[code];
        places[count] = at;
        found[count] = code;
        count += (kind & mask) != 0;
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

PyObject *sort_by_slot(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "sort_by_slot", "i8 u2 u1 I8 I8 U2", args, given) != 0)
        return NULL;
    const int64_t *places = DATA(const int64_t, taken, 0);
    const uint16_t *codes = DATA(const uint16_t, taken, 1);
    const uint8_t *slots = DATA(const uint8_t, taken, 2);
    int64_t *sorted = DATA(int64_t, taken, 3), *first = DATA(int64_t, taken, 4);
    uint16_t *others = DATA(uint16_t, taken, 5);
    int64_t count = items(&taken, 0), next[256] = {0};
    if (items(&taken, 1) != count || items(&taken, 2) != 65536 || items(&taken, 3) != count ||
        items(&taken, 4) != 257 || items(&taken, 5) < count)
        return refuse(&taken, "sort_by_slot", "tables or lengths do not fit together");
    for (int64_t at = 0; at < count; at++)
        next[slots[codes[at]]]++;
    first[0] = 0;
    for (int slot = 0; slot < 256; slot++) {
        first[slot + 1] = first[slot] + next[slot];
        next[slot] = first[slot];
    }
    for (int64_t at = 0; at < count; at++) {
        uint8_t slot = slots[codes[at]];
        if (slot == 0)
            others[next[0]] = codes[at];
        sorted[next[slot]++] = places[at];
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

/* How many of the kinds have a bit of the mask. */
static inline int64_t count_of(const uint8_t *kinds, int64_t at, int64_t end, uint8_t mask) {
    int64_t total = 0;
    while (at < end) { /* few enough at a time for a byte */
        int64_t stop = end - at < 255 ? end : at + 255;
        uint8_t some = 0;
        for (; at < stop; at++)
            some += (kinds[at] & mask) != 0;
        total += some;
    }
    return total;
}

PyObject *line_counts(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "line_counts", "u1 i8 u1 I8 I8", args, given) != 0)
        return NULL;
    const uint8_t *kinds = DATA(const uint8_t, taken, 0), *masks = DATA(const uint8_t, taken, 2);
    const int64_t *starts = DATA(const int64_t, taken, 1);
    int64_t *one = DATA(int64_t, taken, 3), *other = DATA(int64_t, taken, 4);
    int64_t length = items(&taken, 0), lines = items(&taken, 1);
    if (items(&taken, 2) != 2 || items(&taken, 3) != lines || items(&taken, 4) != lines)
        return refuse(&taken, "line_counts", "two masks and as many counts as lines are needed");
    for (int64_t line = 0; line < lines; line++) {
        int64_t begin = starts[line], end = line + 1 < lines ? starts[line + 1] : length;
        if (begin < 0 || end < begin || end > length)
            return refuse(&taken, "line_counts", "line starts must ascend within the text");
        one[line] = count_of(kinds, begin, end, masks[0]);
        other[line] = count_of(kinds, begin, end, masks[1]);
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

/* Adds the places of either of two kinds in the run of one that holds a place; moves the place to the run's end. */
static int64_t add_run(
    const uint8_t *kinds, int64_t length, const uint8_t *masks, int64_t *place, int64_t *places, int64_t count) {
    int64_t begin = *place, end = *place;
    while (begin > 0 && (kinds[begin - 1] & masks[0]))
        begin--;
    while (end < length && (kinds[end] & masks[0]))
        end++;
    for (int64_t at = begin; at < end; at++)
        if (kinds[at] & (masks[1] | masks[2]))
            places[count++] = at;
    *place = end;
    return count;
}

/* The bits that any of the kinds has. */
static inline uint8_t any_of(const uint8_t *kinds, int64_t at, int64_t end) {
    uint8_t bits = 0;
    for (; at < end; at++)
        bits |= kinds[at];
    return bits;
}

PyObject *mixed_runs(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "mixed_runs", "u1 u1 I8", args, given) != 0)
        return NULL;
    const uint8_t *kinds = DATA(const uint8_t, taken, 0), *masks = DATA(const uint8_t, taken, 1);
    int64_t *places = DATA(int64_t, taken, 2), length = items(&taken, 0), count = 0;
    if (items(&taken, 1) != 3 || items(&taken, 2) < length)
        return refuse(&taken, "mixed_runs", "three masks and room for all kinds are needed");
    uint8_t seen = 0, both = masks[1] | masks[2]; /* what the run that goes on at a place holds before it */
    for (int64_t at = 0; at < length;) {
        int64_t end = length - at < STRETCH ? length : at + STRETCH;
        if (((any_of(kinds, at, end) | seen) & both) != both) { /* as nearly all */
            int64_t back = end;
            uint8_t last = 0;
            for (; back > at && (kinds[back - 1] & masks[0]); back--)
                last |= kinds[back - 1] & both;
            seen = back > at ? last : seen | last;
            at = end;
            continue;
        }
        for (; at < end; at++) {
            seen = kinds[at] & masks[0] ? seen | (kinds[at] & both) : 0;
            if (seen == both) {
                count = add_run(kinds, length, masks, &at, places, count);
                seen = 0;
            }
        }
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}
