/* Columns of units compared row by row: what each reading makes of them. The twins stand beside the callers in audit/reading/. */
#include "native.h"
#include "reading.h"

#define NEVER ((int64_t)1 << 40)

/* The mean cost of a foreign character. */
static inline int64_t mean_of(int64_t strange, int64_t foreign) {
    int64_t among = foreign > 1 ? foreign : 1;
    if ((strange | among) >> 32)
        return strange / among;
    return (uint32_t)strange / (uint32_t)among;
}

/* cost foreign strange worst, valid, which units are live, their numbers, out: mean of each, NEVER where it is not taken; numbers,
 * cost, mean and worst of those taken; the best mean of each number; gives how many are taken; `board.Board.add` */
PyObject *take_row(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "take_row", "i8 i8 i8 i8 u1 u1 i8 I8 I8 I8 I8 I8 I8", args, given) != 0)
        return NULL;
    int64_t units = items(&taken, 0), all = items(&taken, 12), count = 0;
    for (int column = 1; column < 12; column++)
        if (items(&taken, column) != units)
            return refuse(&taken, "take_row", "the columns do not fit");
    const int64_t *cost = DATA(const int64_t, taken, 0), *foreign = DATA(const int64_t, taken, 1);
    const int64_t *strange = DATA(const int64_t, taken, 2), *worst = DATA(const int64_t, taken, 3);
    const uint8_t *valid = DATA(const uint8_t, taken, 4), *live = DATA(const uint8_t, taken, 5);
    const int64_t *held = DATA(const int64_t, taken, 6);
    int64_t *mean = DATA(int64_t, taken, 7), *best = DATA(int64_t, taken, 12);
    for (int64_t unit = 0; unit < units; unit++) {
        mean[unit] = valid[unit] ? mean_of(strange[unit], foreign[unit]) : NEVER;
        if (!valid[unit] || !live[unit])
            continue;
        if (held[unit] < 0 || held[unit] >= all)
            return refuse(&taken, "take_row", "there is no such unit");
        DATA(int64_t, taken, 8)[count] = held[unit];
        DATA(int64_t, taken, 9)[count] = cost[unit];
        DATA(int64_t, taken, 10)[count] = mean[unit];
        DATA(int64_t, taken, 11)[count++] = worst[unit];
        if (mean[unit] < best[held[unit]])
            best[held[unit]] = mean[unit];
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}

/* A reading's units, their costs, mean and worst character, (prior, number), out: least, second, mean, worst, choice; `scan.choose` */
PyObject *compete(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "compete", "i8 i8 i8 i8 i8 I8 I8 I8 I8 I8", args, given) != 0)
        return NULL;
    int64_t count = items(&taken, 0), units = items(&taken, 5);
    for (int column = 1; column < 10; column++)
        if (column != 4 && items(&taken, column) != (column < 4 ? count : units))
            return refuse(&taken, "compete", "the columns do not fit");
    if (items(&taken, 4) != 2)
        return refuse(&taken, "compete", "two options are needed");
    const int64_t *unit = DATA(const int64_t, taken, 0), *cost = DATA(const int64_t, taken, 1);
    const int64_t *mean = DATA(const int64_t, taken, 2), *worst = DATA(const int64_t, taken, 3);
    int64_t prior = DATA(const int64_t, taken, 4)[0], number = DATA(const int64_t, taken, 4)[1];
    int64_t *least = DATA(int64_t, taken, 5), *second = DATA(int64_t, taken, 6);
    for (int64_t at = 0; at < count; at++) {
        int64_t one = unit[at], total = cost[at] + prior;
        if (one < 0 || one >= units)
            return refuse(&taken, "compete", "there is no such unit");
        int64_t loser = least[one] > total ? least[one] : total;
        second[one] = second[one] < loser ? second[one] : loser;
        if (total < least[one]) {
            least[one] = total;
            DATA(int64_t, taken, 7)[one] = mean[at];
            DATA(int64_t, taken, 8)[one] = worst[at];
            DATA(int64_t, taken, 9)[one] = number;
        }
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

/* A reading's units, their costs, the kind of each unit's home and of its guest, (number, kind, away, third),
 * out: least, cost, choice; `Inline._choice` */
PyObject *compete_at_home(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "compete_at_home", "i8 i8 i8 i8 i8 I8 I8 I8", args, given) != 0)
        return NULL;
    int64_t count = items(&taken, 0), units = items(&taken, 5);
    for (int column = 2; column < 8; column++)
        if (column != 4 && items(&taken, column) != units)
            return refuse(&taken, "compete_at_home", "the columns do not fit");
    if (items(&taken, 1) != count || items(&taken, 4) != 4)
        return refuse(&taken, "compete_at_home", "as many costs as units and four options are needed");
    const int64_t *unit = DATA(const int64_t, taken, 0), *cost = DATA(const int64_t, taken, 1);
    const int64_t *homes = DATA(const int64_t, taken, 2), *guests = DATA(const int64_t, taken, 3);
    const int64_t *options = DATA(const int64_t, taken, 4);
    int64_t *least = DATA(int64_t, taken, 5);
    for (int64_t at = 0; at < count; at++) {
        int64_t one = unit[at];
        if (one < 0 || one >= units)
            return refuse(&taken, "compete_at_home", "there is no such unit");
        int away = homes[one] != options[1];
        int64_t total = cost[at] + (away ? options[2] : 0) + (away && guests[one] != options[1] ? options[3] : 0);
        if (total < least[one]) {
            least[one] = total;
            DATA(int64_t, taken, 6)[one] = cost[at];
            DATA(int64_t, taken, 7)[one] = options[0];
        }
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

/* A reading's units, their costs, the line of each unit, what it costs at most, out: sums by line, less what is spared; `Inline._homes` */
PyObject *spare(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "spare", "i8 i8 i8 i8 I8", args, given) != 0)
        return NULL;
    const int64_t *unit = DATA(const int64_t, taken, 0), *cost = DATA(const int64_t, taken, 1);
    const int64_t *owner = DATA(const int64_t, taken, 2), *most = DATA(const int64_t, taken, 3);
    int64_t *sums = DATA(int64_t, taken, 4);
    int64_t count = items(&taken, 0), units = items(&taken, 2), lines = items(&taken, 4);
    if (items(&taken, 1) != count || items(&taken, 3) != units)
        return refuse(&taken, "spare", "the columns do not fit");
    for (int64_t at = 0; at < count; at++) {
        int64_t one = unit[at];
        if (one < 0 || one >= units || owner[one] < 0 || owner[one] >= lines)
            return refuse(&taken, "spare", "there is no such unit or line");
        if (cost[at] < most[one])
            sums[owner[one]] -= most[one] - cost[at];
    }
    give_back(&taken);
    Py_RETURN_NONE;
}
