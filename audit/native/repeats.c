/* Keys of passages, by which those that stand again are found. */
#include "native.h"

#define PRIME 0x9E3779B97F4A7C15ULL
#define KEY 16 /* code points */

PyObject *passage_keys(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "passage_keys", "u4 i8 i8 U8", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const int64_t *starts = DATA(const int64_t, taken, 1), *ends = DATA(const int64_t, taken, 2);
    uint64_t *keys = DATA(uint64_t, taken, 3);
    int64_t length = items(&taken, 0), passages = items(&taken, 1);
    if (items(&taken, 2) != passages || items(&taken, 3) != passages)
        return refuse(&taken, "passage_keys", "as many ends and keys as starts are needed");
    for (int64_t number = 0; number < passages; number++) {
        if (starts[number] < 0 || ends[number] > length)
            return refuse(&taken, "passage_keys", "a passage must lie within the text");
        uint64_t key = keys[number];
        for (int64_t at = starts[number]; at < ends[number] && at < starts[number] + KEY; at++)
            key = (key + codes[at]) * PRIME;
        keys[number] = key;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
