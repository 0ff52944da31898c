/* Passages that two texts share: where they differ. */
#include "parallels.h"

#include <stdlib.h>
#include <string.h>

/* The prints of a text's runs, and where each begins. */
typedef struct {
    const uint32_t *prints;
    const int64_t *places;
    int64_t count;
} Prints;

static int fits(const Prints *own, int64_t length) {
    for (int64_t number = 0; number < own->count; number++)
        if (own->places[number] < 0 || own->places[number] > length)
            return 0;
    return 1;
}

/* A table of the first place of each print: numbers, -1 for none; NULL without memory. */
static int32_t *table_of(const Prints *own, uint32_t *mask) {
    uint32_t slots = 16;
    while (slots < (uint64_t)own->count * 2)
        slots *= 2;
    int32_t *table = malloc(sizeof(int32_t) * slots);
    if (table == NULL)
        return NULL;
    memset(table, 0xFF, sizeof(int32_t) * slots);
    *mask = slots - 1;
    for (int64_t number = 0; number < own->count; number++) {
        uint32_t slot = own->prints[number] * 0x85EBCA77u >> 7 & *mask;
        while (table[slot] >= 0 && own->prints[table[slot]] != own->prints[number])
            slot = (slot + 1) & *mask;
        if (table[slot] < 0)
            table[slot] = (int32_t)number;
    }
    return table;
}

/* Follows the passages of each print of the second text that the first one has, but for those that are told already. */
static void follow_each(Walk *walk, const Prints *own, const Prints *others, const int32_t *table, uint32_t mask) {
    int64_t covered = 0;
    for (int64_t number = 0; number < others->count; number++) {
        if (others->places[number] < covered)
            continue;
        uint32_t slot = others->prints[number] * 0x85EBCA77u >> 7 & mask;
        while (table[slot] >= 0 && own->prints[table[slot]] != others->prints[number])
            slot = (slot + 1) & mask;
        if (table[slot] < 0)
            continue;
        walk->second_low = covered;
        int64_t end = follow(walk, own->places[table[slot]], others->places[number]);
        covered = end > covered ? end : covered;
    }
}

/* kept, prints and their places of one text and of the other, out: rows of six; returns how many */
PyObject *apart(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "apart", "u2 u4 i8 u2 u4 i8 I8", args, given) != 0)
        return NULL;
    int64_t length = items(&taken, 0), other_length = items(&taken, 3);
    Prints own = {DATA(const uint32_t, taken, 1), DATA(const int64_t, taken, 2), items(&taken, 1)};
    Prints others = {DATA(const uint32_t, taken, 4), DATA(const int64_t, taken, 5), items(&taken, 4)};
    if (items(&taken, 2) != own.count || items(&taken, 5) != others.count || own.count > INT32_MAX / 4)
        return refuse(&taken, "apart", "each print needs a place");
    if (!fits(&own, length) || !fits(&others, other_length))
        return refuse(&taken, "apart", "places must lie within the text");
    Walk walk = {DATA(const uint16_t, taken, 0), DATA(const uint16_t, taken, 3), 0, length, 0, other_length,
                 DATA(int64_t, taken, 6), items(&taken, 6) / COLUMNS, 0};
    uint32_t mask = 0;
    int32_t *table = table_of(&own, &mask);
    if (table != NULL)
        follow_each(&walk, &own, &others, table, mask);
    free(table);
    give_back(&taken);
    return table == NULL ? PyErr_NoMemory() : PyLong_FromLongLong(walk.count);
}
