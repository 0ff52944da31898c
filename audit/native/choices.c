/* Which GBK characters may be put where bytes were lost, and what each costs; the twin of audit/restore/likely.py. */
#include "beam.h"

#include <string.h>

/* Keeps the pick if it is among the likeliest; of equal ones the first. */
void offer(Best *best, const Pick *pick) {
    if (best->size == best->width) {
        if (pick->cost >= best->each[best->size - 1].cost)
            return;
        best->size--;
    }
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
    if (growing->best->size == growing->best->width)
        growing->worst = growing->best->each[growing->best->size - 1].cost;
}

/* The characters told by a byte that is shown or by a reading, likely or not. */
static void try_told(Growing *growing, uint32_t pair) {
    const Hypothesis *parent = growing->pick.parent;
    const Search *search = growing->search;
    uint32_t code = search->gbk.chars[pair];
    if (!code || (!growing->choices->any && !search->gbk.likely[pair]))
        return;
    int64_t cost = growing->base + said(&search->language, &search->page, parent->one, parent->two, code);
    if (cost < growing->worst)
        take_pair(growing, pair, cost);
}

static void try_readers(Growing *growing) {
    const Choices *choices = growing->choices;
    for (int64_t at = 0; at < growing->search->reader_count; at++) {
        int pair = growing->search->readers[at], lead = pair >> 8, trail = pair & 0xFF;
        if (lead < choices->first_lead || lead > choices->last_lead || (choices->leads && !choices->leads[lead]))
            continue;
        if (trail >= choices->first_trail && trail <= choices->last_trail)
            try_told(growing, (uint32_t)pair);
    }
}

/* The likely characters with one byte, of whose other bytes those from `least` on stand that `may`, if it is given. */
static void try_row(Growing *growing, const Index *index, int byte, int least, const uint8_t *may) {
    const Language *language = &growing->search->language;
    const Page *page = &growing->search->page;
    const Hypothesis *parent = growing->pick.parent;
    for (int at = index->starts[byte]; at < index->starts[byte + 1]; at++) {
        uint32_t other = index->bytes[at], token = index->tokens[at];
        if ((int)other < least || (may && !may[other]) || token >= language->kinds)
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
            take_pair(growing, index->by_lead ? (uint32_t)byte << 8 | other : other << 8 | (uint32_t)byte, cost);
    }
}

static void try_all(Growing *growing) {
    const Choices *choices = growing->choices;
    if (choices->first_trail == choices->last_trail) {
        try_row(growing, &growing->search->gbk.with_trail, choices->first_trail, 0, choices->leads);
        return;
    }
    for (int lead = choices->first_lead; lead <= choices->last_lead; lead++)
        if (!choices->leads || choices->leads[lead])
            try_row(growing, &growing->search->gbk.with_lead, lead, choices->first_trail, choices->trails);
}

/* Offers all choices behind a hypothesis; `first` is the code point that it must be, or 0; `gap` the one before which it ends, or NO_GAP. */
void grow(Search *search, Best *best, const Hypothesis *parent, const Choices *choices, uint32_t first, int gap) {
    Growing growing = {search, best, choices, {0, parent, gap, 0, 0}, parent->cost, INT64_MAX, first};
    int asked = search->page.worded && !choices->any;
    if (gap > NO_GAP)
        growing.base += GAP_COST;
    if (asked)
        note_followers(&search->page, parent->two);
    if (best->size == best->width)
        growing.worst = best->each[best->size - 1].cost;
    if (choices->reading)
        try_readers(&growing);
    else if (choices->any)
        try_told(&growing, (uint32_t)(choices->first_lead << 8 | choices->first_trail));
    else
        try_all(&growing);
    if (asked)
        forget_followers(&search->page, parent->two);
}

static const Choices EVERY = {0, 0xFF, 0, 0xFF, 0, NULL, NULL, 0, 0};

static Choices with_lead(int lead) {
    Choices choices = EVERY;
    choices.first_lead = choices.last_lead = lead & 0xFF;
    return choices;
}

Choices before_gap(const Search *search, int lead) {
    Choices choices = with_lead(lead);
    choices.trails = search->gbk.may_go;
    choices.behind = -1;
    return choices;
}

Choices behind_gap(const Search *search, int first, int trail, int behind) {
    Choices choices = EVERY;
    choices.leads = search->gbk.vanishing + ((first & 0xFF) << 8);
    choices.first_trail = choices.last_trail = trail;
    choices.behind = behind;
    return choices;
}

Choices between_gaps(const Search *search, int first) {
    Choices choices = EVERY;
    choices.leads = search->gbk.vanishing + ((first & 0xFF) << 8);
    choices.trails = search->gbk.may_go;
    choices.behind = -1;
    return choices;
}

/* The last character, behind its lead byte: its trail byte is shown, or told by its reading, or lost. */
void end_with(Search *search, Best *best, const Hypothesis *parent, uint32_t first) {
    Choices choices = with_lead(parent->lead);
    choices.reading = search->has_reading;
    choices.any = search->has_reading || search->lone >= 0;
    if (search->lone >= 0)
        choices.first_trail = choices.last_trail = search->lone;
    else if (!search->has_reading)
        choices.first_trail = FIRST_LEAD; /* it might itself lead */
    grow(search, best, parent, &choices, first, NO_GAP);
}

/* The last character behind a pair that vanished; its trail byte is told by its reading, or lost. */
void end_behind_gap(Search *search, Best *best, const Hypothesis *parent) {
    Choices choices = EVERY;
    choices.leads = search->gbk.vanishing + ((parent->lead & 0xFF) << 8);
    choices.reading = search->has_reading;
    if (!search->has_reading)
        choices.first_trail = FIRST_LEAD;
    grow(search, best, parent, &choices, 0, NO_GAP);
}

/* The character that a mark was born of with the one behind it. */
void begin_with_mark(Search *search, Best *best, const Hypothesis *start) {
    Choices choices = EVERY;
    choices.first_trail = choices.last_trail = FIRST_OF_MARK;
    choices.behind = search->mark;
    grow(search, best, start, &choices, 0, NO_GAP);
}
