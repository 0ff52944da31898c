/* An entry cut into stretches of a few dozen characters. */
#include "native.h"

#include <math.h>

/* What is being cut: stops behind which sentences end, the Han characters before each, and the spans that were found. */
typedef struct {
    const int64_t *ends, *before;
    int64_t stops, length, least;
    int64_t *spans, room, count;
} Cutting;

/* The first of ascending values between two places that is greater, or the second place. */
static int64_t behind(const int64_t *values, int64_t low, int64_t high, int64_t value) {
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (values[middle] > value)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The first of ascending values between two places that is no less, or the second place. */
static int64_t reaching(const int64_t *values, int64_t low, int64_t high, double value) {
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if ((double)values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Keeps a span where there is room; that there was none shows in the count. */
static void keep(Cutting *cutting, int64_t start, int64_t end) {
    if (cutting->count < cutting->room) {
        cutting->spans[2 * cutting->count] = start;
        cutting->spans[2 * cutting->count + 1] = end;
    }
    cutting->count++;
}

/* Cuts a long line in even pieces; the first begins at `start`, before which `held` Han characters stand. */
static void cut_line(Cutting *cutting, int64_t start, int64_t held, const int64_t *line, const int64_t *sizes) {
    int64_t first = behind(cutting->ends, 0, cutting->stops, line[0]);
    int64_t after = behind(cutting->ends, first, cutting->stops, line[1]), whole = sizes[1] - sizes[0];
    int64_t count = (int64_t)nearbyint((double)whole / (double)cutting->length);
    for (int64_t number = 1; number < count && first < after; number++) {
        double wanted = (double)sizes[0] + (double)(whole * number) / (double)count;
        int64_t at = reaching(cutting->before, first, after, wanted);
        at = at < after ? at : after - 1;
        if (at > first && wanted - (double)cutting->before[at - 1] <= (double)cutting->before[at] - wanted)
            at--;
        int64_t size = cutting->before[at];
        if (size - held >= cutting->least && sizes[1] - size >= cutting->least) {
            keep(cutting, start, cutting->ends[at]);
            start = cutting->ends[at];
            held = size;
        }
    }
    keep(cutting, start, line[1]);
}

PyObject *cut_stretches(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "cut_stretches", "i8 i8 i8 i8 i8 i8 i8 I8", args, given) != 0)
        return NULL;
    const int64_t *starts = DATA(const int64_t, taken, 0), *ends = DATA(const int64_t, taken, 1);
    const int64_t *lows = DATA(const int64_t, taken, 2), *highs = DATA(const int64_t, taken, 3);
    const int64_t *sizes = DATA(const int64_t, taken, 6);
    int64_t lines = items(&taken, 0), start = -1, end = 0, opened = 0, held = 0;
    if (items(&taken, 1) != lines || items(&taken, 2) != lines || items(&taken, 3) != lines ||
        items(&taken, 5) != items(&taken, 4) || items(&taken, 6) != 3 || items(&taken, 7) % 2 || sizes[0] < 1)
        return refuse(&taken, "cut_stretches", "lengths do not fit together");
    Cutting cutting = {DATA(const int64_t, taken, 4), DATA(const int64_t, taken, 5), items(&taken, 4), sizes[0], sizes[1],
                       DATA(int64_t, taken, 7), items(&taken, 7) / 2, 0};
    for (int64_t number = 0; number < lines; number++) {
        int64_t line[2] = {starts[number], ends[number]}, inside[2] = {lows[number], highs[number]};
        if (inside[1] - inside[0] > sizes[2]) {
            if (start >= 0 && inside[0] - opened >= sizes[1]) {
                keep(&cutting, start, end);
                start = -1;
            }
            cut_line(&cutting, start >= 0 ? start : line[0], start >= 0 ? opened : inside[0], line, inside);
            start = -1;
        } else {
            opened = start < 0 ? inside[0] : opened;
            start = start < 0 ? line[0] : start;
            if (inside[1] - opened >= sizes[0]) {
                keep(&cutting, start, line[1]);
                start = -1;
            }
        }
        end = line[1];
        held = inside[1];
    }
    if (start >= 0) {
        if (cutting.count > 0 && cutting.count <= cutting.room && held - opened < sizes[1])
            start = cutting.spans[2 * --cutting.count];
        keep(&cutting, start, end);
    }
    if (cutting.count > cutting.room)
        return refuse(&taken, "cut_stretches", "there is no room for all stretches");
    give_back(&taken);
    return PyLong_FromLongLong(cutting.count);
}
