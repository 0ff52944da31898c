/* How unlikely each code point is behind the one or two before it. */
#include "model.h"

/* Factors of the hash of three tokens, as in surprisal.py. */
#define FIRST 0xC2B2AE3Du
#define SECOND 0x9E3779B1u
#define THIRD 0x85EBCA77u

static inline int64_t token_of(const uint16_t *tokens, int64_t last, uint32_t code) {
    return tokens[(int64_t)code < last ? code : last];
}

PyObject *surprise(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Model model;
    (void)module;
    if (take(&taken, "surprise", "u4 u2 " MODEL_FORMS " F4", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const uint16_t *tokens = DATA(const uint16_t, taken, 1);
    float *bits = DATA(float, taken, 6);
    int64_t length = items(&taken, 0), last = items(&taken, 1) - 1, slot;
    if (!model_of(&model, &taken, 2) || last < 0 || items(&taken, 6) != length)
        return refuse(&taken, "surprise", "tables or lengths do not fit together");
    int64_t left = LINE;
    for (int64_t at = 0; at < length; at++) {
        int64_t right = token_of(tokens, last, codes[at]);
        int steps = steps_of(&model, left, right, &slot);
        if (steps < 0)
            return refuse(&taken, "surprise", "a token or a slot lies outside of the tables");
        bits[at] = (float)steps * STEP;
        left = right;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

PyObject *steps_at(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Model model;
    (void)module;
    if (take(&taken, "steps_at", "u2 i8 i8 u2 " MODEL_FORMS " I4", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0), *tokens = DATA(const uint16_t, taken, 3);
    const int64_t *places = DATA(const int64_t, taken, 1), *reach = DATA(const int64_t, taken, 2);
    int32_t *sums = DATA(int32_t, taken, 8);
    int64_t length = items(&taken, 0), count = items(&taken, 1), last = items(&taken, 3) - 1, slot;
    if (!model_of(&model, &taken, 4) || last < 0 || items(&taken, 2) != 1 || *reach < 0 || *reach > 65536 ||
        items(&taken, 8) != count)
        return refuse(&taken, "steps_at", "tables or lengths do not fit together");
    for (int64_t number = 0; number < count; number++) {
        int64_t at = places[number];
        if (at < 0 || at >= length)
            return refuse(&taken, "steps_at", "places must lie within the text");
        int64_t left = at ? token_of(tokens, last, codes[at - 1]) : LINE;
        sums[number] = 0;
        for (int64_t end = at + *reach; at <= end; at++) { /* line breaks stand outside of the text */
            int64_t right = at < length ? token_of(tokens, last, codes[at]) : LINE;
            int steps = steps_of(&model, left, right, &slot);
            if (steps < 0)
                return refuse(&taken, "steps_at", "a token or a slot lies outside of the tables");
            sums[number] += steps;
            left = right;
        }
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

/* Steps of the third token behind two others: the triple's where it is known, else the pair's, backed off. */
static inline int steps_behind_two(const uint16_t *triples, int shift, const int64_t *three, int backed) {
    uint32_t first = (uint32_t)(three[1] == LINE ? LINE : three[0]);
    uint32_t mixed = first * FIRST + (uint32_t)three[1] * SECOND + (uint32_t)three[2] * THIRD;
    mixed ^= mixed >> 15;
    mixed *= 0x2C1B3C6Du;
    uint16_t entry = triples[mixed >> shift];
    return (entry >> 8) == (uint8_t)mixed ? (entry & 0xFF) : backed;
}

/* By how many bits a hash is shifted to fall into a table of so many slots; -1 where they are no power of two. */
static int shift_of(int64_t slots) {
    for (int bits = 1; bits < 32; bits++)
        if (slots == (int64_t)1 << bits)
            return 32 - bits;
    return -1;
}

PyObject *surprise_deep(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Model model;
    (void)module;
    if (take(&taken, "surprise_deep", "u4 u2 " MODEL_FORMS " u1 u2 F4", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const uint16_t *tokens = DATA(const uint16_t, taken, 1), *triples = DATA(const uint16_t, taken, 7);
    const uint8_t *after = DATA(const uint8_t, taken, 6);
    float *bits = DATA(float, taken, 8);
    int64_t length = items(&taken, 0), last = items(&taken, 1) - 1, slot;
    int shift = shift_of(items(&taken, 7));
    if (!model_of(&model, &taken, 2) || last < 0 || items(&taken, 6) != model.slots || shift < 0 ||
        items(&taken, 8) != length)
        return refuse(&taken, "surprise_deep", "tables or lengths do not fit together");
    int64_t three[3] = {LINE, LINE, LINE};
    int steps = steps_of(&model, LINE, LINE, &slot);
    for (int64_t at = 0; steps >= 0 && at < length; at++) {
        int backing = (slot < 0 ? BACKOFF_ZERO : after[slot]) - BACKOFF_ZERO;
        three[0] = three[1];
        three[1] = three[2];
        three[2] = token_of(tokens, last, codes[at]);
        steps = steps_of(&model, three[1], three[2], &slot);
        if (steps < 0)
            break;
        int backed = steps + backing > 0 ? steps + backing : 0;
        bits[at] = (float)steps_behind_two(triples, shift, three, backed) * STEP;
    }
    if (steps < 0)
        return refuse(&taken, "surprise_deep", "a token or a slot lies outside of the tables");
    give_back(&taken);
    Py_RETURN_NONE;
}
