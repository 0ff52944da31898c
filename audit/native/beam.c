/* The search for what a shifted run was: hypotheses grow character by character, the likeliest stay. */
#include "beam.h"

#include <string.h>

/* Puts a character behind a hypothesis; the arguments that come in are bounded so that all fit. */
static void append(const Language *language, Hypothesis *hypothesis, uint32_t code) {
    if (hypothesis->size < MOST_TEXT)
        hypothesis->text[hypothesis->size++] = (uint16_t)code;
    hypothesis->one = hypothesis->two;
    hypothesis->two = token_of(language, code);
}

/* A copy of a pick's parent with the character behind it, if one was picked. */
static void take_pick(const Language *language, Hypothesis *into, const Pick *pick) {
    *into = *pick->parent;
    into->cost = pick->cost;
    into->lead = pick->lead;
    if (pick->code)
        append(language, into, pick->code);
    if (pick->gap > NO_GAP && into->gaps <= GAPS)
        into->gap[into->gaps++] = (uint8_t)pick->gap;
}

static int64_t said_all(const Search *search, uint32_t one, uint32_t two, const uint32_t *codes, int size) {
    int64_t total = 0;
    for (int at = 0; at < size; at++) {
        total += said(&search->language, &search->page, one, two, codes[at]);
        one = two;
        two = token_of(&search->language, codes[at]);
    }
    return total;
}

static void open_run(Search *search, Beam *beam) {
    Hypothesis start = {0};
    start.one = token_of(&search->language, search->left[0]);
    start.two = token_of(&search->language, search->left[1]);
    Best best = {0, WIDTH, NO_BOUND, {{0}}};
    for (int number = 0; number < search->head_count; number++) {
        const Head *head = &search->heads[number];
        int64_t cost = head->cost + said_all(search, start.one, start.two, head->text, head->size);
        Pick pick = {cost, &start, HEAD, number, 0};
        offer(&best, &pick);
    }
    if (search->mark)
        begin_with_mark(search, &best, &start);
    beam->size = best.size;
    for (int at = 0; at < best.size; at++) {
        Hypothesis *one = &beam->each[at];
        take_pick(&search->language, one, &best.each[at]);
        if (best.each[at].gap != HEAD)
            continue;
        const Head *head = &search->heads[best.each[at].lead];
        one->lead = head->lead;
        for (int n = 0; n < head->size; n++)
            append(&search->language, one, head->text[n]);
    }
}

/* The hypotheses that go on with the pairs `at` to `end` as they stand. */
static void stand_fixed(const Search *search, const Beam *now, int at, int end, uint32_t first, Best *best) {
    if (at == search->gapped)
        return;
    uint32_t codes[MOST_PAIRS + 1];
    int size = end - at;
    for (int n = 1; n < size; n++)
        if (!(codes[n] = search->inner[at + n]))
            return;
    const Language *language = &search->language;
    int64_t common = 0;
    if (size > 3)
        common = said_all(search, token_of(language, codes[1]), token_of(language, codes[2]), codes + 3, size - 3);
    for (int n = 0; n < now->size; n++) {
        const Hypothesis *one = &now->each[n];
        codes[0] = search->gbk.chars[(one->lead & 0xFF) << 8 | search->pairs[2 * at]];
        if (!codes[0] || (first && first != codes[0]))
            continue;
        int64_t cost = one->cost + common + said_all(search, one->one, one->two, codes, size < 3 ? size : 3);
        Pick pick = {cost, one, FIXED, search->pairs[2 * end - 1], codes[0]};
        offer(best, &pick);
    }
}

/* Hypotheses that end before a pair that vanished; `lead` holds the last trail byte. Returns how many. */
static int end_before_gap(Search *search, const Beam *now, int gap, uint32_t first, int64_t bound, Hypothesis *halves) {
    Best best = {0, HALVES, bound, {{0}}};
    for (int n = 0; n < now->size && n < search->live; n++) {
        Choices choices = before_gap(search, now->each[n].lead);
        if (now->each[n].gaps < GAPS)
            grow(search, &best, &now->each[n], &choices, first, gap);
    }
    for (int n = 0; n < best.size; n++)
        take_pick(&search->language, &halves[n], &best.each[n]);
    return best.size;
}

/* The same of those before a second pair that vanished. */
static int end_between_gaps(Search *search, const Hypothesis *once, int size, int gap, int64_t bound, Hypothesis *halves) {
    Best best = {0, HALVES, bound, {{0}}};
    for (int n = 0; n < size && n < TWICE; n++) {
        Choices choices = between_gaps(search, once[n].lead);
        grow(search, &best, &once[n], &choices, 0, gap);
    }
    for (int n = 0; n < best.size; n++)
        take_pick(&search->language, &halves[n], &best.each[n]);
    return best.size;
}

static void begin_behind_gap(Search *search, const Hypothesis *halves, int size, int trail, int lead, Best *best) {
    for (int n = 0; n < size; n++) {
        Choices choices = behind_gap(search, halves[n].lead, trail, lead);
        grow(search, best, &halves[n], &choices, 0, NO_GAP);
    }
}

/* One step: over the pairs `at` to `end`, or over pairs that vanished before the first of them. */
static void step_over(Search *search, const Beam *now, int at, int end, uint32_t first, int vanish, Beam *then) {
    Hypothesis once[HALVES], twice[HALVES];
    Best best = {0, WIDTH, NO_BOUND, {{0}}};
    int trail = search->pairs[2 * at], lead = search->pairs[2 * at + 1];
    stand_fixed(search, now, at, end, first, &best);
    int size = vanish ? end_before_gap(search, now, at, first, bound_of(&best), once) : 0;
    begin_behind_gap(search, once, size, trail, lead, &best);
    size = vanish > 1 ? end_between_gaps(search, once, size, at, bound_of(&best), twice) : 0;
    begin_behind_gap(search, twice, size, trail, lead, &best);
    then->size = best.size;
    for (int n = 0; n < best.size; n++) {
        take_pick(&search->language, &then->each[n], &best.each[n]);
        for (int more = at + 1; best.each[n].gap == FIXED && more < end; more++)
            append(&search->language, &then->each[n], search->inner[more]);
    }
}

/* The last character behind pairs that vanished, where it is lost: of so many hypotheses, those before two pairs last. */
static void end_lost(Search *search, const Hypothesis *once, int size, const Hypothesis *twice, int more, Best *best) {
    for (int n = 0; n < size && n < LAST; n++)
        end_behind_gap(search, best, &once[n]);
    for (int n = 0; n < more && size + n < LAST; n++)
        end_behind_gap(search, best, &twice[n]);
}

/* What stands behind the run puts the hypotheses into their last order. */
static void finish_run(Search *search, const Best *best) {
    Beam ended;
    Best done = {0, WIDTH, NO_BOUND, {{0}}};
    uint32_t behind[MOST_RIGHT + 1];
    int size = 0;
    if (search->tail)
        behind[size++] = (uint32_t)search->tail;
    memcpy(behind + size, search->right, sizeof(uint32_t) * (size_t)search->right_size);
    size += search->right_size;
    for (int n = 0; n < best->size; n++) {
        Hypothesis *one = &ended.each[n];
        take_pick(&search->language, one, &best->each[n]);
        Pick pick = {one->cost + said_all(search, one->one, one->two, behind, size), one, NO_GAP, 0, (uint32_t)search->tail};
        offer(&done, &pick);
    }
    search->done.size = done.size;
    for (int n = 0; n < done.size; n++)
        take_pick(&search->language, &search->done.each[n], &done.each[n]);
}

/* The last character, then what stands behind the run. */
static void end_run(Search *search, const Beam *now, uint32_t first, int vanish) {
    Hypothesis once[HALVES], twice[HALVES];
    Best best = {0, WIDTH, NO_BOUND, {{0}}};
    int gap = search->count, shown = search->lone >= 0;
    for (int n = 0; n < now->size && gap != search->gapped; n++)
        end_with(search, &best, &now->each[n], first);
    int size = vanish ? end_before_gap(search, now, gap, first, shown ? bound_of(&best) : NO_BOUND, once) : 0;
    if (shown)
        begin_behind_gap(search, once, size, search->lone, 0, &best);
    int more = vanish > 1 && (shown || size < LAST) ? end_between_gaps(search, once, size, gap, bound_of(&best), twice) : 0;
    if (shown)
        begin_behind_gap(search, twice, more, search->lone, 0, &best);
    else
        end_lost(search, once, size, twice, more, &best);
    finish_run(search, &best);
}

/* Drops the beams that stand behind the first place where `vanish` differs from what was asked last; returns the last one left. */
static int last_held(Search *search, const uint8_t *vanish) {
    int changed = 0, last = -1;
    for (int n = search->count; n >= 0; n--)
        if (vanish[n] != search->asked[n])
            changed = n;
    for (int n = 0; n <= search->count; n++) {
        search->held[n] = search->held[n] && n <= changed;
        last = search->held[n] ? n : last;
        search->asked[n] = vanish[n];
    }
    return last;
}

/* What the run may have been, likeliest first, into `done`; `vanish` as in beam.py, by pair, 0 where none may have gone. */
void originals(Search *search, const uint8_t *vanish) {
    int at = last_held(search, vanish), count = search->count;
    if (at < 0) {
        at = search->skip;
        open_run(search, &search->stood[at]);
        search->held[at] = 1;
    }
    uint32_t first = at == search->skip ? search->first : 0;
    while (at < count && search->stood[at].size) {
        int end = at + 1;
        while (end < count && at > search->skip && !vanish[end] && !vanish[at])
            end++;
        step_over(search, &search->stood[at], at, end, first, vanish[at], &search->stood[end]);
        search->held[end] = 1;
        at = end;
        first = 0;
    }
    end_run(search, &search->stood[at], first, vanish[count]);
}
