/* Words as evidence: the probability of each character where text is a row of words. */
#include "native.h"

#include <stdlib.h>

#define LONGEST 8 /* characters of a word */
#define LEAST 1e-6

/* The tables of words: hashed ones of two and more characters, and those of single ones by token. */
typedef struct {
    const uint32_t *words;
    uint64_t slots;
    const double *chances, *word, *begins, *other;
} Lexicon;

/* Of words of 1, 2, ... characters that end at a place: how likely each is, and longer ones that begin so. */
typedef struct {
    double ends[LONGEST], goes_on[LONGEST];
} Spans;

/* The entry of a key: steps of the word, then of what begins so, a byte each; 0xFFFF where it is no word. */
static uint32_t entry_of(const Lexicon *lexicon, uint64_t key) {
    uint64_t mixed = (key ^ (key >> 32)) * 0xC2B2AE3D27D4EB4FULL;
    mixed ^= mixed >> 29;
    uint32_t check = (uint32_t)(mixed % 0xFFFF + 1);
    uint32_t one = lexicon->words[((mixed >> 32) * lexicon->slots) >> 32];
    if (one >> 16 == check)
        return one & 0xFFFF;
    uint32_t two = lexicon->words[(((mixed * 0x165667B19E3779F9ULL) >> 32) * lexicon->slots) >> 32];
    return two >> 16 == check ? two & 0xFFFF : 0xFFFF;
}

/* Fills the spans of a row, of words that begin at each of its places. */
static void find_spans(const Lexicon *lexicon, const int64_t *tokens, Py_ssize_t length, Spans *spans) {
    for (Py_ssize_t at = 0; at < length; at++)
        spans[at] = (Spans){{0}, {0}};
    for (Py_ssize_t at = 0; at < length; at++) {
        uint64_t key = (uint64_t)tokens[at] + 1;
        double begins = spans[at].goes_on[0] = lexicon->begins[tokens[at]];
        spans[at].ends[0] = lexicon->word[tokens[at]];
        for (int size = 1; size < LONGEST && at + size < length && begins > 0; size++) {
            key = key * 0x9E3779B97F4A7C15ULL + (uint64_t)tokens[at + size] + 1;
            uint32_t entry = entry_of(lexicon, key);
            spans[at + size].ends[size] = lexicon->chances[entry >> 8];
            begins = spans[at + size].goes_on[size] = lexicon->chances[entry & 0xFF];
        }
    }
}

static void tell(const Lexicon *lexicon, const int64_t *tokens, Py_ssize_t length, const Spans *spans, double *told) {
    double began[LONGEST] = {1.0};
    for (Py_ssize_t at = 0; at < length; at++) {
        double ended = 0, going = 0;
        for (int size = 0; size < LONGEST; size++) {
            ended += began[size] * spans[at].ends[size];
            going += began[size] * spans[at].goes_on[size];
        }
        double fresh = ended + began[0] * lexicon->other[tokens[at]], whole = fresh + going;
        told[at] = whole;
        for (int size = LONGEST - 1; size > 0; size--)
            began[size] = began[size - 1] / whole;
        double next = fresh / whole;
        began[0] = next < LEAST ? LEAST : next;
    }
}

PyObject *word_chances(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "word_chances", "i8 u4 f8 f8 f8 f8 F8", args, given) != 0)
        return NULL;
    const int64_t *tokens = DATA(const int64_t, taken, 0);
    const Lexicon lexicon = {
        DATA(const uint32_t, taken, 1), (uint64_t)items(&taken, 1),      DATA(const double, taken, 2),
        DATA(const double, taken, 3),   DATA(const double, taken, 4), DATA(const double, taken, 5),
    };
    Py_ssize_t size = items(&taken, 0), singles = items(&taken, 3);
    Py_ssize_t length = taken.view[0].ndim == 2 ? taken.view[0].shape[1] : 0;
    if (items(&taken, 6) != size || (size && !length))
        return refuse(&taken, "word_chances", "rows of tokens and as many chances are needed");
    if (items(&taken, 2) != 256 || items(&taken, 4) != singles || items(&taken, 5) != singles || !lexicon.slots ||
        lexicon.slots > UINT32_MAX)
        return refuse(&taken, "word_chances", "tables of one size are needed");
    for (Py_ssize_t at = 0; at < size; at++)
        if (tokens[at] < 0 || tokens[at] >= singles)
            return refuse(&taken, "word_chances", "a token is out of bounds");
    Spans *spans = malloc(sizeof(Spans) * (size_t)(length ? length : 1));
    if (spans == NULL) {
        give_back(&taken);
        return PyErr_NoMemory();
    }
    for (Py_ssize_t at = 0; at < size; at += length) {
        find_spans(&lexicon, tokens + at, length, spans);
        tell(&lexicon, tokens + at, length, spans, DATA(double, taken, 6) + at);
    }
    free(spans);
    give_back(&taken);
    Py_RETURN_NONE;
}
