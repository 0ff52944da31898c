/* Which GBK characters may be put where bytes were lost, and what each costs; the twin of audit/restore/likely.py. */
#include "beam.h"

#include <string.h>

/* Keeps the pick if it is among the likeliest; of equal ones the first. */
void offer(Best *best, const Pick *pick) {
    if (pick->cost >= bound_of(best))
        return;
    if (best->size == best->width)
        best->size--;
    int at = best->size++;
    for (; at > 0 && best->each[at - 1].cost > pick->cost; at--)
        best->each[at] = best->each[at - 1];
    best->each[at] = *pick;
}

/* What the search looks at while one hypothesis grows. */
typedef struct {
    Search *search;
    Best *best;
    const Choices *choices;
    Pick pick;
    int64_t base, worst; /* what the parent costs, and what no further pick may cost */
    uint32_t first;
} Growing;

static void take_pair(Growing *growing, uint32_t pair, int64_t cost) {
    uint32_t code = growing->search->gbk.chars[pair];
    if (growing->first && growing->first != code)
        return;
    growing->pick.cost = cost;
    growing->pick.code = code;
    growing->pick.lead = growing->choices->behind < 0 ? GAP | (int)(pair & 0xFF) : growing->choices->behind;
    offer(growing->best, &growing->pick);
    growing->worst = bound_of(growing->best);
}

/* A character that a byte or a reading tells; what vanished before it allows but likely ones. */
static void try_told(Growing *growing, uint32_t pair) {
    const Choices *choices = growing->choices;
    const Hypothesis *parent = growing->pick.parent;
    const Search *search = growing->search;
    uint32_t code = search->gbk.chars[pair];
    if (!code || (choices->rows && !(choices->rows[pair >> 8] && search->gbk.likely[pair])))
        return;
    int64_t cost = growing->base + said(&search->language, &search->page, parent->one, parent->two, code);
    if (cost < growing->worst)
        take_pair(growing, pair, cost);
}

static void try_readers(Growing *growing) {
    const Choices *choices = growing->choices;
    for (int64_t at = 0; at < growing->search->reader_count; at++) {
        int pair = growing->search->readers[at];
        if ((choices->lead < 0 || choices->lead == pair >> 8) && (choices->trail < 0 || choices->trail == (pair & 0xFF)))
            try_told(growing, (uint32_t)pair);
    }
}

static void try_row(Growing *growing, int byte) {
    const Choices *choices = growing->choices;
    const Language *language = &growing->search->language;
    const Page *page = &growing->search->page;
    const Hypothesis *parent = growing->pick.parent;
    const uint32_t *entry = choices->index->entries + choices->index->starts[byte];
    const uint32_t *end = choices->index->entries + choices->index->starts[byte + 1];
    for (; entry < end; entry++) {
        uint32_t pair = *entry >> 16, token = *entry & 0xFFFF;
        if ((choices->may && !choices->may[pair >> choices->shift & 0xFF]) || token >= language->kinds)
            continue;
        int step = steps(language, parent->two, token);
        int64_t cost = growing->base;
        if (!page->worded)
            cost += step * (int64_t)STEP;
        else if (page->followed[token >> 6] >> (token & 63) & 1)
            cost += vouched(language, page, parent->one, parent->two, token, step);
        else
            cost += language->unvouched[step];
        if (cost < growing->worst)
            take_pair(growing, pair, cost);
    }
}

static void try_likely(Growing *growing) {
    const uint8_t *rows = growing->choices->rows;
    if (!rows)
        try_row(growing, growing->choices->byte);
    for (int byte = 0; rows && byte < 256; byte++)
        if (rows[byte])
            try_row(growing, byte);
}

/*
 * Offers all choices behind a hypothesis; `first` is the code point that it must be, or 0; `gap` the one before which it ends, or
 * NO_GAP.
 */
void grow(Search *search, Best *best, const Hypothesis *parent, const Choices *choices, uint32_t first, int gap) {
    Growing growing = {search, best, choices, {0, parent, gap, 0, 0}, parent->cost, bound_of(best), first};
    if (gap > NO_GAP)
        growing.base += GAP_COST;
    if (growing.base >= growing.worst)
        return; /* no character costs less than nothing */
    if (choices->index) {
        if (search->page.worded)
            note_followers(&search->page, parent->two);
        try_likely(&growing);
        if (search->page.worded)
            forget_followers(&search->page, parent->two);
    } else if (search->has_reading) {
        try_readers(&growing);
    } else {
        try_told(&growing, (uint32_t)((choices->lead & 0xFF) << 8 | (choices->trail & 0xFF)));
    }
}

Choices before_gap(const Search *search, int lead) {
    return (Choices){&search->gbk.going, lead & 0xFF, 0, NULL, NULL, -1, -1, -1};
}

Choices behind_gap(const Search *search, int first, int trail, int behind) {
    const uint8_t *vanishing = search->gbk.vanishing + ((first & 0xFF) << 8);
    return (Choices){&search->gbk.with_trail, trail & 0xFF, 8, NULL, vanishing, -1, -1, behind};
}

Choices between_gaps(const Search *search, int first) {
    const uint8_t *vanishing = search->gbk.vanishing + ((first & 0xFF) << 8);
    return (Choices){&search->gbk.going, 0, 0, vanishing, NULL, -1, -1, -1};
}

/* The last character, behind its lead byte: its trail byte is shown, or told by its reading, or lost, and might itself lead. */
void end_with(Search *search, Best *best, const Hypothesis *parent, uint32_t first) {
    int lead = parent->lead & 0xFF, lost = !search->has_reading && search->lone < 0;
    Choices choices = {lost ? &search->gbk.with_lead : NULL, lead, 0, NULL, search->gbk.leads, lead, search->lone, 0};
    grow(search, best, parent, &choices, first, NO_GAP);
}

/* The last character behind a pair that vanished; its trail byte is told by its reading, or lost. */
void end_behind_gap(Search *search, Best *best, const Hypothesis *parent) {
    const uint8_t *vanishing = search->gbk.vanishing + ((parent->lead & 0xFF) << 8);
    const Index *index = search->has_reading ? NULL : &search->gbk.with_lead;
    Choices choices = {index, 0, 0, vanishing, search->gbk.leads, -1, -1, 0};
    grow(search, best, parent, &choices, 0, NO_GAP);
}

/* The character that a mark was born of with the one behind it. */
void begin_with_mark(Search *search, Best *best, const Hypothesis *start) {
    Choices choices = {&search->gbk.with_trail, FIRST_OF_MARK, 8, NULL, NULL, -1, -1, search->mark};
    grow(search, best, start, &choices, 0, NO_GAP);
}
