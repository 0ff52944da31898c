/* Pairs and triples of a page's tokens: their keys, and how often each stands there. */
#include "native.h"

#define TOKEN_BITS 14

PyObject *triple_keys(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "triple_keys", "i8 I8", args, given) != 0)
        return NULL;
    const int64_t *tokens = DATA(const int64_t, taken, 0);
    int64_t *keys = DATA(int64_t, taken, 1), length = items(&taken, 0);
    if (items(&taken, 1) != (length < 2 ? 0 : length - 2))
        return refuse(&taken, "triple_keys", "room for as many triples as there are is needed");
    for (int64_t at = 0; at + 2 < length; at++) {
        uint64_t pair = (uint64_t)tokens[at] << TOKEN_BITS | (uint64_t)tokens[at + 1];
        keys[at] = (int64_t)(pair << TOKEN_BITS | (uint64_t)tokens[at + 2]);
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

PyObject *count_runs(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "count_runs", "i8 I8 I8", args, given) != 0)
        return NULL;
    const int64_t *ordered = DATA(const int64_t, taken, 0);
    int64_t *kinds = DATA(int64_t, taken, 1), *counts = DATA(int64_t, taken, 2), length = items(&taken, 0), found = 0;
    if (items(&taken, 1) != length || items(&taken, 2) != length)
        return refuse(&taken, "count_runs", "room for as many numbers as there are is needed");
    for (int64_t at = 0; at < length; at++) {
        if (!at || ordered[at] != ordered[at - 1]) {
            kinds[found] = ordered[at];
            counts[found++] = 0;
        }
        counts[found - 1]++;
    }
    give_back(&taken);
    return PyLong_FromLongLong(found);
}
