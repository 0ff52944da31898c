/* Passages that stand twice in one text but for a few characters: where they differ. */
#include "parallels.h"

#include <stdlib.h>
#include <string.h>

#define RUN 8      /* characters that are equal where two passages are found */
#define LINK 6     /* and behind a difference, so that they go on */
#define APART 24   /* from one passage to the other: nearer, a pattern repeats itself */

/* Characters of the first and the second passage that a difference takes, by what is likeliest. */
static const int MOVES[][2] = {{1, 1}, {0, 1}, {1, 0}, {2, 2}, {0, 2}, {2, 0}, {1, 2}, {2, 1}};
#define MOVE_COUNT ((int)(sizeof MOVES / sizeof MOVES[0]))

/* How many characters are equal from there on, forwards or backwards. */
static int64_t ahead(const Walk *walk, int64_t first, int64_t second) {
    int64_t size = 0;
    while (first + size < walk->first_high && second + size < walk->second_high &&
           walk->one[first + size] == walk->other[second + size])
        size++;
    return size;
}

static int64_t behind(const Walk *walk, int64_t first, int64_t second) {
    int64_t size = 0;
    while (first - size > walk->first_low && second - size > walk->second_low &&
           walk->one[first - size - 1] == walk->other[second - size - 1])
        size++;
    return size;
}

/* The difference there: its number in MOVES, and how much is equal on its far side; -1 where the passages end. */
static int differ(const Walk *walk, int64_t first, int64_t second, int forwards, int64_t *size) {
    for (int move = 0; move < MOVE_COUNT; move++) {
        *size = forwards ? ahead(walk, first + MOVES[move][0], second + MOVES[move][1])
                         : behind(walk, first - MOVES[move][0], second - MOVES[move][1]);
        if (*size >= LINK)
            return move;
    }
    return -1;
}

static void tell(Walk *walk, int64_t first, int64_t second, int move, int64_t before, int64_t after) {
    if (MOVES[move][0] > 1 || MOVES[move][1] > 1 || walk->count == walk->room)
        return;
    int64_t row[COLUMNS] = {first, first + MOVES[move][0], second, second + MOVES[move][1], before, after};
    memcpy(walk->rows + COLUMNS * walk->count++, row, sizeof row);
}

int64_t follow(Walk *walk, int64_t first, int64_t second) {
    int64_t right = ahead(walk, first, second), left = behind(walk, first, second), size;
    int64_t whole = left + right, before = whole;
    if (whole < RUN)
        return 0;
    int64_t one = first + right, other = second + right;
    for (int move; (move = differ(walk, one, other, 1, &size)) >= 0; before = size) {
        tell(walk, one, other, move, before, size);
        one += MOVES[move][0] + size;
        other += MOVES[move][1] + size;
    }
    int64_t end = other, after = whole;
    if (walk->one == walk->other && walk->second_low < one) /* passages of one text do not overlap */
        walk->second_low = one;
    one = first - left;
    other = second - left;
    for (int move; (move = differ(walk, one, other, 0, &size)) >= 0; after = size) {
        tell(walk, one - MOVES[move][0], other - MOVES[move][1], move, size, after);
        one -= MOVES[move][0] + size;
        other -= MOVES[move][1] + size;
    }
    return end;
}

/* A hash of the run that begins there, as `_runs` in parallels.py has it. */
static inline uint32_t print_of(const uint16_t *at) {
    uint32_t two[4];
    for (int pair = 0; pair < 4; pair++)
        two[pair] = at[2 * pair] * 0x9E3779B1u + at[2 * pair + 1];
    uint32_t eight = (two[0] * 0x85EBCA77u + two[1]) * 0xC2B2AE3Du + two[2] * 0x85EBCA77u + two[3];
    return eight ^ (eight >> 15);
}

/* Runs by their prints and where they begin. */
typedef struct {
    uint32_t *prints;
    int32_t *places;
    int64_t count;
} Runs;

/* All runs, or those that begin behind what was dropped; room for as many as there are characters. */
static void find_runs(const uint16_t *kept, int64_t length, const int64_t *dropped, int64_t marks, int every, Runs *runs) {
    if (every) {
        for (int64_t at = 0; at + RUN <= length; at++)
            runs->places[runs->count++] = (int32_t)at;
    } else {
        int64_t last = -1;
        for (int64_t mark = 0; mark < marks; mark++) {
            int64_t at = dropped[mark] - mark;
            if (at > last && at + RUN <= length)
                runs->places[runs->count++] = (int32_t)(last = at);
        }
    }
    for (int64_t number = 0; number < runs->count; number++)
        runs->prints[number] = print_of(kept + runs->places[number]);
}

/* Leaves those whose print may stand twice: their place in a map, of which they fill one in eight at most, was taken by another. */
static void leave_repeated(Runs *runs, uint64_t *map, int shift) {
    for (int64_t number = 0; number < runs->count; number++) {
        uint32_t place = runs->prints[number] * 0x9E3779B1u >> shift;
        uint64_t once = (uint64_t)1 << 2 * (place & 31), word = map[place >> 5]; /* two bits a place: taken, taken twice */
        map[place >> 5] = word | once | (word & once) << 1;
    }
    int64_t left = 0;
    for (int64_t number = 0; number < runs->count; number++) {
        uint32_t place = runs->prints[number] * 0x9E3779B1u >> shift;
        runs->prints[left] = runs->prints[number];
        runs->places[left] = runs->places[number];
        left += map[place >> 5] >> (2 * (place & 31) + 1) & 1;
    }
    runs->count = left;
}

/* The number of the last equal print before this one, -1 for none; this one takes its place. */
static int64_t met(int32_t *table, uint32_t mask, const uint32_t *prints, int64_t number) {
    uint32_t slot = prints[number] * 0x85EBCA77u >> 7 & mask;
    while (table[slot] >= 0 && prints[table[slot]] != prints[number])
        slot = (slot + 1) & mask;
    int64_t last = table[slot];
    table[slot] = (int32_t)number;
    return last;
}

static int follow_all(Walk *walk, const Runs *runs) {
    uint32_t slots = 16;
    int64_t covered = 0;
    while (slots < (uint64_t)runs->count * 2)
        slots *= 2;
    int32_t *table = malloc(sizeof(int32_t) * slots);
    if (table == NULL)
        return -1;
    memset(table, 0xFF, sizeof(int32_t) * slots);
    for (int64_t number = 0; number < runs->count; number++) {
        int64_t last = met(table, slots - 1, runs->prints, number), place = runs->places[number];
        if (last < 0 || place < covered || place - runs->places[last] < APART)
            continue;
        walk->first_high = place;
        walk->second_low = covered;
        int64_t end = follow(walk, runs->places[last], place);
        covered = end > covered ? end : covered;
    }
    free(table);
    return 0;
}

/* Bits of a map in which the runs fill one in eight to one in sixteen. */
static int map_bits(int64_t count) {
    int bits = 9;
    while (bits < 31 && (int64_t)1 << bits < 8 * count)
        bits++;
    return bits;
}

/* kept, offsets of what was dropped between, (every), out: rows of six; returns how many */
PyObject *parallels(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "parallels", "u2 i8 i8 I8", args, given) != 0)
        return NULL;
    int64_t length = items(&taken, 0), marks = items(&taken, 1), last = -1;
    const int64_t *dropped = DATA(const int64_t, taken, 1);
    if (items(&taken, 2) != 1 || length > INT32_MAX / 4)
        return refuse(&taken, "parallels", "one option and a shorter text are needed");
    for (int64_t mark = 0; mark < marks; last = dropped[mark++])
        if (dropped[mark] <= last || dropped[mark] - mark > length)
            return refuse(&taken, "parallels", "offsets must ascend within the text");
    const uint16_t *kept = DATA(const uint16_t, taken, 0);
    Walk walk = {kept, kept, 0, 0, 0, length, DATA(int64_t, taken, 3), items(&taken, 3) / COLUMNS, 0};
    int every = *DATA(const int64_t, taken, 2) != 0;
    int64_t most = every || marks > length ? length : marks;
    int bits = map_bits(most);
    Runs runs = {malloc(sizeof(uint32_t) * (size_t)(most + 1)), malloc(sizeof(int32_t) * (size_t)(most + 1)), 0};
    uint64_t *map = calloc((size_t)1 << (bits - 5), sizeof(uint64_t));
    int failed = runs.prints == NULL || runs.places == NULL || map == NULL;
    if (!failed) {
        find_runs(kept, length, dropped, marks, every, &runs);
        leave_repeated(&runs, map, 32 - bits);
        failed = follow_all(&walk, &runs) != 0;
    }
    free(runs.prints);
    free(runs.places);
    free(map);
    give_back(&taken);
    return failed ? PyErr_NoMemory() : PyLong_FromLongLong(walk.count);
}
