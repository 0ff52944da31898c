/* What whole texts cost behind one context: with the page's own words, without, and by triples of characters. */
#include "beam.h"

#define FORMS LANGUAGE " " PAGE " u1 u2"
#define TABLES 20
#define BACKOFF_ZERO 40
#define TRIGRAM_BITS 22

/* Steps of the third of three tokens, as `_triples` of surprisal.py finds them. */
static int deep_steps(const Weighing *weighing, uint32_t one, uint32_t two, uint32_t three) {
    const Language *language = weighing->language;
    uint32_t row = language->rows[one], slot = (row + two) & language->mask;
    uint32_t mixed = (two == weighing->line ? weighing->line : one) * 0xC2B2AE3Du + two * 0x9E3779B1u + three * 0x85EBCA77u;
    mixed = (mixed ^ mixed >> 15) * 0x2C1B3C6Du;
    uint16_t entry = weighing->trigrams[mixed >> (32 - TRIGRAM_BITS)];
    if (entry >> 8 == (mixed & 0xFF))
        return entry & 0xFF;
    int known = language->bigram[slot] >> 8 == (row & 0xFF);
    int backed = steps(language, two, three) + (known ? weighing->after[slot] : BACKOFF_ZERO) - BACKOFF_ZERO;
    return backed > 0 ? backed : 0;
}

/* Adds what the codes cost to the sums, each token behind the two in `last`. */
static void add_pairs(const Weighing *weighing, const uint32_t *codes, int size, uint32_t *last, int64_t *sums) {
    for (int n = 0; n < size; n++) {
        sums[0] += said(weighing->language, weighing->page, last[0], last[1], codes[n]);
        sums[1] += said_plainly(weighing->language, weighing->page, last[1], codes[n]);
        last[0] = last[1];
        last[1] = token_of(weighing->language, codes[n]);
    }
}

static int64_t deep(const Weighing *weighing, const uint32_t *codes, int size, uint32_t *last) {
    int64_t total = 0;
    for (int n = 0; n < size; n++) {
        uint32_t three = token_of(weighing->language, codes[n]);
        total += deep_steps(weighing, last[0], last[1], three) * (int64_t)STEP;
        last[0] = last[1];
        last[1] = three;
    }
    return total;
}

/* What a text costs. */
Weights weigh_text(const Weighing *weighing, const uint32_t *codes, int size) {
    const Language *language = weighing->language;
    uint32_t last[2] = {token_of(language, weighing->context[0]), token_of(language, weighing->context[1])};
    int64_t sums[2] = {0, 0};
    add_pairs(weighing, codes, size, last, sums);
    add_pairs(weighing, weighing->right, weighing->right_size, last, sums);
    last[0] = last[1] = weighing->line;
    for (int n = 0; n < weighing->before_size; n++) {
        last[0] = last[1];
        last[1] = token_of(language, weighing->before[n]);
    }
    int64_t triples = deep(weighing, codes, size, last);
    triples += deep(weighing, weighing->behind, weighing->behind_size, last);
    return (Weights){sums[0], sums[1], triples};
}

/* Takes the tables of triples from two buffers; what does not fit, or NULL. */
const char *triples_of(const Buffers *taken, int argument, const Language *language, Weighing *weighing) {
    weighing->language = language;
    weighing->after = DATA(const uint8_t, *taken, argument);
    weighing->trigrams = DATA(const uint16_t, *taken, argument + 1);
    weighing->line = token_of(language, '\n');
    if (items(taken, argument) != (Py_ssize_t)language->mask + 1 || items(taken, argument + 1) != 1 << TRIGRAM_BITS)
        return "back-offs of as many pairs and triples in 1 << 22 slots are needed";
    return NULL;
}

/* The contexts of the texts, from two strings: before them and behind them when triples are asked; -1 with an error set. */
int around_of(PyObject *before, PyObject *behind, Weighing *weighing) {
    weighing->before_size = codes_of(before, weighing->before, MOST_CODES);
    weighing->behind_size = codes_of(behind, weighing->behind, MOST_CODES);
    return weighing->before_size < 0 || weighing->behind_size < 0 ? -1 : 0;
}

/* (with the page's words, without, by triples); NULL with an error set */
static PyObject *weights_of(const Weighing *weighing, PyObject *text) {
    uint32_t codes[MOST_CODES];
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "shift_weights: texts are needed");
    int size = codes_of(text, codes, MOST_CODES);
    if (size < 0)
        return NULL;
    Weights found = weigh_text(weighing, codes, size);
    return Py_BuildValue("(LLL)", (long long)found.words, (long long)found.alone, (long long)found.triples);
}

/* script, worded; context of two, right, before, behind */
static int setting_of(PyObject *given, Weighing *weighing, Page *page) {
    PyObject *context, *right, *before, *behind;
    if (!PyTuple_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "shift_weights: the setting is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(given, "iiUUUU", &page->script, &page->worded, &context, &right, &before, &behind))
        return -1;
    if (PyUnicode_GetLength(context) != 2) {
        PyErr_SetString(PyExc_ValueError, "shift_weights: a context of two code points is needed");
        return -1;
    }
    weighing->right_size = codes_of(right, weighing->right, MOST_RIGHT);
    if (weighing->right_size < 0 || codes_of(context, weighing->context, 2) < 0)
        return -1;
    return around_of(before, behind, weighing);
}

static PyObject *weighed(const Weighing *weighing, PyObject *texts) {
    if (!PyList_Check(texts))
        return PyErr_Format(PyExc_TypeError, "shift_weights: a list of texts is needed");
    Py_ssize_t size = PyList_Size(texts);
    PyObject *found = PyList_New(size);
    for (Py_ssize_t n = 0; found && n < size; n++) {
        PyObject *one = weights_of(weighing, PyList_GetItem(texts, n));
        if (!one || PyList_SetItem(found, n, one) != 0) {
            Py_DECREF(found);
            return NULL;
        }
    }
    return found;
}

PyObject *shift_weights(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Language language;
    Page page;
    Weighing weighing;
    (void)module;
    if (given != TABLES + 2)
        return PyErr_Format(PyExc_TypeError, "shift_weights takes %d arguments, %zd given", TABLES + 2, given);
    if (take(&taken, "shift_weights", FORMS, args, TABLES) != 0)
        return NULL;
    const char *wrong = language_of(&taken, &language);
    wrong = wrong ? wrong : page_of(&taken, &page);
    wrong = wrong ? wrong : triples_of(&taken, LANGUAGE_AND_PAGE, &language, &weighing);
    if (wrong)
        return refuse(&taken, "shift_weights", wrong);
    weighing.page = &page;
    PyObject *found = setting_of(args[TABLES], &weighing, &page) == 0 ? weighed(&weighing, args[TABLES + 1]) : NULL;
    give_back(&taken);
    return found;
}
