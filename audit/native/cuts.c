/* Misread characters cut into those that were written. The twin is `longest` in audit/restore/lattice.py. */
#include "cuts.h"

#include <stdlib.h>
#include <string.h>

#define GONE 2    /* bytes that may have vanished before it */
#define ALONE (-1)
#define FORMER (-2)
#define LATTER (-3)
#define MAX_GAP 12
#define DROP_COST 5.0
#define RARE_COST 0.15
#define CELL 20 /* bytes that tell a character: its own, how many, how many are lost, start, end */
#define LONGEST (1 << 28)
#define NONE (-1)
#define WORD (-2) /* less the bytes of a character that stands for no others */
#define MOST_WON (PATHS * (BYTES + GONE)) /* characters in a step */

/* A cut with the characters that it has just won, not yet in the pool. */
typedef struct {
    Cut cut;
    Slot won[BYTES + GONE];
    int count;
} Grown;

/* What one character may stand for. */
typedef struct {
    const int16_t *patterns;
    const uint8_t *sizes;
    const double *costs;
    int count;
    int16_t own[BYTES];
    uint8_t size;
    double cost;
} Options;

static int length_of(int utf8, int lead) {
    if (lead < 0)
        return utf8 ? 3 : 2;
    if (lead < 0x80)
        return 1;
    if (!utf8)
        return lead != 0x80 && lead != 0xFF ? 2 : 0;
    return lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

static int goes_on(int utf8, int byte) {
    if (byte < 0)
        return 1;
    return utf8 ? byte >= 0x80 && byte <= 0xBF : byte >= 0x40 && byte != 0x7F;
}

/* The place in `rare` of a character of known bytes; -1 where they are none. */
static int64_t place_of(int utf8, const int16_t *bytes, int size) {
    int64_t code = bytes[0];
    if (!utf8)
        return size == 2 ? code << 8 | bytes[1] : code;
    if (size == 1)
        return code;
    code &= 0x7F >> size;
    for (int at = 1; at < size; at++)
        code = code << 6 | (bytes[at] & 0x3F);
    int64_t least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return -1;
    return code < PAIRS ? code : PAIRS - 1;
}

double bits_of(const Search *search, const Slot *slot) {
    int64_t place = place_of(search->utf8, slot->bytes, slot->size);
    return place < 0 ? -1.0 : search->bits[place];
}

/* The cut with these bytes behind it; 0 where they do not fit. */
static int advance(const Search *search, const Cut *from, const int16_t *data, int size, double cost, int at, int end,
                   Grown *grown) {
    Cut *cut = &grown->cut;
    *cut = *from;
    cut->cost += cost;
    grown->count = 0;
    for (int number = 0; number < size; number++) {
        int byte = data[number];
        if (!cut->size)
            cut->since = at;
        else if (!goes_on(search->utf8, byte))
            return 0;
        cut->open[cut->size++] = (int16_t)byte;
        cut->lost += byte < 0;
        int whole = length_of(search->utf8, cut->open[0]);
        if (!whole)
            return 0;
        if (cut->size < whole)
            continue;
        Slot *slot = &grown->won[grown->count++];
        *slot = (Slot){NONE, cut->since, end, {0}, cut->size, 0};
        memcpy(slot->bytes, cut->open, sizeof slot->bytes);
        for (int each = 0; each < whole; each++)
            slot->lost = (int8_t)(slot->lost + (slot->bytes[each] < 0));
        if (!slot->lost) {
            double bits = bits_of(search, slot);
            if (bits < 0)
                return 0;
            cut->cost += RARE_COST * bits;
        }
        cut->wide += whole > 1;
        cut->size = 0;
    }
    return 1;
}

/* Puts a cut among the cheapest; of equal ones the first stays first. */
static int keep(Grown *least, int size, const Grown *one) {
    int at = size;
    if (size == PATHS) {
        if (one->cut.cost >= least[size - 1].cut.cost)
            return size;
        at = size - 1;
    }
    for (; at > 0 && least[at - 1].cut.cost > one->cut.cost; at--)
        least[at] = least[at - 1];
    least[at] = *one;
    return size < PATHS ? size + 1 : size;
}

/* A cut whose new characters stand in the pool. */
static Cut settled(Search *search, const Grown *grown) {
    Cut cut = grown->cut;
    for (int number = 0; number < grown->count; number++) {
        Slot *slot = &search->pool[search->used];
        *slot = grown->won[number];
        slot->before = cut.last;
        cut.last = search->used++;
        cut.slots++;
    }
    return cut;
}

/* Makes room for what one step may add; 0 where there is none. */
static int ready(Search *search) {
    if (search->used + MOST_WON <= search->room)
        return 1;
    int64_t room = 2 * search->room + 16 * MOST_WON;
    Slot *pool = realloc(search->pool, (size_t)room * sizeof *pool);
    if (pool == NULL)
        return 0;
    search->pool = pool;
    search->room = room;
    return 1;
}

/* The byte strings that a character may stand for. */
static void options_of(const Search *search, int64_t at, Options *options) {
    int64_t set = search->sets[at], word = WORD - set;
    options->count = 0;
    if (set >= 0) {
        options->patterns = search->patterns + set * OPTIONS * BYTES;
        options->sizes = search->sizes + set * OPTIONS;
        options->costs = search->costs + set * OPTIONS;
        while (options->count < OPTIONS && options->sizes[options->count])
            options->count++;
        return;
    }
    options->patterns = options->own;
    options->sizes = &options->size;
    options->costs = &options->cost;
    options->cost = 0.0;
    options->size = (uint8_t)(word > 0xFFFF ? 3 : word > 0xFF ? 2 : 1);
    options->count = word > 0;
    for (int byte = 0; byte < options->size; byte++)
        options->own[byte] = (int16_t)(word >> 8 * (options->size - 1 - byte) & 0xFF);
}

int may_open(const Search *search, int64_t at) {
    Options options;
    if (search->plain[at])
        return 0;
    options_of(search, at, &options);
    int lead = options.count ? options.patterns[0] : 0;
    return lead < 0 || (lead >= 0x80 && length_of(search->utf8, lead) > 1);
}

/* The cuts that a further damaged character leaves; the character is the `at`-th of its run. */
static void step(Search *search, const Cuts *cuts, const Options *options, int at, Cuts *further) {
    static const int16_t gone[2][GONE] = {{ALONE, 0}, {FORMER, LATTER}};
    Grown least[PATHS], one;
    int size = 0;
    for (int number = 0; number < cuts->count; number++) {
        const Cut *cut = &cuts->each[number];
        for (int option = 0; option < options->count; option++) {
            const int16_t *data = options->patterns + option * BYTES;
            int bytes = options->sizes[option];
            double cost = options->costs[option];
            if (advance(search, cut, data, bytes, cost, at, at + 1, &one))
                size = keep(least, size, &one);
            if (!search->drops || !cut->size || data[0] < 0)
                continue;
            for (int lost = 1; lost <= GONE; lost++) {
                int16_t all[GONE + BYTES];
                memcpy(all, gone[lost - 1], (size_t)lost * sizeof *all);
                memcpy(all + lost, data, (size_t)bytes * sizeof *all);
                if (advance(search, cut, all, lost + bytes, cost + DROP_COST, at, at + 1, &one))
                    size = keep(least, size, &one);
            }
        }
    }
    further->count = size;
    for (int number = 0; number < size; number++)
        further->each[number] = settled(search, &least[number]);
}

/* Those that end with a whole character; behind ASCII one of several bytes. */
static void whole_of(const Search *search, const Cuts *cuts, int plain, Cuts *whole) {
    whole->count = 0;
    for (int number = 0; number < cuts->count; number++) {
        const Cut *cut = &cuts->each[number];
        if (cut->size || !cut->wide || (plain && (cut->last < 0 || search->pool[cut->last].size == 1)))
            continue;
        whole->each[whole->count++] = *cut;
    }
}

/* Those that were open, their last characters filled up by bytes that vanished. */
static void closed_of(Search *search, const Cuts *cuts, int at, Cuts *closed) {
    static const int16_t gone[BYTES] = {ALONE, ALONE, ALONE, ALONE};
    Grown one;
    closed->count = 0;
    for (int number = 0; number < cuts->count; number++) {
        const Cut *cut = &cuts->each[number];
        int missing = cut->size ? length_of(search->utf8, cut->open[0]) - cut->size : 0;
        if (cut->size && advance(search, cut, gone, missing, DROP_COST, at - 1, at, &one))
            closed->each[closed->count++] = settled(search, &one);
    }
}

int64_t run_of(Search *search, int64_t first, Cuts *best, int64_t *looked) {
    Cuts cuts = {1, {{0.0, NONE, 0, 0, 0, 0, {0}, 0}}}, further, whole;
    Options options;
    int64_t at = first, stop = -1;
    search->used = 0;
    for (int gap = 0; at < search->length && gap <= MAX_GAP;) {
        if (!ready(search))
            return FAILED;
        options_of(search, at, &options);
        step(search, &cuts, &options, (int)(at - first), &further);
        if (!further.count)
            break;
        cuts = further;
        whole_of(search, &cuts, search->plain[at], &whole);
        gap = whole.count || !search->plain[at] ? 0 : gap + 1;
        at++;
        if (whole.count) {
            stop = at;
            *best = whole;
        }
    }
    *looked = at;
    if (!search->drops || stop < 0 || stop == at)
        return stop;
    if (!ready(search))
        return FAILED;
    closed_of(search, &cuts, (int)(at - first), &whole);
    if (!whole.count)
        return stop;
    *best = whole;
    return at;
}

int64_t *order_of(const Search *search, const Cut *cut) {
    int64_t *order = malloc((size_t)(cut->slots + 1) * sizeof *order), last = cut->last;
    for (int number = cut->slots - 1; order != NULL && number >= 0; number--) {
        order[number] = last;
        last = search->pool[last].before;
    }
    return order;
}

PyObject *told_of(const Search *search, const Cut *cut) {
    int16_t *cells = malloc((size_t)(cut->slots + 1) * CELL);
    int64_t *order = order_of(search, cut);
    for (int number = 0; cells != NULL && order != NULL && number < cut->slots; number++) {
        const Slot *slot = &search->pool[order[number]];
        int16_t *row = cells + (int64_t)number * (CELL / 2);
        int32_t places[2] = {slot->start, slot->end};
        memcpy(row, slot->bytes, sizeof slot->bytes);
        row[4] = slot->size;
        row[5] = slot->lost;
        memcpy(row + 6, places, sizeof places);
    }
    PyObject *told = cells == NULL || order == NULL
                         ? PyErr_NoMemory()
                         : Py_BuildValue("(y#i)", (const char *)cells, (Py_ssize_t)cut->slots * CELL, cut->lost);
    free(cells);
    free(order);
    return told;
}

/* Whether each of a character's options is of bytes and losses. */
static int sound(const Search *search, int64_t set) {
    if (set < 0)
        return WORD - set >= 0 && WORD - set <= 0xFFFFFF;
    if (set >= search->known)
        return 0;
    for (int64_t option = set * OPTIONS; option < (set + 1) * OPTIONS; option++) {
        if (search->sizes[option] > BYTES)
            return 0;
        for (int at = 0; at < search->sizes[option]; at++)
            if (search->patterns[option * BYTES + at] < LATTER || search->patterns[option * BYTES + at] > 255)
                return 0;
    }
    return 1;
}

int search_of(Search *search, const Buffers *taken, int utf8, int drops) {
    *search = (Search){DATA(const int32_t, *taken, 0), DATA(const uint8_t, *taken, 1), items(taken, 0),
                       DATA(const int16_t, *taken, 2), DATA(const uint8_t, *taken, 3), DATA(const double, *taken, 4),
                       DATA(const double, *taken, 5), items(taken, 3) / OPTIONS, utf8, drops, NULL, 0, 0};
    int64_t known = search->known;
    if (items(taken, 1) != search->length || items(taken, 3) != known * OPTIONS || search->length > LONGEST ||
        items(taken, 2) != known * OPTIONS * BYTES || items(taken, 4) != known * OPTIONS || items(taken, 5) != PAIRS)
        return 0;
    for (int64_t at = 0; at < search->length; at++)
        if (!sound(search, search->sets[at]))
            return 0;
    return 1;
}

/* what a search is handed; (utf8, drops, paths) */
PyObject *cut_run(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Search search;
    (void)module;
    if (take(&taken, "cut_run", SEARCH_FORMS " i8", args, given) != 0)
        return NULL;
    const int64_t *modes = DATA(const int64_t, taken, SEARCH_BUFFERS);
    if (items(&taken, SEARCH_BUFFERS) != 3 || !search_of(&search, &taken, modes[0] != 0, modes[1] != 0))
        return refuse(&taken, "cut_run", "tables, lengths or sets do not fit together");
    Cuts best = {0};
    int64_t looked = 0, stop = run_of(&search, 0, &best, &looked);
    PyObject *told = stop == FAILED ? PyErr_NoMemory() : PyList_New(0);
    for (int64_t number = 0; told != NULL && stop > 0 && number < best.count && number < modes[2]; number++) {
        PyObject *path = told_of(&search, &best.each[number]);
        if (path == NULL || PyList_Append(told, path) != 0)
            Py_CLEAR(told);
        Py_XDECREF(path);
    }
    free(search.pool);
    give_back(&taken);
    return told == NULL ? NULL : Py_BuildValue("LLN", (long long)looked, (long long)stop, told);
}
