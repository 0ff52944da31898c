/* Clusters of strange characters, and how strongly each channel may explain them. */
#include "native.h"

#define STRANGE 7 /* of the kinds of signs: rare Han, signs of other scripts, letters of one-byte codecs */
#define HAN 1
#define LETTER 4
#define REACH 5 /* strange characters of a cluster stand at most this far apart */
#define PAD 3
#define UTF8 6     /* channels of UTF-8 read by a two-byte codec, the last one converted to traditional */
#define RESPELT 5  /* channels between two-byte codecs */
#define CHANNELS (UTF8 + RESPELT + 3)
#define CONVERTED 1e6 /* told apart by what folding adds */
#define GAIN 3.5f     /* bits that a respelling must save on one character beside loss marks */
#define FOUR 19.0     /* and on four in a row */
#define SLACK 0.01
#define MANY 4 /* letters of a one-byte codec that need not stand side by side */
#define LOST 0xFFFD
#define FIRST_GBK 0x21u /* the first phase of UTF-8 read as GBK, converted or not */

typedef struct {
    const uint32_t *here, *behind;
    const float *most, *gains;
    const uint8_t *strange;
} Tables;

/* The codes of a cluster, how many of them are strange, lost or a question mark. */
typedef struct {
    const uint16_t *codes;
    int64_t size, strange, lost, asked;
} Cluster;

/* A bit for each channel of which the four bytes hold one. */
static inline uint32_t channels_of(uint32_t phases) {
    phases |= phases >> 16;
    return (phases | phases >> 8) & 0xFF;
}

/* Whether `as_utf8` can find anything, by all channels at once: in clean prose one cluster in 30. */
static int may_be_utf8(const Tables *tables, const Cluster *cluster) {
    uint32_t three = 0, before = 0, behind = 0;
    int64_t first = 0;
    for (int64_t at = 0; at < cluster->size; at++) {
        uint32_t phases = tables->here[cluster->codes[at]], fits = channels_of(phases & behind);
        three |= fits & before;
        before = fits;
        behind = tables->behind[cluster->codes[at]];
        first += (phases & FIRST_GBK) != 0;
    }
    return three || first >= 2 || cluster->lost || cluster->asked;
}

/* Three characters in a row are the bytes of UTF-8, read by a two-byte codec; fewer beside loss marks. */
static void as_utf8(const Tables *tables, const Cluster *cluster, double *strength) {
    int64_t two[UTF8] = {0}, some[UTF8] = {0}, first[UTF8] = {0};
    int64_t marks = cluster->lost + cluster->asked;
    uint32_t three = 0, before = 0;
    for (int channel = 0; channel < UTF8; channel++)
        strength[channel] = 0.0;
    if (cluster->strange < 2 || !may_be_utf8(tables, cluster))
        return;
    for (int64_t at = 0; at < cluster->size; at++) {
        uint32_t phases = tables->here[cluster->codes[at]], lie = channels_of(phases);
        uint32_t fits = at ? channels_of(phases & tables->behind[cluster->codes[at - 1]]) : 0;
        three |= fits & before;
        before = fits;
        for (int channel = 0; lie && channel < UTF8; channel++) {
            two[channel] += fits >> channel & 1;
            some[channel] += lie >> channel & 1;
            first[channel] += phases >> channel & 1;
        }
    }
    for (int channel = 0; channel < UTF8; channel++) {
        int gbk = channel == 0 || channel == UTF8 - 1; /* where pairs vanished, what is left no longer follows */
        int keep = (three >> channel & 1) || (two[channel] && marks >= 1) || (some[channel] && marks >= 2) ||
                   (gbk && some[channel] >= 4 && first[channel] >= 2);
        strength[channel] = keep ? (double)two[channel] + 1.0 : 0.0;
    }
    strength[UTF8 - 1] = strength[UTF8 - 1] > strength[0] ? CONVERTED : 0.0;
}

/* What four neighbours save at most, or fewer at the end; what is saved may be less than nothing. */
static double best_four(const float *gains, const Cluster *cluster) {
    double best = 0.0, one = 0.0, two = 0.0, three = 0.0; /* the last, the last two, the last three together */
    for (int64_t at = 0; at < cluster->size; at++) {
        double gain = gains[cluster->codes[at]];
        best = at >= 3 && three + gain > best ? three + gain : best;
        three = two + gain;
        two = one + gain;
        one = gain;
    }
    best = three > best ? three : best;
    best = two > best ? two : best;
    return one > best ? one : best;
}

/* Four characters in a row become common ones when another two-byte codec reads their bytes. */
static void respelt(const Tables *tables, const Cluster *cluster, double *strength) {
    int worth = cluster->lost || best_four(tables->most, cluster) > FOUR - SLACK;
    for (int channel = 0; channel < RESPELT; channel++) {
        const float *gains = tables->gains + 65536 * (int64_t)channel;
        int64_t good = 0;
        strength[channel] = 0.0;
        if (!worth)
            continue;
        for (int64_t at = 0; at < cluster->size; at++)
            good += gains[cluster->codes[at]] > GAIN;
        double best = best_four(gains, cluster);
        if (best >= FOUR || (good && cluster->lost))
            strength[channel] = best + 1.0;
    }
}

/* Letters of one-byte codecs side by side, half-width kana, loss marks. */
static void lettered(const Tables *tables, const Cluster *cluster, double *strength) {
    int64_t letters = 0, kana = 0;
    int beside = 0, before = 0;
    for (int64_t at = 0; at < cluster->size; at++) {
        uint16_t code = cluster->codes[at];
        int letter = (tables->strange[code] & LETTER) && code != 0xA0;
        beside |= letter && before;
        before = letter;
        letters += letter || (code > 0xA0 && code < 0x100);
        kana += code >= 0xFF61 && code <= 0xFF9F;
    }
    strength[0] = beside || letters >= MANY;
    strength[1] = kana >= 1;
    strength[2] = cluster->lost >= 2;
}

/* Whether any channel may explain a cluster, and how strongly each. */
static int explained(const Tables *tables, Cluster *cluster, double *strength) {
    cluster->lost = cluster->asked = 0;
    for (int64_t at = 0; at < cluster->size; at++) {
        cluster->lost += cluster->codes[at] == LOST;
        cluster->asked += cluster->codes[at] == '?';
    }
    as_utf8(tables, cluster, strength);
    respelt(tables, cluster, strength + UTF8);
    lettered(tables, cluster, strength + UTF8 + RESPELT);
    for (int channel = 0; channel < CHANNELS; channel++)
        if (strength[channel] > 0.0)
            return 1;
    return 0;
}

/* What the buffers behind the codes hold; 0 where their sizes do not fit. */
static int tables_of(Tables *tables, const Buffers *taken) {
    tables->here = DATA(const uint32_t, *taken, 5);
    tables->behind = DATA(const uint32_t, *taken, 6);
    tables->most = DATA(const float, *taken, 7);
    tables->gains = DATA(const float, *taken, 8);
    tables->strange = DATA(const uint8_t, *taken, 9);
    for (int argument = 5; argument < 10; argument++)
        if (items(taken, argument) != 65536 * (argument == 8 ? RESPELT : 1))
            return 0;
    int64_t signs = items(taken, 0);
    return items(taken, 1) == signs && items(taken, 3) == items(taken, 2) && items(taken, 10) >= signs &&
           items(taken, 11) >= signs && items(taken, 12) >= signs * CHANNELS;
}

/* The next sign from `at` on that is strange, or their number. */
static inline int64_t strange_from(const uint8_t *kinds, int64_t at, int64_t signs) {
    while (at < signs && !(kinds[at] & STRANGE))
        at++;
    return at;
}

PyObject *clusters(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    Buffers taken;
    Tables tables;
    (void)module;
    if (take(&taken, "clusters", "i8 u1 i8 i8 u2 u4 u4 f4 f4 u1 I8 I8 F8", args, given) != 0)
        return NULL;
    if (!tables_of(&tables, &taken))
        return refuse(&taken, "clusters", "tables or lengths do not fit together");
    const int64_t *places = DATA(const int64_t, taken, 0), *begins = DATA(const int64_t, taken, 2);
    const int64_t *stops = DATA(const int64_t, taken, 3);
    const uint8_t *kinds = DATA(const uint8_t, taken, 1);
    int64_t *starts = DATA(int64_t, taken, 10), *ends = DATA(int64_t, taken, 11);
    int64_t signs = items(&taken, 0), lines = items(&taken, 2), length = items(&taken, 4), count = 0, line = 0;
    for (int64_t at = strange_from(kinds, 0, signs), last = at, next; at < signs; at = next) {
        while (line + 1 < lines && begins[line + 1] <= places[at])
            line++;
        int64_t till = line + 1 < lines ? begins[line + 1] : length, kind = kinds[at] & STRANGE, strange = 1;
        for (last = at; (next = strange_from(kinds, last + 1, signs)) < signs; last = next, strange++) {
            if (places[next] - places[last] > REACH || places[next] >= till)
                break;
            kind |= kinds[next] & STRANGE;
        }
        if (line >= lines || begins[line] < 0 || places[at] < begins[line] || places[last] < places[at] ||
            places[last] >= stops[line] || stops[line] > length)
            return refuse(&taken, "clusters", "signs must ascend within the lines of the text");
        if (strange < 2 && kind != HAN)
            continue;
        int64_t start = places[at] - begins[line] > PAD ? places[at] - PAD : begins[line];
        int64_t end = stops[line] - places[last] > 1 + PAD ? places[last] + 1 + PAD : stops[line];
        Cluster cluster = {DATA(const uint16_t, taken, 4) + start, end - start, strange, 0, 0};
        starts[count] = start;
        ends[count] = end;
        count += explained(&tables, &cluster, DATA(double, taken, 12) + count * CHANNELS);
    }
    give_back(&taken);
    return PyLong_FromLongLong(count);
}
