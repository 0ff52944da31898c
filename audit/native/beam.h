/* The search for shifted bytes: what its files share. Its numpy twin is audit/restore/beam.py; names are the same. */
#ifndef JIAOKAN_BEAM_H
#define JIAOKAN_BEAM_H

#include "native.h"

/* Of audit/restore: units.py, weighing.py, page.py, gbk.py, likely.py */
#define STEP 1000
#define STEPS 512
#define GAP_COST 30000
#define FOREIGN_COST 80000
#define TOKEN_BITS 14
#define GAP 0x100
/* beam.py */
#define WIDTH 12
#define GAPS 5
#define HALVES 16
#define TWICE 4
#define LAST 4
#define FIRST_OF_MARK 0xA3

#define MOST_PAIRS 66     /* of a run */
#define MOST_COST ((int64_t)1 << 40)
#define MOST_HEAD 8       /* characters that open a run */
#define MOST_RIGHT 8      /* characters of the context behind a run */
#define MOST_TEXT 96      /* head, pairs, a character for each gap, the last one, the tail */

/* The language model's tables; a token is below `kinds`, a slot is masked. */
typedef struct {
    const uint16_t *tokens; /* by code point, 65537 */
    const uint8_t *classes; /* by code point, 65536 */
    const int16_t *unigram, *backoff;
    const uint32_t *rows;
    const uint16_t *bigram;
    const double *shares;      /* by steps */
    const int32_t *logarithms; /* 4096 */
    const int32_t *unvouched;  /* by steps */
    uint32_t kinds, mask;
} Language;

/* Ascending keys and how often each stands on a page. */
typedef struct {
    const int64_t *keys, *counts;
    int64_t size;
} Counted;

/* What is known of the page, and which of its tokens follow the one that is at hand. */
typedef struct {
    Counted pairs, triples, near_pairs, near_singles;
    const int64_t *singles; /* by token */
    int script, worded;
    uint64_t followed[1 << (TOKEN_BITS - 6)];
} Page;

/* A partial original; `one` and `two` are the tokens of the last two characters. */
typedef struct {
    int64_t cost;
    int size, gaps, lead;
    uint32_t one, two;
    uint8_t gap[GAPS + 1];
    uint16_t text[MOST_TEXT];
} Hypothesis;

typedef struct {
    int size;
    Hypothesis each[WIDTH];
} Beam;

/* Likely pairs by a byte: where those of each begin, 257; the pair, ascending, above the token of its character. */
typedef struct {
    const uint32_t *starts, *entries;
} Index;

/*
 * A set of characters: the likely ones that an index has at a byte, or at all bytes that may stand by `rows`; if `may` is given,
 * those whose other byte may stand by it. Where there is no index, those of the reading that is told, or the one with the bytes
 * `lead` and `trail` (-1: any), likely or not.
 */
typedef struct {
    const Index *index;
    int byte, shift; /* at which byte; by how many bits the other is shifted in a pair */
    const uint8_t *rows, *may;
    int lead, trail, behind; /* the lead byte that waits behind each; -1: GAP | trail */
} Choices;

typedef struct {
    const uint16_t *chars;    /* by pair, 0: none */
    Index with_lead, with_trail;
    Index going; /* by lead byte, those whose trail byte may begin a pair that vanishes */
    const uint8_t *likely;    /* by pair, whether it may be proposed */
    const uint8_t *vanishing; /* by pair */
    const uint8_t *leads;     /* by byte, whether it may lead a pair */
} Pairs;

/* What may open a run. */
typedef struct {
    uint32_t text[MOST_HEAD];
    int size, lead;
    int64_t cost;
} Head;

/* One reading of a run between two contexts on a page, and the beams before its pairs as it was asked last. */
typedef struct {
    Language language;
    Page page;
    Pairs gbk;
    const uint8_t *pairs; /* trail and lead of each */
    const uint16_t *readers;
    int64_t reader_count;
    int count, lone, has_reading, tail, right_size, skip, mark, live, gapped;
    uint32_t first, left[2], right[MOST_RIGHT];
    Head *heads;
    int head_count;
    uint32_t inner[MOST_PAIRS + 1];
    uint8_t asked[MOST_PAIRS + 2], held[MOST_PAIRS + 2];
    Beam *stood, done;
} Search;

/* A hypothesis that grows by one character, or goes on with pairs that stand fixed, or with a head by its number. */
typedef struct {
    int64_t cost;
    const Hypothesis *parent;
    int gap, lead;
    uint32_t code;
} Pick;

#define NO_GAP (-1)
#define FIXED (-2)
#define HEAD (-3)

/* The likeliest picks so far; what costs as much as the bound is none. */
typedef struct {
    int size, width;
    int64_t bound;
    Pick each[HALVES];
} Best;

#define NO_BOUND INT64_MAX

/* What a further pick must cost less than. */
static inline int64_t bound_of(const Best *best) {
    int64_t last = best->size == best->width ? best->each[best->size - 1].cost : NO_BOUND;
    return last < best->bound ? last : best->bound;
}

/* What the rounds of a search come to: the originals, and what the best one's characters and those behind them cost. */
#define MOST_ROUNDS 4

typedef struct {
    int size, length;
    int64_t sum, peak, cost; /* in `cost` the page does not vouch for what stands behind the run */
    int64_t units[MOST_TEXT + MOST_RIGHT];
    Hypothesis each[MOST_ROUNDS * WIDTH];
} Told;

static inline uint32_t token_of(const Language *language, uint32_t code) {
    uint32_t token = language->tokens[code < 65536 ? code : 65536];
    return token < language->kinds ? token : 0;
}

/* How unlikely a token is behind another, in steps of a tenth of a bit. */
static inline int steps(const Language *language, uint32_t two, uint32_t three) {
    uint32_t row = language->rows[two];
    uint16_t entry = language->bigram[(row + three) & language->mask];
    if (entry >> 8 == (row & 0xFF))
        return entry & 0xFF;
    int unknown = language->unigram[three] + language->backoff[two];
    return unknown < 0 ? 0 : unknown < STEPS ? unknown : STEPS - 1;
}

/* speech.c */
int64_t said(const Language *language, const Page *page, uint32_t one, uint32_t two, uint32_t code);
int64_t said_plainly(const Language *language, const Page *page, uint32_t two, uint32_t code);
int64_t vouched(const Language *language, const Page *page, uint32_t one, uint32_t two, uint32_t three, int step);
void note_followers(Page *page, uint32_t two);
void forget_followers(Page *page, uint32_t two);
/* choices.c */
void offer(Best *best, const Pick *pick);
void grow(Search *search, Best *best, const Hypothesis *parent, const Choices *choices, uint32_t first, int gap);
void end_with(Search *search, Best *best, const Hypothesis *parent, uint32_t first);
void end_behind_gap(Search *search, Best *best, const Hypothesis *parent);
void begin_with_mark(Search *search, Best *best, const Hypothesis *start);
Choices before_gap(const Search *search, int lead);
Choices behind_gap(const Search *search, int first, int trail, int behind);
Choices between_gaps(const Search *search, int first);
/* beam.c */
void originals(Search *search, const uint8_t *vanish);
/* rounds.c */
void rounds(Search *search, int most, int64_t shown, int64_t enough, Told *told);
/* tables.c */
#define LANGUAGE "u2 u1 i2 i2 u4 u2 f8 i4 i4"
#define PAGE "i8 i8 i8 i8 i8 i8 i8 i8 i8"
#define LANGUAGE_AND_PAGE 18
const char *language_of(const Buffers *taken, Language *language);
const char *page_of(const Buffers *taken, Page *page);
int codes_of(PyObject *text, uint32_t *codes, int most);

/* Where texts are weighed: the tables of triples beside those of the language, and the contexts. */
#define MOST_CODES 256

typedef struct {
    const Language *language;
    const Page *page;
    const uint8_t *after;
    const uint16_t *trigrams;
    uint32_t context[2], before[MOST_CODES], behind[MOST_CODES], right[MOST_RIGHT], line;
    int before_size, behind_size, right_size;
} Weighing;

/* What a text costs with the page's own words, without, and by triples of characters. */
typedef struct {
    int64_t words, alone, triples;
} Weights;

/* weights.c */
const char *triples_of(const Buffers *taken, int argument, const Language *language, Weighing *weighing);
int around_of(PyObject *before, PyObject *behind, Weighing *weighing);
Weights weigh_text(const Weighing *weighing, const uint32_t *codes, int size);
/* search.c */
#define SEARCH LANGUAGE " " PAGE " u2 u1 u1 u1 u4 u4 u4 u4 u4 u4 u2 u1"
#define SEARCHED 30
Search *open_search(Buffers *taken, const char *name, const char *forms, int tables, PyObject *const *args, Py_ssize_t given);
void close_search(Buffers *taken, Search *search);
PyObject *text_of(const Hypothesis *one);
PyObject *listed(const Hypothesis *each, int size); /* (text, cost, gaps) of each */

#endif
