/* Brackets that hold a reading, the text without them, and how many characters of a set each line has. */
#include "native.h"

#include <string.h>

/* Of glosses.py: where the count of letters stands in an entry, and the bits of a letter. */
#define LENGTH 17
#define LETTER_BITS 7

PyObject *bracket_letters(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "bracket_letters", "u2 i8 i8 i4 I8 I4", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const int64_t *opens = DATA(const int64_t, taken, 1), *sizes = DATA(const int64_t, taken, 2);
    const int32_t *table = DATA(const int32_t, taken, 3);
    int64_t *keys = DATA(int64_t, taken, 4), length = items(&taken, 0), count = items(&taken, 1);
    int32_t *sums = DATA(int32_t, taken, 5);
    if (items(&taken, 3) != 65536 || items(&taken, 2) != count || items(&taken, 4) != count || items(&taken, 5) != count)
        return refuse(&taken, "bracket_letters", "a table of 65536 and columns of one length are needed");
    for (int64_t n = 0; n < count; n++) {
        if (opens[n] < 0 || sizes[n] < 0 || opens[n] >= length || sizes[n] >= length - opens[n])
            return refuse(&taken, "bracket_letters", "a bracket lies outside of the text");
        uint64_t key = 0;
        uint32_t sum = 0;
        for (int64_t at = opens[n] + 1; at <= opens[n] + sizes[n]; at++) {
            uint32_t packed = (uint32_t)table[codes[at]];
            sum += packed;
            key = (packed >> LENGTH & 1 ? key << LETTER_BITS : key) | (packed & 127);
        }
        keys[n] = (int64_t)key;
        sums[n] = (int32_t)sum;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

PyObject *without(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "without", "u4 i8 i8 I8 U4", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const int64_t *starts = DATA(const int64_t, taken, 1), *ends = DATA(const int64_t, taken, 2);
    int64_t *kept = DATA(int64_t, taken, 3), length = items(&taken, 0), count = items(&taken, 1), size = 0, begin = 0;
    uint32_t *left = DATA(uint32_t, taken, 4);
    if (items(&taken, 2) != count || items(&taken, 3) != items(&taken, 4) + 1)
        return refuse(&taken, "without", "as many ends as starts, and a place more than codes are needed");
    for (int64_t n = 0; n <= count; n++) {
        int64_t end = n < count ? starts[n] : length;
        if (end < begin || end > length || end - begin > items(&taken, 4) - size)
            return refuse(&taken, "without", "stretches must ascend, and all that is left must fit");
        memcpy(left + size, codes + begin, sizeof(uint32_t) * (size_t)(end - begin));
        for (; begin < end; begin++)
            kept[size++] = begin;
        if (n < count && (ends[n] < end || ends[n] > length))
            return refuse(&taken, "without", "a stretch ends before it begins, or outside of the text");
        begin = n < count ? ends[n] : begin;
    }
    if (size != items(&taken, 4))
        return refuse(&taken, "without", "less is left than there is room for");
    kept[size] = length;
    give_back(&taken);
    Py_RETURN_NONE;
}

PyObject *line_sums(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "line_sums", "u2 i8 u1 I8", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const int64_t *starts = DATA(const int64_t, taken, 1);
    const uint8_t *table = DATA(const uint8_t, taken, 2);
    int64_t *sums = DATA(int64_t, taken, 3), length = items(&taken, 0), lines = items(&taken, 1);
    if (items(&taken, 2) != 65536 || items(&taken, 3) != lines)
        return refuse(&taken, "line_sums", "a table of 65536 and as many sums as lines are needed");
    for (int64_t line = 0; line < lines; line++) {
        int64_t begin = starts[line], end = line + 1 < lines ? starts[line + 1] : length, sum = 0;
        if (begin < 0 || end < begin || end > length)
            return refuse(&taken, "line_sums", "line starts must ascend within the text");
        for (int64_t at = begin; at < end; at++)
            sum += table[codes[at]];
        sums[line] = sum;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
