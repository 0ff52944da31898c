/* The characters that fit what is known of their bytes. The twin is `_slowly` in audit/restore/fillings.py. */
#include "native.h"

#define BYTES 256
#define PAIRS 65536
#define MOST_PLACES 3

/* columns of bytes and of code points; the bytes that each place may hold; which pairs may stand; (most, whether a place and the next are
   such a pair, ...); out: code points */
PyObject *fit_bytes(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    (void)module;
    if (take(&taken, "fit_bytes", "u2 u1 u1 i8 U2", args, given) != 0)
        return NULL;
    const uint16_t *columns = DATA(const uint16_t, taken, 0);
    const uint8_t *allowed = DATA(const uint8_t, taken, 1), *pairs = DATA(const uint8_t, taken, 2);
    const int64_t *modes = DATA(const int64_t, taken, 3);
    uint16_t *out = DATA(uint16_t, taken, 4);
    int64_t places = items(&taken, 1) / BYTES, size = places ? items(&taken, 0) / (places + 1) : 0, found = 0;
    if (places < 1 || places > MOST_PLACES || items(&taken, 1) != places * BYTES || items(&taken, 2) != PAIRS ||
        items(&taken, 0) != size * (places + 1) || items(&taken, 3) != places || modes[0] < 0 || modes[0] > items(&taken, 4))
        return refuse(&taken, "fit_bytes", "tables or lengths do not fit together");
    for (int64_t at = 0; at < size && found < modes[0]; at++) {
        int fits = 1;
        for (int64_t place = 0; fits && place < places; place++) {
            int64_t byte = columns[place * size + at];
            fits = byte < BYTES && allowed[place * BYTES + byte];
            if (fits && place && modes[place]) {
                int64_t before = columns[(place - 1) * size + at];
                fits = pairs[before << 8 | byte];
            }
        }
        if (fits)
            out[found++] = columns[places * size + at];
    }
    give_back(&taken);
    return PyLong_FromLongLong((long long)found);
}
