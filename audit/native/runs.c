/* Where misread bytes begin and end. The twins are `_explain` in audit/restore/lattice.py and `_aligned` in audit/restore/runs.py. */
#include "cuts.h"

#include <stdlib.h>
#include <string.h>

#define REACH_BACK 12
#define MAX_STARTS 8
#define ALIGNMENTS 2
#define LONG_GAIN 2000.0
#define HOLE_BITS 14.0
#define NO_CHARACTER_BITS 40.0

/* The stretch of a run that gains most: from which character to which. */
typedef struct {
    double gain;
    int first, last;
} Rich;

/* A way to cut what begins somewhere, and its richest stretch. */
typedef struct {
    Rich rich;
    int64_t start;
    PyObject *path;
} Aligned;

static double slot_bits(const Search *search, const Slot *slot) {
    if (slot->lost)
        return HOLE_BITS;
    double bits = bits_of(search, slot);
    return bits < 0 ? NO_CHARACTER_BITS : bits;
}

/* The richest stretch of a cut that begins at a character; marks where its characters begin. `stood`: bits of each that stands there. */
static Rich richest(const Search *search, const Cut *cut, const int64_t *order, int64_t start, const double *stood,
                    uint8_t *seen) {
    Rich best = {0.0, 0, 0};
    double total = 0.0;
    int first = 0, upto = 0;
    for (int number = 0; number < cut->slots; number++) {
        const Slot *slot = &search->pool[order[number]];
        double bits = 0.0;
        seen[start + slot->start] = 1;
        if (total <= 0) {
            total = 0.0;
            first = number;
        }
        for (int at = upto > slot->start ? upto : slot->start; at < slot->end; at++)
            bits += stood[start + at];
        total += bits - slot_bits(search, slot);
        upto = slot->end;
        if (total > best.gain && slot->size > 1)
            best = (Rich){total, first, number + 1};
    }
    return best;
}

/* Puts an alignment among the richest; of equal ones the first stays first. 0 without memory. */
static int keep(Aligned *kept, const Search *search, const Cut *cut, Rich rich, int64_t start) {
    int at = ALIGNMENTS;
    while (at > 0 && (kept[at - 1].path == NULL || kept[at - 1].rich.gain < rich.gain))
        at--;
    if (at == ALIGNMENTS)
        return 1;
    PyObject *path = told_of(search, cut);
    if (path == NULL)
        return 0;
    Py_XDECREF(kept[ALIGNMENTS - 1].path);
    memmove(kept + at + 1, kept + at, (size_t)(ALIGNMENTS - 1 - at) * sizeof *kept);
    kept[at] = (Aligned){rich, start, path};
    return 1;
}

/* Looks at what begins with a character. 1 where it gains enough to look no further, 0 where not, -1 without memory. */
static int look(Search *search, int64_t start, const double *stood, uint8_t *seen, Aligned *kept, int64_t *looked) {
    Cuts best = {0};
    int64_t far = 0, stop = run_of(search, start, &best, &far);
    *looked = far > *looked ? far : *looked;
    if (stop < 0)
        return stop == FAILED ? -1 : 0;
    int64_t *order = order_of(search, &best.each[0]);
    if (order == NULL)
        return -1;
    Rich rich = richest(search, &best.each[0], order, start, stood, seen);
    free(order);
    if (rich.gain > 0 && !keep(kept, search, &best.each[0], rich, start))
        return -1;
    return rich.gain > LONG_GAIN;
}

/* Looks at every beginning before the first odd characters of `first:last`. 0 without memory. */
static int look_all(Search *search, const uint8_t *odd, int64_t first, int64_t last, const double *stood, Aligned *kept,
                    int64_t *looked) {
    uint8_t *seen = calloc((size_t)search->length + 1, 1);
    int done = seen == NULL ? -1 : 0, starts = 0;
    int64_t reach = 0;
    for (int64_t at = first; !done && at < last && starts < MAX_STARTS; at++) {
        if (!odd[at] || !may_open(search, at))
            continue;
        starts++;
        for (int64_t start = at - REACH_BACK > reach ? at - REACH_BACK : reach; !done && start <= at; start++)
            if (!seen[start] && may_open(search, start))
                done = look(search, start, stood, seen, kept, looked);
        reach = at + 1;
    }
    free(seen);
    return done >= 0;
}

/* Appends (numbers..., cells, lost) to a list; takes the path over. 0 without memory. */
static int append(PyObject *told, PyObject *one) {
    int fits = one != NULL && PyList_Append(told, one) == 0;
    Py_XDECREF(one);
    return fits;
}

/* Whether a span lies within the window. */
static int within(const Search *search, const int64_t *span) {
    return span[0] >= 0 && span[0] <= span[1] && span[1] <= search->length;
}

/* what a search is handed; (utf8, drops, first, last) */
PyObject *cut_runs(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Search search;
    (void)module;
    if (take(&taken, "cut_runs", SEARCH_FORMS " i8", args, given) != 0)
        return NULL;
    const int64_t *modes = DATA(const int64_t, taken, SEARCH_BUFFERS);
    if (items(&taken, SEARCH_BUFFERS) != 4 || !search_of(&search, &taken, modes[0] != 0, modes[1] != 0) ||
        !within(&search, modes + 2))
        return refuse(&taken, "cut_runs", "tables, lengths or sets do not fit together");
    PyObject *told = PyList_New(0);
    int64_t looked = 0;
    int fits = told != NULL;
    for (int64_t at = modes[2]; fits && at < modes[3];) {
        Cuts best = {0};
        int64_t far = 0, stop = may_open(&search, at) ? run_of(&search, at, &best, &far) : -1;
        looked = far > looked ? far : looked;
        if (stop > 0)
            fits = append(told, Py_BuildValue("LLN", (long long)at, (long long)stop, told_of(&search, &best.each[0])));
        fits = fits && stop != FAILED;
        at = stop > 0 ? stop : at + 1;
    }
    free(search.pool);
    give_back(&taken);
    if (fits)
        return Py_BuildValue("LN", (long long)looked, told);
    Py_XDECREF(told);
    return PyErr_NoMemory();
}

/* what a search is handed; which characters are odd, bits of each; (utf8, drops, first, last) */
PyObject *align_runs(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Search search;
    (void)module;
    if (take(&taken, "align_runs", SEARCH_FORMS " u1 f8 i8", args, given) != 0)
        return NULL;
    const int64_t *modes = DATA(const int64_t, taken, SEARCH_BUFFERS + 2);
    if (items(&taken, SEARCH_BUFFERS + 2) != 4 || !search_of(&search, &taken, modes[0] != 0, modes[1] != 0) ||
        !within(&search, modes + 2) || items(&taken, SEARCH_BUFFERS) != search.length ||
        items(&taken, SEARCH_BUFFERS + 1) != search.length)
        return refuse(&taken, "align_runs", "tables, lengths or sets do not fit together");
    Aligned kept[ALIGNMENTS] = {{{0.0, 0, 0}, 0, NULL}};
    int64_t looked = 0;
    int fits = look_all(&search, DATA(const uint8_t, taken, SEARCH_BUFFERS), modes[2], modes[3],
                        DATA(const double, taken, SEARCH_BUFFERS + 1), kept, &looked);
    PyObject *told = PyList_New(0);
    fits = fits && told != NULL;
    for (int number = 0; number < ALIGNMENTS && kept[number].path != NULL; number++) {
        const Aligned *one = &kept[number];
        if (fits)
            fits = append(told, Py_BuildValue("LiiO", (long long)one->start, one->rich.first, one->rich.last, one->path));
        Py_DECREF(one->path);
    }
    free(search.pool);
    give_back(&taken);
    if (fits)
        return Py_BuildValue("LN", (long long)looked, told);
    Py_XDECREF(told);
    return PyErr_NoMemory();
}
