/* What the contexts of characters say of the forms that they were merged from; the twin of `votes` of variants.py. */
#include "native.h"

#define FORMS 4
#define CONTEXTS 5
static const int CONTEXT[CONTEXTS][2] = {{1, 2}, {0, 1}, {2, 3}, {1, 1}, {2, 2}}; /* of the four neighbours, two on each side */

/* Adds what one context says to the weights of the forms. */
static void add_vote(const uint16_t *cells, uint64_t size, uint64_t key, float *weights) {
    key *= 0x9E3779B97F4A7C15u;
    key ^= key >> 29;
    uint16_t cell = cells[key >> 20 & (size - 1)];
    uint16_t tag = key >> 48 & 0xFF;
    if (cell >> 8 == (tag ? tag : 1))
        weights[cell & 3] += (float)(cell >> 2 & 63) / 4.0f;
}

PyObject *form_votes(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "form_votes", "u4 i8 u2 u4 u2 F4", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0), *families = DATA(const uint32_t, taken, 3);
    const int64_t *places = DATA(const int64_t, taken, 1);
    const uint16_t *fold = DATA(const uint16_t, taken, 2), *cells = DATA(const uint16_t, taken, 4);
    float *weights = DATA(float, taken, 5);
    int64_t length = items(&taken, 0), count = items(&taken, 1), size = items(&taken, 4);
    if (items(&taken, 2) != 65536 || items(&taken, 3) != count || items(&taken, 5) != FORMS * count)
        return refuse(&taken, "form_votes", "a table of 65536, a family and four weights for each place are needed");
    if (size < 1 || (size & (size - 1)))
        return refuse(&taken, "form_votes", "a power of two of cells is needed");
    for (int64_t n = 0; n < count; n++) {
        uint64_t near[4], base = (uint64_t)families[n] << 40;
        if (places[n] < 0 || places[n] >= length)
            return refuse(&taken, "form_votes", "a place lies outside of the text");
        for (int step = 0; step < 4; step++) {
            int64_t at = places[n] + step - (step < 2 ? 2 : 1);
            uint32_t code = at < 0 || at >= length ? 0 : codes[at];
            near[step] = at < 0 || at >= length ? 0 : fold[code < 65535 ? code : 65535];
        }
        for (int kind = 0; kind < CONTEXTS; kind++) {
            uint64_t key = base | near[CONTEXT[kind][0]] << 24 | near[CONTEXT[kind][1]] << 8 | (uint64_t)kind;
            add_vote(cells, (uint64_t)size, key, weights + FORMS * n);
        }
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
