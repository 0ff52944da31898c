/* What stood in the holes of misread text: a beam over the characters that fit. The twin is `_search` in audit/restore/fill.py. */
#include "model.h"

#include <stdlib.h>

#define WIDTH 24
#define LOOKED_AT (3 * WIDTH)
#define DEEP_STEPS 10.0

typedef struct {
    Model model;
    const uint8_t *after;
    const uint16_t *triples;
    int shift;
} Deep;

/* The beginnings that are kept: their last two tokens and their bits. */
typedef struct {
    int size;
    int64_t one[WIDTH], two[WIDTH];
    double bits[WIDTH];
} Kept;

/* A beginning and the option that it goes on with. */
typedef struct {
    double cost;
    int parent, chosen;
} Pick;

/* The characters of one slot. */
typedef struct {
    const int64_t *tokens;
    const float *bits;
    int64_t size;
} Options;

/* Puts a pick among the least, ascending; of equal ones the first stays first. */
static int keep(Pick *least, int size, int width, Pick pick) {
    int at = size;
    if (size == width) {
        if (pick.cost >= least[size - 1].cost)
            return size;
        at = size - 1;
    }
    for (; at > 0 && least[at - 1].cost > pick.cost; at--)
        least[at] = least[at - 1];
    least[at] = pick;
    return size < width ? size + 1 : size;
}

/* The picks that pairs of characters leave, in order; -1 where a token is none. */
static int near_of(const Deep *deep, const Kept *kept, const Options *options, Pick *near) {
    int size = 0, all = kept->size * options->size <= LOOKED_AT;
    int64_t slot;
    for (int parent = 0; parent < kept->size; parent++) {
        for (int64_t chosen = 0; chosen < options->size; chosen++) {
            Pick pick = {0.0, parent, (int)chosen};
            if (all) {
                near[size++] = pick;
                continue;
            }
            int steps = steps_of(&deep->model, kept->two[parent], options->tokens[chosen], &slot);
            if (steps < 0)
                return -1;
            pick.cost = steps + DEEP_STEPS * (kept->bits[parent] + (double)options->bits[chosen]);
            size = keep(near, size, LOOKED_AT, pick);
        }
    }
    return size;
}

/* Steps of a token behind two others; -1 where one is none. */
static int deep_steps(const Deep *deep, const int64_t *three) {
    int64_t before, slot;
    if (steps_of(&deep->model, three[0], three[1], &before) < 0)
        return -1;
    int steps = steps_of(&deep->model, three[1], three[2], &slot);
    if (steps < 0)
        return -1;
    int backed = steps + (before < 0 ? BACKOFF_ZERO : deep->after[before]) - BACKOFF_ZERO;
    return steps_behind_two(deep->triples, deep->shift, three, backed > 0 ? backed : 0);
}

/* Goes on by one slot, and tells the parents and the options of what is kept; 0 where a token is none. */
static int extend(const Deep *deep, Kept *kept, const Options *options, Pick *best) {
    Pick near[LOOKED_AT];
    Kept grown;
    int count = near_of(deep, kept, options, near), size = 0;
    for (int number = 0; number < count; number++) {
        Pick pick = near[number];
        int64_t three[3] = {kept->one[pick.parent], kept->two[pick.parent], options->tokens[pick.chosen]};
        int steps = deep_steps(deep, three);
        if (steps < 0)
            return 0;
        pick.cost = kept->bits[pick.parent] + (double)options->bits[pick.chosen] + (double)((float)steps * STEP);
        if (count <= WIDTH) /* all are kept, as they come */
            best[size++] = pick;
        else
            size = keep(best, size, WIDTH, pick);
    }
    grown.size = size;
    for (int number = 0; number < size; number++) {
        grown.one[number] = kept->two[best[number].parent];
        grown.two[number] = options->tokens[best[number].chosen];
        grown.bits[number] = best[number].cost;
    }
    *kept = grown;
    return count > 0;
}

/* Writes the texts that the kept picks of each slot come to, a row each. */
static void write_texts(const Pick *picks, const uint32_t *codes, const int64_t *sizes, int64_t slots, int size, uint32_t *texts) {
    int at[WIDTH];
    for (int row = 0; row < size; row++)
        at[row] = row;
    for (int64_t slot = 0; slot < slots; slot++)
        codes += sizes[slot];
    for (int64_t slot = slots - 1; slot >= 0; slot--) {
        codes -= sizes[slot];
        for (int row = 0; row < size; row++) {
            const Pick *pick = &picks[slot * WIDTH + at[row]];
            texts[row * slots + slot] = codes[pick->chosen];
            at[row] = pick->parent;
        }
    }
}

/* codes, tokens, bits of all options, sizes of the slots, the two tokens before; the model; out: texts of WIDTH rows */
PyObject *fill_holes(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Deep deep;
    (void)module;
    if (take(&taken, "fill_holes", "u4 i8 f4 i8 i8 " MODEL_FORMS " u1 u2 U4", args, given) != 0)
        return NULL;
    const int64_t *sizes = DATA(const int64_t, taken, 3), *before = DATA(const int64_t, taken, 4);
    int64_t slots = items(&taken, 3), room = items(&taken, 0);
    deep.after = DATA(const uint8_t, taken, 9);
    deep.triples = DATA(const uint16_t, taken, 10);
    deep.shift = shift_of(items(&taken, 10));
    if (!model_of(&deep.model, &taken, 5) || deep.shift < 0 || items(&taken, 9) != deep.model.slots ||
        items(&taken, 4) != 2 || items(&taken, 1) != room || items(&taken, 2) != room ||
        items(&taken, 11) != WIDTH * slots)
        return refuse(&taken, "fill_holes", "tables or lengths do not fit together");
    for (int64_t slot = 0; slot < slots; slot++)
        if (sizes[slot] < 1 || (room -= sizes[slot]) < 0)
            return refuse(&taken, "fill_holes", "every slot needs its options");
    Pick *picks = calloc((size_t)(slots ? slots : 1) * WIDTH, sizeof *picks);
    if (picks == NULL) {
        give_back(&taken);
        return PyErr_NoMemory();
    }
    Kept kept = {1, {before[0]}, {before[1]}, {0.0}};
    Options options = {DATA(const int64_t, taken, 1), DATA(const float, taken, 2), 0};
    int fits = 1;
    for (int64_t slot = 0; fits && slot < slots; slot++) {
        options.size = sizes[slot];
        fits = extend(&deep, &kept, &options, picks + slot * WIDTH);
        options.tokens += sizes[slot];
        options.bits += sizes[slot];
    }
    if (fits)
        write_texts(picks, DATA(const uint32_t, taken, 0), sizes, slots, kept.size, DATA(uint32_t, taken, 11));
    free(picks);
    if (!fits)
        return refuse(&taken, "fill_holes", "a token or a slot lies outside of the tables");
    give_back(&taken);
    return PyLong_FromLong(kept.size);
}
