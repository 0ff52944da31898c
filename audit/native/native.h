/* What the kernels share: how arguments come in. Plain C99 against Python's stable ABI. */
#ifndef JIAOKAN_NATIVE_H
#define JIAOKAN_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* The most buffers that one kernel takes. */
#define MOST 32

/* A loop over integers that is compiled for wider vectors too, and chosen when it runs. */
#if defined(__GLIBC__) && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WIDER __attribute__((target_clones("avx2", "default")))
#else
#define WIDER
#endif

/* Buffers of one call, in the order of its arguments. */
typedef struct {
    Py_buffer view[MOST];
    int count;
} Buffers;

/*
 * Takes the arguments as C-contiguous buffers, one for each word of `forms`, such as "u2 i8 u8 U8": u unsigned,
 * i signed, f floating, in capitals where the kernel writes, then the bytes of an item. Returns 0, or -1 with a
 * Python error set and nothing held. What was taken is given back by `give_back`.
 */
int take(Buffers *buffers, const char *name, const char *forms, PyObject *const *args, Py_ssize_t given);
void give_back(Buffers *buffers);

/* How many items the buffer of an argument holds. */
static inline Py_ssize_t items(const Buffers *buffers, int argument) {
    return buffers->view[argument].len / buffers->view[argument].itemsize;
}

#define DATA(type, buffers, argument) ((type *)(buffers).view[argument].buf)

/* An offset or a number that does not fit: sets ValueError, gives the buffers back, returns NULL. */
PyObject *refuse(Buffers *buffers, const char *name, const char *what);

/* The kernels, each in the file of its room. */
PyObject *line_bits(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *twice_in_a_row(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *mixed_runs(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *flanked(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *clusters(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *cell_sums(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *running_sums(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *pair_cell_sums(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *cut_stretches(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *predict_entries(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *line_numbers(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *steps_at(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *with_bit(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *surprise(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *surprise_deep(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *surprise_checked(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *known_pairs(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *window_sums(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *heavy_windows(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *sift(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *run_prints(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *triple_minima(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *count_features(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *narrowed(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *select_by(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *classify(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *sort_by_slot(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *line_counts(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *form_votes(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *bracket_letters(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *without(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *line_sums(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *triple_keys(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *count_runs(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *shift_rivals(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *shift_originals(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *shift_rounds(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *shift_weights(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *price_pairs(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *sum_pairs(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *price_letters(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *price_utf8(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *price_torn_utf8(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *price_torn_pairs(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *weave_fields(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *walk_fields(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *gather(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *spread(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *take_row(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *part_lengths(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *read_runs(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *spare(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *compete(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *compete_at_home(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *cut_fields(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *lone_readings(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *parallels(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *apart(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *passage_keys(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *word_chances(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *side_by_side(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *list_markers(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *find_strays(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *fill_holes(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *fit_bytes(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *cross_steps(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *cut_run(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *cut_runs(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *align_runs(PyObject *module, PyObject *const *args, Py_ssize_t given);

#endif
