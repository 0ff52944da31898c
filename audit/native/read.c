/* Runs of bytes as code points, many at once; a run that is not plainly in the encoding is left to the codec.
 * The twin is `Bench._joined` in audit/reading/assemble.py. */
#include "native.h"

#define NOT_READ -1

/* UTF-8, RFC 3629: the code points written, NOT_READ where some bytes are none. */
static int64_t read_utf8(const uint8_t *raw, int64_t size, uint32_t *out) {
    uint32_t *first = out;
    for (int64_t at = 0; at < size;) {
        uint32_t lead = raw[at++];
        if (lead < 0x80) {
            *out++ = lead;
            continue;
        }
        int need = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || size - at < need)
            return NOT_READ;
        uint32_t code = lead & (0x3F >> need);
        for (int left = need; left > 0; left--, at++) {
            if ((raw[at] & 0xC0) != 0x80)
                return NOT_READ;
            code = code << 6 | (raw[at] & 0x3F);
        }
        if ((need == 2 && code < 0x800) || (need == 3 && (code < 0x10000 || code > 0x10FFFF)) || code >> 11 == 0x1B)
            return NOT_READ;
        *out++ = code;
    }
    return out - first;
}

/* Pairs whose lead is in `able`, and single bytes; `codes` has 0xFFFF for what is no character or would not come back. */
static int64_t read_pairs(const uint8_t *raw, int64_t size, const uint8_t *able, const uint32_t *codes, uint32_t *out) {
    uint32_t *first = out;
    for (int64_t at = 0; at < size;) {
        uint32_t value = raw[at++];
        if (able[value]) {
            if (at == size)
                return NOT_READ;
            value = value << 8 | raw[at++];
        }
        uint32_t code = codes[value];
        if (code == 0xFFFF)
            return NOT_READ;
        *out++ = code;
    }
    return out - first;
}

/* bytes, starts, sizes, able, code points by value (both empty for UTF-8), out: code points of all runs, and how many of each */
PyObject *read_runs(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "read_runs", "u1 i8 i8 u1 u4 U4 I8", args, given) != 0)
        return NULL;
    const uint8_t *raw = DATA(const uint8_t, taken, 0), *able = DATA(const uint8_t, taken, 3);
    const int64_t *starts = DATA(const int64_t, taken, 1), *sizes = DATA(const int64_t, taken, 2);
    const uint32_t *codes = DATA(const uint32_t, taken, 4);
    uint32_t *out = DATA(uint32_t, taken, 5);
    int64_t *lengths = DATA(int64_t, taken, 6), bytes = items(&taken, 0), runs = items(&taken, 1);
    int64_t room = items(&taken, 5), used = 0, utf8 = items(&taken, 3) == 0;
    if (items(&taken, 2) != runs || items(&taken, 6) != runs)
        return refuse(&taken, "read_runs", "the columns do not fit");
    if (!utf8 && (items(&taken, 3) != 256 || items(&taken, 4) != 65536))
        return refuse(&taken, "read_runs", "tables of 256 and 65536 are needed");
    for (int64_t run = 0; run < runs; run++) {
        int64_t start = starts[run], size = sizes[run];
        if (start < 0 || size < 0 || size > room - used || start > bytes - size)
            return refuse(&taken, "read_runs", "a run lies outside");
        int64_t made = utf8 ? read_utf8(raw + start, size, out + used)
                            : read_pairs(raw + start, size, able, codes, out + used);
        lengths[run] = made;
        used += made > 0 ? made : 0;
    }
    give_back(&taken);
    return PyLong_FromLongLong(used);
}
