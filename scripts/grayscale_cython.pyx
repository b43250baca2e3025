# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Grayscale in Cython, the talk's own way out of the GIL: nogil, and prange over the plain formula.

harness builds it on demand, for the interpreter that it runs, with the optimisation flags of its openmp kernel.
By hand: cythonize -i grayscale_cython.pyx, with CFLAGS="-O3 -fopenmp".
"""

from cython.parallel cimport prange


def run(const unsigned char[::1] source, unsigned char[::1] gray, Py_ssize_t begin, Py_ssize_t end, int threads):
    """Convert the pixels [begin, end) on `threads` threads. See grayscale.py for the buffers and the formula."""
    cdef Py_ssize_t pixel
    for pixel in prange(begin, end, nogil=True, schedule="static", num_threads=threads):
        gray[pixel] = <unsigned char>((source[3 * pixel] * 3735 + source[3 * pixel + 1] * 19235
                                       + source[3 * pixel + 2] * 9798 + 16384) >> 15)
