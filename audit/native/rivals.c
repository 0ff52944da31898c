/* By how much the best original of a run leads the others that a search finds; the twin of `rivals` of rivals.py. */
#include "beam.h"

#include <string.h>

#define FORMS SEARCH " u1 u2"
#define TABLES (SEARCHED + 2)
#define MOST_SEARCHES 4
#define VOUCHED 40000
#define FAR INT64_MAX

/* What is asked: the best original, what it costs by pairs, whether its last character is a guess; how far a rival counts. Where it is
   not known what the best one costs (`unpriced`), the first search tells. */
typedef struct {
    Weighing weighing;
    Hypothesis best;
    int64_t own, near;
    int guessed, unpriced;
} Asked;

/* The others, of each text what was found last, where it was found first. */
typedef struct {
    int size;
    Hypothesis each[MOST_SEARCHES * WIDTH];
} Others;

static int same_text(const Hypothesis *one, const Hypothesis *other) {
    return one->size == other->size && !memcmp(one->text, other->text, sizeof(uint16_t) * (size_t)one->size);
}

static Weights weigh_one(const Asked *asked, const Hypothesis *one) {
    uint32_t codes[MOST_TEXT];
    for (int n = 0; n < one->size; n++)
        codes[n] = one->text[n];
    return weigh_text(&asked->weighing, codes, one->size);
}

static void add_all(Others *others, const Asked *asked, const Beam *found) {
    for (int n = 0; n < found->size; n++) {
        int place = 0;
        while (place < others->size && !same_text(&others->each[place], &found->each[n]))
            place++;
        if (same_text(&asked->best, &found->each[n]))
            continue;
        others->each[place] = found->each[n];
        others->size += place == others->size;
    }
}

/* Twice the units by which the best one leads: half by pairs, half by triples, and what the page's own words add. */
static int64_t lead_over(const Asked *asked, const Hypothesis *rival, const Weights *known, const Weights *found) {
    int64_t pairs = rival->cost - (int64_t)GAP_COST * rival->gaps - asked->own;
    int64_t alone = found->alone - known->alone;
    int64_t vouched = found->words - known->words - alone;
    if (!asked->guessed && vouched > VOUCHED)
        vouched = VOUCHED;
    return pairs + (pairs - alone) + (found->triples - known->triples) + 2 * vouched;
}

/* Takes what the best original costs from a search that found it. */
static void price(Asked *asked, const Beam *found) {
    for (int n = 0; asked->unpriced && n < found->size; n++) {
        if (!same_text(&asked->best, &found->each[n]))
            continue;
        asked->own = found->each[n].cost;
        asked->unpriced = 0;
    }
}

/*
 * (lead over those in which no pair vanished, over those in which one did, the longer ones of these that are near, what the best one
 * costs, what each search found); a lead may be None. Takes what was found over.
 */
static PyObject *told(const Asked *asked, const Others *others, PyObject *found_by) {
    int64_t least[2] = {FAR, FAR};
    Weights known = weigh_one(asked, &asked->best);
    PyObject *longer = PyList_New(0);
    for (int n = 0; longer && n < others->size; n++) {
        const Hypothesis *rival = &others->each[n];
        Weights found = weigh_one(asked, rival);
        int64_t lead = lead_over(asked, rival, &known, &found);
        int gapped = rival->gaps > 0;
        least[gapped] = lead < least[gapped] ? lead : least[gapped];
        if (!gapped || rival->size <= asked->best.size || lead >= asked->near)
            continue;
        PyObject *one = Py_BuildValue("(NL)", text_of(rival), (long long)lead);
        if (!one || PyList_Append(longer, one) != 0)
            Py_CLEAR(longer);
        Py_XDECREF(one);
    }
    PyObject *leads[2] = {NULL, NULL};
    for (int n = 0; longer && n < 2; n++)
        leads[n] = least[n] == FAR ? Py_NewRef(Py_None) : PyLong_FromLongLong(least[n]);
    if (longer)
        return Py_BuildValue("(NNNLN)", leads[0], leads[1], longer, (long long)asked->own, found_by);
    Py_DECREF(found_by);
    return NULL;
}

/* The places where pairs may have vanished, searched one after the other; gap and live as in beam.py. */
static int search_all(Search *search, PyObject *each, Asked *asked, Others *others, PyObject *found_by) {
    Py_ssize_t size = PyTuple_Check(each) ? PyTuple_Size(each) : -1;
    if (size < 0 || size > MOST_SEARCHES) {
        PyErr_SetString(PyExc_ValueError, "shift_rivals: a tuple of at most four searches is needed");
        return -1;
    }
    int worded = search->page.worded;
    search->page.worded = 0; /* any rival counts, whatever the page holds */
    for (Py_ssize_t n = 0; n < size; n++) {
        char *vanish;
        Py_ssize_t length;
        if (PyBytes_AsStringAndSize(PyTuple_GetItem(each, n), &vanish, &length) != 0)
            return -1;
        if (length != search->count + 1) {
            PyErr_SetString(PyExc_ValueError, "shift_rivals: a byte for each gap is needed");
            return -1;
        }
        memset(search->held, 0, sizeof search->held);
        originals(search, (const uint8_t *)vanish);
        add_all(others, asked, &search->done);
        if (!n)
            price(asked, &search->done);
        PyObject *found = listed(search->done.each, search->done.size);
        int kept = found ? PyList_Append(found_by, found) : -1;
        Py_XDECREF(found);
        if (kept != 0)
            return -1;
    }
    search->page.worded = worded;
    return 0;
}

/* searches, gap, live; best, its cost, whether guessed; how far, before, behind */
static int asked_of(PyObject *given, Search *search, Asked *asked, PyObject **each) {
    PyObject *best, *before, *behind, *priced;
    long long own = 0, near;
    uint32_t codes[MOST_TEXT];
    if (!PyTuple_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "shift_rivals: what is asked is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(given, "OiiUOpLUU", each, &search->gapped, &search->live, &best, &priced, &asked->guessed, &near,
                          &before, &behind))
        return -1;
    asked->unpriced = priced == Py_None;
    if (!asked->unpriced && (own = PyLong_AsLongLong(priced)) == -1 && PyErr_Occurred())
        return -1;
    asked->best.size = codes_of(best, codes, MOST_TEXT);
    for (int n = 0; n < asked->best.size; n++)
        asked->best.text[n] = (uint16_t)codes[n];
    asked->own = own;
    asked->near = near;
    if (asked->best.size < 0 || own < -MOST_COST || own > MOST_COST) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "shift_rivals: the best original does not fit");
        return -1;
    }
    memcpy(asked->weighing.context, search->left, sizeof search->left);
    memcpy(asked->weighing.right, search->right, sizeof search->right);
    asked->weighing.right_size = search->right_size;
    return around_of(before, behind, &asked->weighing);
}

PyObject *shift_rivals(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Search *search = open_search(&taken, "shift_rivals", FORMS, TABLES, args, given);
    Asked *asked = search ? PyMem_Malloc(sizeof(Asked)) : NULL;
    Others *others = asked ? PyMem_Malloc(sizeof(Others)) : NULL;
    PyObject *found = NULL, *each, *found_by = others ? PyList_New(0) : NULL;
    (void)module;
    if (!search)
        return NULL;
    const char *wrong = others ? triples_of(&taken, SEARCHED, &search->language, &asked->weighing) : NULL;
    if (!found_by) {
        PyErr_NoMemory();
    } else if (wrong) {
        PyErr_Format(PyExc_ValueError, "shift_rivals: %s", wrong);
    } else {
        others->size = 0;
        asked->weighing.page = &search->page;
        if (asked_of(args[TABLES + 1], search, asked, &each) == 0 && search_all(search, each, asked, others, found_by) == 0)
            found = asked->unpriced ? Py_NewRef(Py_None) : told(asked, others, Py_NewRef(found_by));
    }
    Py_XDECREF(found_by);
    PyMem_Free(others);
    PyMem_Free(asked);
    close_search(&taken, search);
    return found;
}
