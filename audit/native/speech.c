/* What a character costs behind two others: by the language, and with what its page holds mixed in. */
#include "beam.h"

#include <string.h>

#define PAIR_SHARE 0.15
#define TRIPLE_SHARE 0.15
#define NEAR_SHARE 0.1
#define UNIT 10000

static int64_t first_not_below(const Counted *counted, int64_t key) {
    int64_t low = 0, high = counted->size;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (counted->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int64_t count_of(const Counted *counted, int64_t key) {
    int64_t at = first_not_below(counted, key);
    return at < counted->size && counted->keys[at] == key ? counted->counts[at] : 0;
}

/* Units of a probability, as `mixed` of units.py reads them off the bits of a double. */
static int64_t units_of(const Language *language, double probability) {
    int64_t raw;
    memcpy(&raw, &probability, sizeof raw);
    return -(language->logarithms[raw >> 40 & 0xFFF] + ((raw >> 52) - 1023) * UNIT);
}

int64_t vouched(const Language *language, const Page *page, uint32_t one, uint32_t two, uint32_t three, int step) {
    int64_t pair = (int64_t)two << TOKEN_BITS | three;
    int64_t count = count_of(&page->pairs, pair);
    if (count <= 0)
        return language->unvouched[step];
    double share = PAIR_SHARE * (double)count / ((double)page->singles[two] + 1.0);
    int64_t whole = count_of(&page->triples, (int64_t)one << 2 * TOKEN_BITS | pair);
    share += TRIPLE_SHARE * (double)whole / ((double)count_of(&page->pairs, (int64_t)one << TOKEN_BITS | two) + 1.0);
    int64_t near = count_of(&page->near_pairs, pair);
    share += NEAR_SHARE * (double)near / ((double)count_of(&page->near_singles, two) + 1.0);
    return units_of(language, language->shares[step] + share);
}

static int64_t foreign(const Language *language, const Page *page, uint32_t code) {
    return language->classes[code < 65535 ? code : 65535] & page->script ? FOREIGN_COST : 0;
}

int64_t said_plainly(const Language *language, const Page *page, uint32_t two, uint32_t code) {
    return steps(language, two, token_of(language, code)) * (int64_t)STEP + foreign(language, page, code);
}

int64_t said(const Language *language, const Page *page, uint32_t one, uint32_t two, uint32_t code) {
    if (!page->worded)
        return said_plainly(language, page, two, code);
    uint32_t three = token_of(language, code);
    return vouched(language, page, one, two, three, steps(language, two, three)) + foreign(language, page, code);
}

static int64_t followers(const Page *page, uint32_t two) {
    return first_not_below(&page->pairs, (int64_t)two << TOKEN_BITS);
}

void note_followers(Page *page, uint32_t two) {
    for (int64_t at = followers(page, two); at < page->pairs.size && page->pairs.keys[at] >> TOKEN_BITS == two; at++) {
        uint32_t token = (uint32_t)page->pairs.keys[at] & ((1 << TOKEN_BITS) - 1);
        page->followed[token >> 6] |= (uint64_t)1 << (token & 63);
    }
}

void forget_followers(Page *page, uint32_t two) {
    for (int64_t at = followers(page, two); at < page->pairs.size && page->pairs.keys[at] >> TOKEN_BITS == two; at++)
        page->followed[(page->pairs.keys[at] & ((1 << TOKEN_BITS) - 1)) >> 6] = 0;
}
