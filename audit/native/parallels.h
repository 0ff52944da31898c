/* Two passages that are the same but for a character here and there. */
#ifndef JIAOKAN_PARALLELS_H
#define JIAOKAN_PARALLELS_H

#include "native.h"

#define COLUMNS 6 /* of a row: start and end in the first passage, in the second, what is equal before and behind */

/* The texts of the first and the second passage, which may be one, how far each may reach, and the rows that are told. */
typedef struct {
    const uint16_t *one, *other;
    int64_t first_low, first_high, second_low, second_high;
    int64_t *rows, room, count;
} Walk;

/* Goes from equal runs both ways as far as the passages go; returns where the second one ends, 0 for no passages. */
int64_t follow(Walk *walk, int64_t first, int64_t second);

#endif
