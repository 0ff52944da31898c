/* Words that stand twice in a row. */
#include "native.h"

#define SHORTEST 3
#define LONGEST 8

/* Whether the Han character at a place stands again so many places on. */
static inline int again(const uint16_t *codes, int64_t length, int64_t at, int64_t size) {
    return at >= 0 && at + size < length && codes[at] == codes[at + size] && codes[at] >= 0x3400 && codes[at] <= 0x9FFF;
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
    for (int64_t at = 0; at + SHORTEST < length; at += SHORTEST) {
        for (int64_t size = SHORTEST; size <= LONGEST && at + size < length; size++) {
            if (codes[at] != codes[at + size] || !again(codes, length, at, size))
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
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}
