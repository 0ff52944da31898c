/* Parts of bytes and of columns: gathered, put back, compared. The twins stand beside the callers in audit/reading/. */
#include "native.h"
#include "reading.h"

#define NONE 0
#define ACCENT 1
#define LOST 2
#define SMALL_LETTER 0xE0
#define LEAST_TRAIL 0x40

/* source, starts, sizes, (end), out: those parts of the bytes, one behind another, each ended by that byte if it is one; `units.take` */
PyObject *gather(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "gather", "u1 i8 i8 i8 U1", args, given) != 0)
        return NULL;
    const uint8_t *raw = DATA(const uint8_t, taken, 0);
    const int64_t *starts = DATA(const int64_t, taken, 1), *sizes = DATA(const int64_t, taken, 2);
    uint8_t *out = DATA(uint8_t, taken, 4);
    int64_t length = items(&taken, 0), parts = items(&taken, 1), room = items(&taken, 4);
    if (items(&taken, 2) != parts || items(&taken, 3) != 1)
        return refuse(&taken, "gather", "as many sizes as starts are needed");
    int64_t end = DATA(const int64_t, taken, 3)[0], ended = end >= 0 && end < 256;
    for (int64_t part = 0; part < parts; part++) {
        if (starts[part] < 0 || sizes[part] < 0 || sizes[part] > room - ended || starts[part] > length - sizes[part])
            return refuse(&taken, "gather", "a part lies outside");
        memcpy(out, raw + starts[part], (size_t)sizes[part]);
        out += sizes[part];
        if (ended)
            *out++ = (uint8_t)end;
        room -= sizes[part] + ended;
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

/* code points, where parts begin among them, their places, sizes, out: the parts put at their places; `assemble._body` */
PyObject *spread(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "spread", "u4 i8 i8 i8 U4", args, given) != 0)
        return NULL;
    const uint32_t *codes = DATA(const uint32_t, taken, 0);
    const int64_t *starts = DATA(const int64_t, taken, 1), *places = DATA(const int64_t, taken, 2);
    const int64_t *sizes = DATA(const int64_t, taken, 3);
    uint32_t *out = DATA(uint32_t, taken, 4);
    int64_t length = items(&taken, 0), parts = items(&taken, 1), room = items(&taken, 4);
    if (items(&taken, 2) != parts || items(&taken, 3) != parts)
        return refuse(&taken, "spread", "as many sizes as places are needed");
    for (int64_t part = 0; part < parts; part++) {
        int64_t from = starts[part], to = places[part], size = sizes[part];
        if (from < 0 || to < 0 || size < 0 || size > length || from > length - size || to > room - size)
            return refuse(&taken, "spread", "a part lies outside");
        memcpy(out + to, codes + from, (size_t)size * sizeof *codes);
    }
    give_back(&taken);
    Py_RETURN_NONE;
}

/* bytes of parts, their sizes, the code points that all of them make, out: how many each makes, told by its line feeds, of which
 * it has one at its end; gives how many code points that leaves, -1 where they are too few; `Bench._joined` */
PyObject *part_lengths(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "part_lengths", "u1 i8 u4 I8", args, given) != 0)
        return NULL;
    const uint8_t *raw = DATA(const uint8_t, taken, 0);
    const int64_t *sizes = DATA(const int64_t, taken, 1);
    const uint32_t *codes = DATA(const uint32_t, taken, 2);
    int64_t *lengths = DATA(int64_t, taken, 3);
    int64_t bytes = items(&taken, 0), parts = items(&taken, 1), count = items(&taken, 2), code = 0, done = 0;
    if (items(&taken, 3) != parts)
        return refuse(&taken, "part_lengths", "the columns do not fit");
    for (int64_t part = 0; part < parts; part++) {
        int64_t breaks = 0, start = code;
        if (sizes[part] < 0 || sizes[part] > bytes)
            return refuse(&taken, "part_lengths", "the parts do not fit the bytes");
        for (int64_t at = 0; at < sizes[part]; at++)
            breaks += raw[at] == '\n';
        raw += sizes[part];
        bytes -= sizes[part];
        while (breaks > 0 && code < count)
            breaks -= codes[code++] == '\n';
        if (breaks > 0)
            break;
        lengths[part] = code - start;
        done++;
    }
    give_back(&taken);
    return PyLong_FromLongLong(done == parts ? count - code : -1);
}

/* Whether the bytes outside ASCII from `first` to `last`, both included, are stray; 0 where they are not. */
static int stray(const uint8_t *raw, int64_t first, int64_t last, int64_t size) {
    uint8_t ahead = first > 0 ? raw[first - 1] : '\n', follows = last + 1 < size ? raw[last + 1] : '\n';
    int behind = is_letter(ahead), before = is_letter(follows);
    if (last == first + 1 && behind && before)
        return raw[first] < SMALL_LETTER || raw[last] < SMALL_LETTER ? LOST : ACCENT;
    if (last != first)
        return NONE;
    int apart = follows < LEAST_TRAIL && (follows < '0' || follows > '9');
    int counted = ahead >= '0' && ahead <= '9' && before && raw[first] > 0xA0 && raw[first] <= 0xBF;
    int word = before && last + 2 < size && is_letter(raw[last + 2]);
    return behind || apart || word || counted ? ACCENT : NONE;
}

/* bytes, out: what each unit is; `strays.strays` */
PyObject *find_strays(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "find_strays", "u1 I1", args, given) != 0)
        return NULL;
    const uint8_t *raw = DATA(const uint8_t, taken, 0);
    int8_t *found = DATA(int8_t, taken, 1);
    int64_t size = items(&taken, 0), units = items(&taken, 1), unit = 0, at = 0;
    for (; at < size && unit < units; unit++) {
        found[unit] = ACCENT;
        for (; at < size && raw[at] != '\n'; at++) {
            if (raw[at] < 0x80)
                continue;
            int64_t first = at;
            while (at + 1 < size && raw[at + 1] >= 0x80)
                at++;
            int kind = stray(raw, first, at, size);
            found[unit] = kind == LOST ? LOST : found[unit];
            if (kind == NONE) {
                found[unit] = NONE;
                at = behind_unit(raw, at, size) - 2;
            }
        }
        at++;
    }
    if (unit < units || at < size)
        return refuse(&taken, "find_strays", "each unit must end with LF");
    give_back(&taken);
    Py_RETURN_NONE;
}

/* lines joined, each ended by LF, which bytes end a field, out: line, first byte and size of each field that holds bytes outside ASCII;
 * gives how many there are, which is all it does where the columns are empty; `fields.fields_of` */
PyObject *cut_fields(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "cut_fields", "u1 u1 I8 I8 I8", args, given) != 0)
        return NULL;
    const uint8_t *raw = DATA(const uint8_t, taken, 0), *ends = DATA(const uint8_t, taken, 1);
    int64_t *owner = DATA(int64_t, taken, 2), *starts = DATA(int64_t, taken, 3), *sizes = DATA(int64_t, taken, 4);
    int64_t size = items(&taken, 0), room = items(&taken, 2), count = 0, line = 0;
    if (items(&taken, 1) != 256 || items(&taken, 3) != room || items(&taken, 4) != room)
        return refuse(&taken, "cut_fields", "a table of 256 and three columns of one size are needed");
    for (int64_t at = 0, start = 0, high = 0; at < size; at++) {
        high |= raw[at] & 0x80;
        if (!ends[raw[at]])
            continue;
        if (high && room) {
            if (count == room)
                return refuse(&taken, "cut_fields", "there are more fields");
            owner[count] = line;
            starts[count] = start;
            sizes[count] = at - start;
        }
        count += high != 0;
        line += raw[at] == '\n';
        start = at + 1;
        high = 0;
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}
