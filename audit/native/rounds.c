/* The rounds of a search: as the bytes stand first, then with pairs that vanished where it reads badly; see shift.py. */
#include "beam.h"

#include <string.h>

#define UNIT 10000
#define PLAIN_PEAK (11 * UNIT)
#define PLAIN_MEAN (7 * UNIT)
#define PEAK (9 * UNIT)
#define PEAKS 3
#define SHORT 8
static const int64_t HOPELESS[2] = {-28 * UNIT, -12 * UNIT};

static int same_text(const Hypothesis *one, const Hypothesis *other) {
    return one->size == other->size && !memcmp(one->text, other->text, sizeof(uint16_t) * (size_t)one->size);
}

/* Puts an original among the others by what it costs, behind its equals; of those with the same text the cheapest stays. */
static void add(Told *told, const Hypothesis *original) {
    int place = told->size, twin = -1;
    for (int n = 0; n < told->size; n++)
        if (same_text(&told->each[n], original))
            twin = n;
    if (twin >= 0 && told->each[twin].cost <= original->cost)
        return;
    if (twin >= 0) {
        told->size--;
        memmove(&told->each[twin], &told->each[twin + 1], sizeof(Hypothesis) * (size_t)(told->size - twin));
    }
    place = told->size;
    while (place > 0 && told->each[place - 1].cost > original->cost)
        place--;
    memmove(&told->each[place + 1], &told->each[place], sizeof(Hypothesis) * (size_t)(told->size - place));
    told->each[place] = *original;
    told->size++;
}

/* What the characters of the best original and of the context behind it cost. */
static void weigh_best(const Search *search, Told *told) {
    const Hypothesis *best = &told->each[0];
    uint32_t one = token_of(&search->language, search->left[0]), two = token_of(&search->language, search->left[1]);
    told->length = best->size + search->right_size;
    told->sum = told->cost = 0;
    for (int n = 0; n < told->length; n++) {
        uint32_t code = n < best->size ? best->text[n] : search->right[n - best->size];
        int64_t units = said(&search->language, &search->page, one, two, code);
        told->cost += n < best->size ? units : said_plainly(&search->language, &search->page, two, code);
        told->sum += units;
        told->units[n] = units;
        told->peak = n && told->peak > units ? told->peak : units;
        one = two;
        two = token_of(&search->language, code);
    }
}

/* For each character of the best original but the tail, the number of the shown pair that completed it; returns how many. */
static int owners_of(const Search *search, const Hypothesis *best, int *owners) {
    int size = 0, ends = search->count + 1 - search->skip;
    int heads = best->size - (search->tail != 0) - ends - best->gaps;
    while (size < heads)
        owners[size++] = search->skip;
    for (int n = search->skip; n <= search->count; n++) {
        owners[size++] = n;
        for (int gap = 0; gap < best->gaps; gap++)
            if (best->gap[gap] == n)
                owners[size++] = n;
    }
    return size < best->size ? size : best->size;
}

/* Marks the gaps about which the best original reads badly. */
static void mark_odd(const Search *search, const Told *told, uint8_t *odd) {
    if (told->sum <= PLAIN_MEAN * (int64_t)told->length && told->peak <= PLAIN_PEAK)
        return;
    int owners[2 * MOST_TEXT];
    uint8_t seen[2 * MOST_TEXT] = {0};
    int size = owners_of(search, &told->each[0], owners);
    for (int peak = 0; peak < PEAKS; peak++) {
        int worst = -1;
        for (int n = 0; n < size; n++)
            if (!seen[n] && (worst < 0 || told->units[n] > told->units[worst]))
                worst = n;
        if (worst < 0 || told->units[worst] <= PEAK)
            return;
        seen[worst] = 1;
        for (int gap = owners[worst] - 1; gap <= owners[worst]; gap++)
            if (gap >= search->skip)
                odd[gap] = 1;
    }
}

/* Marks the gaps at or before which a pair must have vanished, as the bytes make no character; else the first ones. */
static void mark_broken(const Search *search, uint8_t *odd) {
    int any = 0;
    for (int n = search->skip + 1; n < search->count; n++)
        if (!search->inner[n])
            any = odd[n - 1] = odd[n] = 1;
    for (int n = search->skip; !any && n <= search->count && n < search->skip + SHORT; n++)
        odd[n] = 1;
}

/* Lets one more pair vanish at each odd gap, two at most; returns whether anything changed. */
static int widen(const Search *search, const uint8_t *odd, uint8_t *vanish) {
    int changed = 0;
    for (int n = 0; n <= search->count; n++) {
        if (odd[n] && vanish[n] < 2) {
            vanish[n]++;
            changed = 1;
        }
    }
    return changed;
}

/* At most so many rounds; they end where the originals gain `enough` over what is `shown`, or so little that it is hopeless. */
void rounds(Search *search, int most, int64_t shown, int64_t enough, Told *told) {
    uint8_t vanish[MOST_PAIRS + 2] = {0};
    told->size = 0;
    for (int round = 0; round < most; round++) {
        uint8_t odd[MOST_PAIRS + 2] = {0};
        originals(search, vanish);
        for (int n = 0; n < search->done.size; n++)
            add(told, &search->done.each[n]);
        if (told->size) {
            const Hypothesis *best = &told->each[0];
            weigh_best(search, told);
            if (shown - told->cost < HOPELESS[round > 0] || shown - told->cost >= enough)
                return;
            mark_odd(search, told, odd);
            for (int gap = 0; gap < best->gaps; gap++)
                odd[best->gap[gap]] |= vanish[best->gap[gap]] == 1;
        } else {
            mark_broken(search, odd);
        }
        if (!widen(search, odd, vanish))
            return;
    }
}
