/* A text as overlapping runs of its kept characters: sifted, hashed, sampled. */
#include "native.h"

#define RUN 12     /* characters of a print */
#define BLOCK 1024 /* runs hashed at a time */
#define BINS 128

PyObject *sift(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "sift", "u2 u2 i8 i8 U2 I8 I8 I8", args, given) != 0)
        return NULL;
    const uint16_t *codes = DATA(const uint16_t, taken, 0), *table = DATA(const uint16_t, taken, 1);
    const int64_t *starts = DATA(const int64_t, taken, 2), *ends = DATA(const int64_t, taken, 3);
    uint16_t *kept = DATA(uint16_t, taken, 4);
    int64_t *dropped = DATA(int64_t, taken, 5), *low = DATA(int64_t, taken, 6), *high = DATA(int64_t, taken, 7);
    int64_t length = items(&taken, 0), lines = items(&taken, 2), count = 0, at = 0;
    if (items(&taken, 1) != 65536 || items(&taken, 3) != lines || items(&taken, 4) < length ||
        items(&taken, 5) < length || items(&taken, 6) != lines || items(&taken, 7) != lines)
        return refuse(&taken, "sift", "a table of 65536, room for all codes and as many ends as starts are needed");
    for (int64_t edge = 0; edge <= 2 * lines; edge++) {
        int64_t till = edge == 2 * lines ? length : (edge & 1 ? ends : starts)[edge >> 1];
        if (till < at || till > length)
            return refuse(&taken, "sift", "lines must ascend within the text");
        for (; at < till; at++) { /* both are written, and what is none of them is written over */
            uint16_t value = table[codes[at]];
            kept[count] = value;
            dropped[at - count] = at;
            count += value != 0;
        }
        if (edge < 2 * lines)
            (edge & 1 ? high : low)[edge >> 1] = count;
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

/* Hashes of `count` runs that begin at `kept`, at most a block of them. */
WIDER static void hash_runs(const uint16_t *kept, int64_t count, uint32_t *hashes) {
    uint32_t two[BLOCK + RUN], four[BLOCK + RUN];
    for (int64_t at = 0; at < count + RUN - 2; at++)
        two[at] = kept[at] * 0x9E3779B1u + kept[at + 1];
    for (int64_t at = 0; at < count + RUN - 4; at++)
        four[at] = two[at] * 0x85EBCA77u + two[at + 2];
    for (int64_t at = 0; at < count; at++) {
        uint32_t whole = four[at] * 0xC2B2AE3Du + four[at + 4] + four[at + 8] * 0x165667B1u;
        whole *= 0x27D4EB2Fu;
        hashes[at] = whole ^ whole >> 15;
    }
}

/* Adds hashes to a paragraph's sum and to what they make exclusive. */
WIDER static void add_up(const uint32_t *hashes, int64_t at, int64_t end, uint32_t *sum, uint32_t *mixed) {
    uint32_t added = 0, exclusive = 0;
    for (; at < end; at++) {
        added += hashes[at];
        exclusive ^= hashes[at];
    }
    *sum += added;
    *mixed ^= exclusive;
}

PyObject *run_prints(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "run_prints", "u2 u4 i8 i8 U4 I8 U4 U4", args, given) != 0)
        return NULL;
    const uint16_t *kept = DATA(const uint16_t, taken, 0);
    const int64_t *low = DATA(const int64_t, taken, 2), *high = DATA(const int64_t, taken, 3);
    uint32_t *prints = DATA(uint32_t, taken, 4), *sums = DATA(uint32_t, taken, 6), *mixed = DATA(uint32_t, taken, 7);
    int64_t *places = DATA(int64_t, taken, 5);
    int64_t runs = items(&taken, 0) - (RUN - 1), lines = items(&taken, 2), count = 0, line = 0;
    runs = runs > 0 ? runs : 0;
    if (items(&taken, 1) != 1 || items(&taken, 3) != lines || items(&taken, 4) < runs || items(&taken, 5) < runs ||
        items(&taken, 6) != lines || items(&taken, 7) != lines)
        return refuse(&taken, "run_prints", "a bound, room for all runs and as many ends as starts are needed");
    for (int64_t number = 0; number < lines; number++)
        if (low[number] < 0 || high[number] < low[number] || high[number] > runs ||
            (number && low[number] < high[number - 1]))
            return refuse(&taken, "run_prints", "paragraphs must ascend within the text");
    uint32_t below = *DATA(const uint32_t, taken, 1), hashes[BLOCK];
    for (int64_t start = 0; start < runs; start += BLOCK) {
        int64_t size = runs - start < BLOCK ? runs - start : BLOCK;
        hash_runs(kept + start, size, hashes);
        for (int64_t at = 0; at < size; at++) {
            prints[count] = hashes[at];
            places[count] = start + at;
            count += hashes[at] < below;
        }
        for (; line < lines && low[line] < start + size; line++) {
            int64_t first = low[line] > start ? low[line] - start : 0;
            int64_t end = high[line] - start < size ? high[line] - start : size;
            add_up(hashes, first, end, sums + line, mixed + line);
            if (high[line] > start + size)
                break; /* it goes on in the next block */
        }
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

PyObject *triple_minima(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "triple_minima", "u2 U4 U1", args, given) != 0)
        return NULL;
    const uint16_t *kept = DATA(const uint16_t, taken, 0);
    uint32_t *least = DATA(uint32_t, taken, 1);
    uint8_t *filled = DATA(uint8_t, taken, 2);
    int64_t length = items(&taken, 0);
    if (items(&taken, 1) != BINS || items(&taken, 2) != BINS)
        return refuse(&taken, "triple_minima", "room for 128 bins is needed");
    for (int64_t at = 0; at + 2 < length; at++) {
        uint32_t value = kept[at] * 0x9E3779B1u + kept[at + 1] * 0x85EBCA77u + kept[at + 2] * 0xC2B2AE3Du;
        value ^= value >> 15;
        value *= 0x85EBCA6Bu;
        value ^= value >> 13;
        uint32_t bin = value >> 25;
        filled[bin] = 1;
        if (value < least[bin])
            least[bin] = value;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
