/* How unlikely each code point is behind the one or two before it. */
#include "model.h"

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

/* The steps of each right token behind each left one. */
PyObject *cross_steps(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Model model;
    (void)module;
    if (take(&taken, "cross_steps", "i8 i8 " MODEL_FORMS " I2", args, given) != 0)
        return NULL;
    const int64_t *left = DATA(const int64_t, taken, 0), *right = DATA(const int64_t, taken, 1);
    int16_t *found = DATA(int16_t, taken, 6);
    int64_t rows = items(&taken, 0), columns = items(&taken, 1), slot;
    if (!model_of(&model, &taken, 2) || rows > INT32_MAX || columns > INT32_MAX || items(&taken, 6) != rows * columns)
        return refuse(&taken, "cross_steps", "tables or lengths do not fit together");
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t column = 0; column < columns; column++) {
            int steps = steps_of(&model, left[row], right[column], &slot);
            if (steps < 0)
                return refuse(&taken, "cross_steps", "a token or a slot lies outside of the tables");
            *found++ = (int16_t)steps;
        }
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
