/* The cheapest way to read a field piece by piece. The twin is `Batch.search` in audit/reading/weave.py. */
#include "native.h"

#include <stdlib.h>

#define NEVER ((int64_t)1 << 40)
#define STATES 16 /* a step keeps the state it came from in what four bits leave */
#define WIDEST 4
#define RING 8 /* places ahead whose costs are kept: a power of two above WIDEST */
#define GONE 8

/* Fields and what each reading has at each of their bytes; all of the search that does not change. */
typedef struct {
    const int8_t *widths; /* (readings, bytes) */
    const int32_t *prices;
    const uint8_t *cut;
    int64_t states, bytes, utf8, change, glue, loss, torn;
} Search;

typedef struct {
    int64_t cost[RING][STATES];
    uint16_t *back; /* (bytes + 1, states) */
} Ways;

/* Up to so many bytes, whatever the caller says. */
static inline int narrow(int width) {
    return width > WIDEST || width < -WIDEST ? 0 : width;
}

static inline void go(const Search *search, Ways *ways, int64_t to, int64_t state, int64_t total, int64_t step) {
    int64_t *known = &ways->cost[to & (RING - 1)][state];
    if (total < *known) {
        *known = total;
        ways->back[to * search->states + state] = (uint16_t)step;
    }
}

/* All steps from one byte of a field; `at` counts in the field, `place` in all bytes. */
static void step_on(const Search *search, Ways *ways, int64_t at, int64_t place) {
    int64_t *here = ways->cost[at & (RING - 1)], *far = ways->cost[(at + WIDEST) & (RING - 1)], who = 0;
    for (int64_t state = 0; state < search->states; state++) {
        far[state] = NEVER;
        who = here[state] < here[who] ? state : who;
    }
    int64_t least = here[who] + search->glue;
    for (int64_t state = 0; state < search->states; state++) {
        int stays = here[state] <= least;
        int64_t spent = stays ? here[state] : least, came = (stays ? state : who) << 4;
        int width = narrow(search->widths[state * search->bytes + place]), gone = width < 0 ? -width : width ? width : 1;
        if (width > 0)
            go(search, ways, at + width, state, spent + search->prices[state * search->bytes + place], came | width);
        go(search, ways, at + gone, state, spent + search->loss, came | GONE | gone);
        int torn = state == search->utf8 ? narrow(search->cut[place]) : 0;
        if (torn)
            go(search, ways, at + torn, state, spent + search->torn, came | GONE | torn);
    }
}

/* The reading of each byte of a field, `states` where none takes it. */
static void search_field(const Search *search, Ways *ways, int64_t place, int64_t size, int64_t home, int inside,
                         int8_t *labels) {
    for (int64_t ahead = 0; ahead < WIDEST; ahead++)
        for (int64_t state = 0; state < search->states; state++)
            ways->cost[ahead][state] = ahead ? NEVER : state == home ? 0 : search->change;
    for (int64_t at = 0; at < size; at++)
        step_on(search, ways, at, place + at);
    int64_t *last = ways->cost[size & (RING - 1)], state = 0, least = INT64_MAX;
    for (int64_t end = 0; end < search->states; end++) {
        int64_t total = last[end] + (inside && end != home ? search->glue : 0);
        state = total < least ? end : state;
        least = total < least ? total : least;
    }
    for (int64_t at = size; at > 0;) {
        uint16_t step = ways->back[at * search->states + state];
        for (int left = step & 7; left > 0; left--)
            labels[--at] = (int8_t)(step & GONE ? search->states : state);
        state = step >> 4;
    }
}

/* Whether the fields lie within the bytes, and the longest of them; -1 where they do not. */
static int64_t longest_of(const int64_t *starts, const int64_t *sizes, int64_t fields, int64_t bytes, int64_t room) {
    int64_t longest = 0;
    for (int64_t field = 0; field < fields; field++) {
        if (starts[field] < 0 || sizes[field] < 0 || sizes[field] > bytes || starts[field] > bytes - sizes[field])
            return -1;
        longest = sizes[field] > longest ? sizes[field] : longest;
        room -= sizes[field];
    }
    return room == 0 ? longest : -1;
}

/* widths, prices, cut, starts, sizes, homes, inside, (utf8, switch, glue, loss, cut), out: labels of all fields */
PyObject *weave_fields(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "weave_fields", "i1 i4 u1 i8 i8 i8 u1 i8 I1", args, given) != 0)
        return NULL;
    const int64_t *starts = DATA(const int64_t, taken, 3), *sizes = DATA(const int64_t, taken, 4);
    const int64_t *homes = DATA(const int64_t, taken, 5), *options = DATA(const int64_t, taken, 7);
    const uint8_t *inside = DATA(const uint8_t, taken, 6);
    int64_t bytes = items(&taken, 2), fields = items(&taken, 3), states = bytes ? items(&taken, 0) / bytes : 0;
    if (states < 1 || states > STATES || items(&taken, 0) != states * bytes || items(&taken, 1) != states * bytes)
        return refuse(&taken, "weave_fields", "up to 16 readings of as many bytes are needed");
    if (items(&taken, 4) != fields || items(&taken, 5) != fields || items(&taken, 6) != fields || items(&taken, 7) != 5)
        return refuse(&taken, "weave_fields", "the columns do not fit the fields");
    int64_t longest = longest_of(starts, sizes, fields, bytes, items(&taken, 8));
    if (longest < 0)
        return refuse(&taken, "weave_fields", "the fields do not fit the bytes");
    Search search = {DATA(const int8_t, taken, 0), DATA(const int32_t, taken, 1), DATA(const uint8_t, taken, 2),
                     states, bytes, options[0], options[1], options[2], options[3], options[4]};
    Ways ways;
    ways.back = calloc((size_t)((longest + RING) * states), sizeof *ways.back);
    if (ways.back == NULL) {
        give_back(&taken);
        return PyErr_NoMemory();
    }
    int8_t *labels = DATA(int8_t, taken, 8);
    for (int64_t field = 0; field < fields; labels += sizes[field++])
        search_field(&search, &ways, starts[field], sizes[field], homes[field], inside[field], labels);
    free(ways.back);
    give_back(&taken);
    Py_RETURN_NONE;
}
