/* The tables of the language and of a page, as the kernels of the search take them. */
#include "beam.h"

#define TOKENS (1 << TOKEN_BITS)

/* Returns what does not fit, or NULL. */
const char *language_of(const Buffers *taken, Language *language) {
    Py_ssize_t slots = items(taken, 5);
    *language = (Language){
        DATA(const uint16_t, *taken, 0), DATA(const uint8_t, *taken, 1), DATA(const int16_t, *taken, 2),
        DATA(const int16_t, *taken, 3), DATA(const uint32_t, *taken, 4), DATA(const uint16_t, *taken, 5),
        DATA(const double, *taken, 6), DATA(const int32_t, *taken, 7), DATA(const int32_t, *taken, 8),
        (uint32_t)items(taken, 2), (uint32_t)(slots - 1),
    };
    if (items(taken, 0) != 65537 || items(taken, 1) != 65536)
        return "tokens of 65537 and classes of 65536 code points are needed";
    if (items(taken, 2) < 1 || items(taken, 2) > TOKENS || items(taken, 3) != items(taken, 2) ||
        items(taken, 4) != items(taken, 2))
        return "unigrams, back-offs and rows of as many tokens are needed";
    if (slots < 1 || slots > 1 << 30 || (slots & (slots - 1)))
        return "pairs in a power of two of slots are needed";
    if (items(taken, 6) != STEPS || items(taken, 7) != 4096 || items(taken, 8) != STEPS)
        return "shares of 512 steps, 4096 logarithms and 512 costs are needed";
    return NULL;
}

static int counted_of(const Buffers *taken, int argument, Counted *counted) {
    *counted = (Counted){DATA(const int64_t, *taken, argument), DATA(const int64_t, *taken, argument + 1),
                         items(taken, argument)};
    return counted->size == items(taken, argument + 1);
}

const char *page_of(const Buffers *taken, Page *page) {
    if (!counted_of(taken, 9, &page->pairs) || !counted_of(taken, 11, &page->triples) ||
        !counted_of(taken, 13, &page->near_pairs) || !counted_of(taken, 15, &page->near_singles))
        return "a page needs as many counts as keys";
    page->singles = DATA(const int64_t, *taken, 17);
    if (items(taken, 17) != TOKENS)
        return "a page needs the counts of 16384 tokens";
    return NULL;
}

/* The code points of a text of at most so many; their number, or -1 with an error set. */
int codes_of(PyObject *text, uint32_t *codes, int most) {
    Py_ssize_t size = PyUnicode_GetLength(text);
    if (size > most)
        PyErr_Format(PyExc_ValueError, "a text is longer than %d code points", most);
    if (size < 0 || size > most || (size && !PyUnicode_AsUCS4(text, codes, most, 0)))
        return -1;
    return (int)size;
}
