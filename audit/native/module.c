/* The door of the kernels: how buffers come in, and the table of what there is. */
#include "native.h"

#include <ctype.h>
#include <string.h>

/* The class of a buffer's items by its struct format: 'u', 'i', 'f', or 0. */
static char kind_of(const char *format) {
    if (format == NULL)
        return 'u'; /* plain bytes */
    if (*format == '@' || *format == '=' || *format == '<')
        format++;
    if (format[0] == '\0' || format[1] != '\0')
        return 0;
    if (strchr("BHILQ?", *format))
        return 'u';
    if (strchr("bhilq", *format))
        return 'i';
    return strchr("fd", *format) ? 'f' : 0;
}

/* Takes one argument; `form` is as in `take`. */
static int take_one(Buffers *buffers, const char *name, const char *form, PyObject *source) {
    Py_buffer *view = &buffers->view[buffers->count];
    int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (isupper((unsigned char)form[0]) ? PyBUF_WRITABLE : 0);
    if (PyObject_GetBuffer(source, view, flags) != 0)
        return -1;
    buffers->count++;
    if (kind_of(view->format) != tolower((unsigned char)form[0]) || view->itemsize != form[1] - '0') {
        PyErr_Format(PyExc_TypeError, "%s: argument %d is not of form %.2s", name, buffers->count, form);
        return -1;
    }
    return 0;
}

int take(Buffers *buffers, const char *name, const char *forms, PyObject *const *args, Py_ssize_t given) {
    Py_ssize_t wanted = (Py_ssize_t)(strlen(forms) + 1) / 3;
    buffers->count = 0;
    if (given != wanted || wanted > MOST) {
        PyErr_Format(PyExc_TypeError, "%s takes %zd arguments, %zd given", name, wanted, given);
        return -1;
    }
    for (Py_ssize_t number = 0; number < given; number++) {
        if (take_one(buffers, name, forms + 3 * number, args[number]) != 0) {
            give_back(buffers);
            return -1;
        }
    }
    return 0;
}

void give_back(Buffers *buffers) {
    while (buffers->count > 0)
        PyBuffer_Release(&buffers->view[--buffers->count]);
}

PyObject *refuse(Buffers *buffers, const char *name, const char *what) {
    give_back(buffers);
    PyErr_Format(PyExc_ValueError, "%s: %s", name, what);
    return NULL;
}

#define KERNEL(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}

static PyMethodDef methods[] = {
    KERNEL(line_bits),
    KERNEL(twice_in_a_row),
    KERNEL(mixed_runs),
    KERNEL(flanked),
    KERNEL(clusters),
    KERNEL(cell_sums),
    KERNEL(running_sums),
    KERNEL(pair_cell_sums),
    KERNEL(cut_stretches),
    KERNEL(predict_entries),
    KERNEL(line_numbers),
    KERNEL(steps_at),
    KERNEL(with_bit),
    KERNEL(surprise),
    KERNEL(surprise_deep),
    KERNEL(surprise_checked),
    KERNEL(known_pairs),
    KERNEL(window_sums),
    KERNEL(heavy_windows),
    KERNEL(sift),
    KERNEL(run_prints),
    KERNEL(triple_minima),
    KERNEL(count_features),
    KERNEL(narrowed),
    KERNEL(select_by),
    KERNEL(classify),
    KERNEL(sort_by_slot),
    KERNEL(line_counts),
    KERNEL(form_votes),
    KERNEL(bracket_letters),
    KERNEL(without),
    KERNEL(line_sums),
    KERNEL(triple_keys),
    KERNEL(count_runs),
    KERNEL(shift_originals),
    KERNEL(shift_rivals),
    KERNEL(shift_rounds),
    KERNEL(shift_weights),
    KERNEL(price_pairs),
    KERNEL(price_letters),
    KERNEL(sum_pairs),
    KERNEL(price_utf8),
    KERNEL(price_torn_utf8),
    KERNEL(price_torn_pairs),
    KERNEL(weave_fields),
    KERNEL(walk_fields),
    KERNEL(gather),
    KERNEL(spread),
    KERNEL(take_row),
    KERNEL(part_lengths),
    KERNEL(read_runs),
    KERNEL(spare),
    KERNEL(compete),
    KERNEL(compete_at_home),
    KERNEL(cut_fields),
    KERNEL(side_by_side),
    KERNEL(list_markers),
    KERNEL(find_strays),
    KERNEL(word_chances),
    KERNEL(lone_readings),
    KERNEL(parallels),
    KERNEL(apart),
    KERNEL(passage_keys),
    KERNEL(fill_holes),
    KERNEL(fit_bytes),
    KERNEL(cut_run),
    KERNEL(cut_runs),
    KERNEL(align_runs),
    KERNEL(cross_steps),
    {NULL, NULL, 0, NULL},
};

/* The checksum of the stub that these kernels were built for, so that the door can tell old ones. */
static int name_stub(PyObject *module) {
    PyObject *sum = PyLong_FromUnsignedLong(STUB_SUM);
    if (sum == NULL)
        return -1;
    int failed = PyObject_SetAttrString(module, "STUB", sum);
    Py_DECREF(sum);
    return failed;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)name_stub},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernels", "Inner loops in C; see audit.native.", 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernels(void) {
    return PyModuleDef_Init(&definition);
}
