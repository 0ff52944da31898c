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

/* The second checks of a pair and of a triple of tokens, as in surprisal.py. */
static inline uint8_t pair_check(int64_t left, int64_t right) {
    uint32_t mixed = (uint32_t)left * FIRST + (uint32_t)right * SECOND;
    mixed ^= mixed >> 15;
    return (uint8_t)((mixed * 0x2C1B3C6Du) >> 24);
}

static inline uint8_t triple_check(const int64_t *three) {
    uint32_t first = (uint32_t)(three[1] == LINE ? LINE : three[0]);
    uint32_t mixed = first * THIRD + (uint32_t)three[1] * 0x27D4EB2Fu + (uint32_t)three[2] * 0x165667B1u;
    mixed ^= mixed >> 13;
    return (uint8_t)((mixed * SECOND) >> 24);
}

/* Steps of a token behind another, as `steps_of` tells, where the pair's second check fits. */
static inline int checked_steps(const Model *model, const uint8_t *checks, int64_t left, int64_t right, int64_t *slot) {
    int steps = steps_of(model, left, right, slot);
    if (steps < 0 || *slot < 0 || checks[*slot] == pair_check(left, right))
        return steps;
    *slot = -1;
    return model->alone[right] + model->backoff[left];
}

/* Bits of each code behind the two before it; with second checks of pairs and triples none is taken for another. */
static PyObject *deepened(const char *name, const char *forms, int checked, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Model model;
    if (take(&taken, name, forms, args, given) != 0)
        return NULL;
    int end = checked ? 10 : 8;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const uint16_t *tokens = DATA(const uint16_t, taken, 1), *triples = DATA(const uint16_t, taken, 7);
    const uint8_t *after = DATA(const uint8_t, taken, 6);
    const uint8_t *of_pairs = checked ? DATA(const uint8_t, taken, 8) : NULL;
    const uint8_t *of_triples = checked ? DATA(const uint8_t, taken, 9) : NULL;
    float *bits = DATA(float, taken, end);
    int64_t length = items(&taken, 0), last = items(&taken, 1) - 1, slot;
    int shift = shift_of(items(&taken, 7));
    if (!model_of(&model, &taken, 2) || last < 0 || items(&taken, 6) != model.slots || shift < 0 ||
        items(&taken, end) != length ||
        (checked && (items(&taken, 8) != model.slots || items(&taken, 9) != items(&taken, 7))))
        return refuse(&taken, name, "tables or lengths do not fit together");
    int64_t three[3] = {LINE, LINE, LINE};
    int steps = checked ? checked_steps(&model, of_pairs, LINE, LINE, &slot) : steps_of(&model, LINE, LINE, &slot);
    for (int64_t at = 0; steps >= 0 && at < length; at++) {
        int backing = (slot < 0 ? BACKOFF_ZERO : after[slot]) - BACKOFF_ZERO;
        three[0] = three[1];
        three[1] = three[2];
        three[2] = token_of(tokens, last, codes[at]);
        steps = checked ? checked_steps(&model, of_pairs, three[1], three[2], &slot)
                        : steps_of(&model, three[1], three[2], &slot);
        if (steps < 0)
            break;
        int backed = steps + backing > 0 ? steps + backing : 0;
        if (checked && of_triples[triple_slot(shift, three)] != triple_check(three))
            bits[at] = (float)backed * STEP;
        else
            bits[at] = (float)steps_behind_two(triples, shift, three, backed) * STEP;
    }
    if (steps < 0)
        return refuse(&taken, name, "a token or a slot lies outside of the tables");
    give_back(&taken);
    Py_RETURN_NONE;
}

PyObject *surprise_deep(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    (void)module;
    return deepened("surprise_deep", "u4 u2 " MODEL_FORMS " u1 u2 F4", 0, args, given);
}

PyObject *surprise_checked(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    (void)module;
    return deepened("surprise_checked", "u4 u2 " MODEL_FORMS " u1 u2 u1 u1 F4", 1, args, given);
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
