/* Pairs that a table knows, and sums over windows of a text. */
#include "native.h"

/* Factors of the hash of a pair, as in confusables.py. */
#define FIRST 0x9E3779B1u
#define SECOND 0x85EBCA77u

PyObject *known_pairs(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "known_pairs", "u2 u2 u1 I8", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const uint16_t *fold = DATA(const uint16_t, taken, 1);
    const uint8_t *table = DATA(const uint8_t, taken, 2);
    int64_t *found = DATA(int64_t, taken, 3);
    int64_t length = items(&taken, 0), slots = items(&taken, 2), count = 0;
    int shift = 31;
    while (shift > 0 && slots >> (32 - shift) > 1)
        shift--;
    if (items(&taken, 1) != 65536 || slots != (int64_t)1 << (32 - shift) || items(&taken, 3) < length)
        return refuse(&taken, "known_pairs", "tables or lengths do not fit together");
    uint32_t left = length ? fold[codes[0]] : 0;
    for (int64_t at = 0; at + 1 < length; at++) {
        uint32_t right = fold[codes[at + 1]];
        uint32_t key = left * FIRST + right * SECOND;
        uint8_t check = (uint8_t)key ? (uint8_t)key : 1;
        if (table[key >> shift] == check)
            found[count++] = at;
        left = right;
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

PyObject *window_sums(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "window_sums", "u2 i4 i8 i8 I4", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const int32_t *table = DATA(const int32_t, taken, 1);
    const int64_t *places = DATA(const int64_t, taken, 2);
    int32_t *sums = DATA(int32_t, taken, 4);
    int64_t length = items(&taken, 0), count = items(&taken, 2), low = 0, high = 0;
    int64_t reach = items(&taken, 3) == 1 ? *DATA(const int64_t, taken, 3) : -1;
    if (items(&taken, 1) != 65536 || reach < 0 || reach > 65536 || items(&taken, 4) != count)
        return refuse(&taken, "window_sums", "tables or lengths do not fit together");
    uint32_t sum = 0; /* of codes[low:high]; unsigned, so that it may run over */
    for (int64_t number = 0; number < count; number++) {
        int64_t at = places[number];
        if (at < 0 || at >= length || (number && at < places[number - 1]))
            return refuse(&taken, "window_sums", "places must ascend within the text");
        int64_t first = at > reach ? at - reach : 0, end = length - at > reach + 1 ? at + reach + 1 : length;
        if (first >= high) {
            low = high = first;
            sum = 0;
        }
        while (low < first)
            sum -= (uint32_t)table[codes[low++]];
        while (high < end)
            sum += (uint32_t)table[codes[high++]];
        sums[number] = (int32_t)sum;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

PyObject *heavy_windows(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "heavy_windows", "u2 u2 i8 I8", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0), *table = DATA(const uint16_t, taken, 1);
    const int64_t *asked = DATA(const int64_t, taken, 2);
    int64_t *found = DATA(int64_t, taken, 3);
    int64_t length = items(&taken, 0), count = 0;
    if (items(&taken, 1) != 65536 || items(&taken, 2) != 4 || items(&taken, 3) < length)
        return refuse(&taken, "heavy_windows", "tables or lengths do not fit together");
    int64_t first = asked[0], step = asked[1], width = asked[2], above = asked[3], sum = 0;
    if (first < 0 || step < 1 || width < 1 || first > 65536 || step > 65536 || width > 65536)
        return refuse(&taken, "heavy_windows", "first, step or width is out of bounds");
    int64_t span = step * width;
    for (int64_t at = first; at < length; at += step) {
        sum += table[codes[at]];
        if (at - span >= first)
            sum -= table[codes[at - span]];
        if (at - (span - step) >= first && sum > above)
            found[count++] = at - (span - step);
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}
