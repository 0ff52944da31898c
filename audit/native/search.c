/* The door of the search for shifted bytes: what is asked, checked, and what is told. */
#include "beam.h"

#include <string.h>

#define RUN (SEARCHED - 1)
#define MOST_HEADS 128

#define MOST_SHOWN 256

static int head_of(PyObject *given, Head *head) {
    PyObject *text;
    long long cost;
    if (!PyTuple_Check(given) || !PyArg_ParseTuple(given, "UiL", &text, &head->lead, &cost))
        return PyErr_Occurred() ? -1 : (PyErr_SetString(PyExc_TypeError, "a head is a tuple"), -1);
    head->cost = cost;
    head->size = codes_of(text, head->text, MOST_HEAD);
    for (int n = 0; n < head->size; n++)
        if (head->text[n] > 0xFFFF)
            head->lead = -1;
    if (head->size >= 0 && (head->lead < 0 || head->lead > 0xFF || cost < -MOST_COST || cost > MOST_COST)) {
        PyErr_SetString(PyExc_ValueError, "a head does not fit");
        return -1;
    }
    return head->size < 0 ? -1 : 0;
}

/* script, worded, lone, has reading, tail, mark, skip, first; left, right; heads */
static int setting_of(PyObject *given, Search *search) {
    PyObject *left, *right, *heads;
    int first;
    if (!PyTuple_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "the setting is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(given, "iiiiiiiiUUO", &search->page.script, &search->page.worded, &search->lone,
                          &search->has_reading, &search->tail, &search->mark, &search->skip, &first, &left, &right, &heads))
        return -1;
    search->first = (uint32_t)first;
    if (search->lone < -1 || search->lone > 0xFF || search->tail < 0 || search->tail > 0xFFFF || search->mark < 0 ||
        search->mark > 0xFF || search->skip < 0 || search->skip > search->count || PyUnicode_GetLength(left) != 2 ||
        !PyTuple_Check(heads) || PyTuple_Size(heads) > MOST_HEADS) {
        PyErr_SetString(PyExc_ValueError, "the setting does not fit");
        return -1;
    }
    search->right_size = codes_of(right, search->right, MOST_RIGHT);
    if (codes_of(left, search->left, 2) < 0 || search->right_size < 0)
        return -1;
    search->head_count = (int)PyTuple_Size(heads);
    for (int n = 0; n < search->head_count; n++)
        if (head_of(PyTuple_GetItem(heads, n), &search->heads[n]) != 0)
            return -1;
    return 0;
}

/* The likely pairs by a byte, from two buffers; 0 where they do not fit. */
static int index_of(const Buffers *taken, int argument, Index *index) {
    *index = (Index){DATA(const uint32_t, *taken, argument), DATA(const uint32_t, *taken, argument + 1)};
    if (items(taken, argument) != 257)
        return 0;
    for (int byte = 0; byte < 256; byte++)
        if (index->starts[byte] > index->starts[byte + 1])
            return 0;
    return (Py_ssize_t)index->starts[256] <= items(taken, argument + 1);
}

static const char *search_of(const Buffers *taken, Search *search) {
    const char *wrong = language_of(taken, &search->language);
    wrong = wrong ? wrong : page_of(taken, &search->page);
    Pairs *gbk = &search->gbk;
    gbk->chars = DATA(const uint16_t, *taken, 18);
    gbk->likely = DATA(const uint8_t, *taken, 19);
    gbk->vanishing = DATA(const uint8_t, *taken, 20);
    gbk->leads = DATA(const uint8_t, *taken, 21);
    search->readers = DATA(const uint16_t, *taken, RUN - 1);
    search->reader_count = items(taken, RUN - 1);
    search->pairs = DATA(const uint8_t, *taken, RUN);
    search->count = (int)(items(taken, RUN) / 2);
    if (!wrong && (items(taken, 18) != 65536 || items(taken, 19) != 65536 || items(taken, 20) != 65536 ||
                   items(taken, 21) != 256))
        wrong = "tables of 65536 pairs and 256 bytes are needed";
    if (!wrong && (!index_of(taken, 22, &gbk->with_lead) || !index_of(taken, 24, &gbk->with_trail) ||
                   !index_of(taken, 26, &gbk->going)))
        wrong = "likely pairs are indexed by 256 bytes";
    if (!wrong && items(taken, RUN) % 2)
        wrong = "a run is made of pairs of bytes";
    for (int n = 1; !wrong && n < search->count; n++)
        search->inner[n] = search->gbk.chars[search->pairs[2 * n - 1] << 8 | search->pairs[2 * n]];
    return wrong;
}

/*
 * A search with its beams, of so many tables of these forms, the setting, and what is asked; NULL with an error set and nothing
 * held.
 */
Search *open_search(Buffers *taken, const char *name, const char *forms, int tables, PyObject *const *args, Py_ssize_t given) {
    if (given != tables + 2) {
        PyErr_Format(PyExc_TypeError, "%s takes %d arguments, %zd given", name, tables + 2, given);
        return NULL;
    }
    if (take(taken, name, forms, args, tables) != 0)
        return NULL;
    size_t beams = (size_t)(items(taken, RUN) / 2 + 1);
    Search *search = beams > MOST_PAIRS + 1 ? NULL : PyMem_Calloc(1, sizeof(Search) + MOST_HEADS * sizeof(Head));
    Beam *stood = search ? PyMem_Malloc(beams * sizeof(Beam)) : NULL;
    const char *wrong = stood ? search_of(taken, search) : beams > MOST_PAIRS + 1 ? "a run is too long" : NULL;
    if (stood && !wrong) {
        search->stood = stood;
        search->heads = (Head *)(search + 1);
        search->gapped = -1;
        if (setting_of(args[tables], search) == 0)
            return search;
        give_back(taken);
    } else if (wrong) {
        refuse(taken, name, wrong);
    } else {
        give_back(taken);
        PyErr_NoMemory();
    }
    PyMem_Free(stood);
    PyMem_Free(search);
    return NULL;
}

void close_search(Buffers *taken, Search *search) {
    PyMem_Free(search->stood);
    PyMem_Free(search);
    give_back(taken);
}

PyObject *text_of(const Hypothesis *one) {
    int order = 0;
    return PyUnicode_DecodeUTF16((const char *)one->text, 2 * (Py_ssize_t)one->size, "surrogatepass", &order);
}

/* (text, cost, gaps) */
static PyObject *original(const Hypothesis *one) {
    PyObject *text = text_of(one);
    PyObject *gaps = PyTuple_New(one->gaps);
    for (int n = 0; gaps && n < one->gaps; n++) {
        PyObject *gap = PyLong_FromLong(one->gap[n]);
        if (!gap || PyTuple_SetItem(gaps, n, gap) != 0) {
            Py_DECREF(gaps);
            gaps = NULL;
        }
    }
    if (text && gaps)
        return Py_BuildValue("(NLN)", text, (long long)one->cost, gaps);
    Py_XDECREF(text);
    Py_XDECREF(gaps);
    return NULL;
}

PyObject *listed(const Hypothesis *each, int size) {
    PyObject *list = PyList_New(size);
    for (int n = 0; list && n < size; n++) {
        PyObject *one = original(&each[n]);
        if (!one || PyList_SetItem(list, n, one) != 0) {
            Py_DECREF(list);
            list = NULL;
        }
    }
    return list;
}

PyObject *shift_originals(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Search *search = open_search(&taken, "shift_originals", SEARCH, SEARCHED, args, given);
    PyObject *found = NULL;
    const char *asked;
    Py_ssize_t size;
    (void)module;
    if (!search)
        return NULL;
    if (!PyTuple_Check(args[SEARCHED + 1]))
        PyErr_SetString(PyExc_TypeError, "shift_originals: what is asked is a tuple");
    else if (PyArg_ParseTuple(args[SEARCHED + 1], "y#ii", &asked, &size, &search->gapped, &search->live)) {
        if (size != search->count + 1) {
            PyErr_SetString(PyExc_ValueError, "shift_originals: a byte for each gap is needed");
        } else {
            originals(search, (const uint8_t *)asked);
            found = listed(search->done.each, search->done.size);
        }
    }
    close_search(&taken, search);
    return found;
}

static int64_t shown_of(const Search *search, const uint32_t *codes, int size) {
    uint32_t two = token_of(&search->language, search->left[1]);
    int64_t total = 0;
    for (int n = 0; n < size; n++) {
        uint32_t three = token_of(&search->language, codes[n]);
        total += steps(&search->language, two, three) * (int64_t)STEP;
        two = three;
    }
    return total;
}

PyObject *shift_rounds(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Search *search = open_search(&taken, "shift_rounds", SEARCH, SEARCHED, args, given);
    Told *told = search ? PyMem_Malloc(sizeof(Told)) : NULL;
    PyObject *found = NULL, *text;
    uint32_t codes[MOST_SHOWN];
    long long enough;
    int most, size = -1;
    (void)module;
    if (!search)
        return NULL;
    if (!told)
        PyErr_NoMemory();
    else if (!PyTuple_Check(args[SEARCHED + 1]))
        PyErr_SetString(PyExc_TypeError, "shift_rounds: what is asked is a tuple");
    else if (PyArg_ParseTuple(args[SEARCHED + 1], "UiiL", &text, &most, &search->live, &enough))
        size = codes_of(text, codes, MOST_SHOWN);
    if (size >= 0 && (most < 1 || most > MOST_ROUNDS)) {
        PyErr_SetString(PyExc_ValueError, "shift_rounds: one to four rounds are needed");
    } else if (size >= 0) {
        int64_t shown = shown_of(search, codes, size);
        rounds(search, most, shown, enough, told);
        if (told->size)
            found = Py_BuildValue("(NLiLLL)", listed(told->each, told->size), (long long)told->sum, told->length,
                                  (long long)told->peak, (long long)told->cost, (long long)shown);
        else
            found = Py_NewRef(Py_None);
    }
    PyMem_Free(told);
    close_search(&taken, search);
    return found;
}
