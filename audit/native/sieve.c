/* The sieve: one look-up per code point, one OR per line; and which lines places stand in. */
#include "native.h"

PyObject *line_bits(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "line_bits", "u2 i8 u8 U8", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0);
    const int64_t *starts = DATA(const int64_t, taken, 1);
    const uint64_t *table = DATA(const uint64_t, taken, 2);
    uint64_t *bits = DATA(uint64_t, taken, 3);
    int64_t length = items(&taken, 0), lines = items(&taken, 1);
    if (items(&taken, 2) != 65536 || items(&taken, 3) != lines)
        return refuse(&taken, "line_bits", "a table of 65536 and as many bits as lines are needed");
    for (int64_t line = 0; line < lines; line++) {
        int64_t begin = starts[line], end = line + 1 < lines ? starts[line + 1] : length;
        if (begin < 0 || end < begin || end > length)
            return refuse(&taken, "line_bits", "line starts must ascend within the text");
        uint64_t seen = bits[line];
        for (int64_t at = begin; at < end; at++)
            seen |= table[codes[at]];
        bits[line] = seen;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

PyObject *line_numbers(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "line_numbers", "i8 i8 I8", args, given) != 0)
        return NULL;
    const int64_t *starts = DATA(const int64_t, taken, 0), *places = DATA(const int64_t, taken, 1);
    int64_t *numbers = DATA(int64_t, taken, 2), lines = items(&taken, 0), count = items(&taken, 1), line = -1;
    if (items(&taken, 2) != count)
        return refuse(&taken, "line_numbers", "as many numbers as places are needed");
    for (int64_t number = 0; number < count; number++) {
        if (number && places[number] < places[number - 1])
            line = -1; /* back to the first line; places that ascend are found in one walk */
        while (line + 1 < lines && starts[line + 1] <= places[number])
            line++;
        numbers[number] = line;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
