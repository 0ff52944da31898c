/* Words that stand twice in a row, and marks between neighbours of some kinds. */
#include "native.h"

#define SHORTEST 3
#define LONGEST 8

/* Whether the Han character at a place stands again so many places on. */
static inline int again(const uint16_t *codes, int64_t length, int64_t at, int64_t size) {
    return at >= 0 && at + size < length && codes[at] == codes[at + size] && codes[at] >= 0x3400 && codes[at] <= 0x9FFF;
}

/* Whether the character stands again three to eight places on. */
static inline int any_again(const uint16_t *codes) {
    int found = 0;
    for (int size = SHORTEST; size <= LONGEST; size++)
        found |= codes[0] == codes[size];
    return found;
}

/* Adds the words about a place that stand again right behind; returns how many there are now. */
static int64_t add_words(
    const uint16_t *codes, int64_t length, int64_t at, int64_t *places, int64_t *sizes, int64_t count) {
    for (int64_t size = SHORTEST; size <= LONGEST; size++) {
        if (!again(codes, length, at, size))
            continue;
        int64_t first = at, end = at + 1;
        while (end - at <= LONGEST && again(codes, length, end, size))
            end++;
        while (at - first < SHORTEST && again(codes, length, first - 1, size))
            first--;
        if (at - first < SHORTEST && end - first == size) { /* farther back it was told before */
            places[count] = first;
            sizes[count++] = size;
        }
    }
    return count;
}

PyObject *twice_in_a_row(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "twice_in_a_row", "u2 I8 I8", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    int64_t *places = DATA(int64_t, taken, 1), *sizes = DATA(int64_t, taken, 2);
    int64_t length = items(&taken, 0), count = 0;
    if (items(&taken, 1) < length * 2 || items(&taken, 2) < length * 2)
        return refuse(&taken, "twice_in_a_row", "room for two words of each code is needed");
    /* every word of three or more holds a place that three divides: only from there the others are looked at */
    for (int64_t at = 0; at + SHORTEST < length; at += SHORTEST)
        if (at + LONGEST >= length || any_again(codes + at))
            count = add_words(codes, length, at, places, sizes, count);
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

/* Whether a table of so many says yes of the code at a place; one of none is not asked, and outside of the text nothing stands. */
static inline int fits(const uint8_t *table, int64_t asked, const uint16_t *codes, int64_t length, int64_t at) {
    return !asked || (at >= 0 && at < length && table[codes[at]]);
}

PyObject *flanked(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "flanked", "u2 i8 u1 u1 I8", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const int64_t *places = DATA(const int64_t, taken, 1);
    const uint8_t *before = DATA(const uint8_t, taken, 2), *after = DATA(const uint8_t, taken, 3);
    int64_t *found = DATA(int64_t, taken, 4), length = items(&taken, 0), asked = items(&taken, 1), count = 0;
    int64_t left = items(&taken, 2), right = items(&taken, 3);
    if ((left && left != 65536) || (right && right != 65536) || items(&taken, 4) < asked)
        return refuse(&taken, "flanked", "tables of 65536 or none and room for all places are needed");
    for (int64_t number = 0; number < asked; number++) {
        int64_t at = places[number];
        if (fits(before, left, codes, length, at - 1) && fits(after, right, codes, length, at + 1))
            found[count++] = at;
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}
