"""Grayscale as it is first written with numpy: an array, indexed pixel by pixel.

What is taken out of an array stays numpy's: a view of each pixel, a numpy.uint8 of each channel, a numpy.float64 of
each product and sum. All are objects of their own and slower to compute with than Python's numbers. The loop of the
talk that this project grew from does so (github.com/rohangiriraj/advanced-gil-mitigation, image_python.py).

Needs numpy. Run alone: python3 grayscale_numpy_style.py [WIDTH HEIGHT]
"""

import numpy

# Of the fixed-point formula in grayscale.py. A double holds such fractions, their products and sums exactly.
BLUE = 3735 / 32768
GREEN = 19235 / 32768
RED = 9798 / 32768


def run(source, gray, begin, end):
    """Convert the pixels [begin, end). See grayscale.py for the buffers and the formula."""
    image = numpy.frombuffer(source, dtype=numpy.uint8).reshape(-1, 3)
    result = numpy.frombuffer(gray, dtype=numpy.uint8)
    for pixel in range(begin, end):
        blue, green, red = image[pixel]
        result[pixel] = int(BLUE * blue + GREEN * green + RED * red + 0.5)


def main(width=1280, height=720):
    from time import perf_counter

    pixels = int(width) * int(height)
    source = memoryview(bytes(i * 7 % 256 for i in range(3 * pixels)))
    gray = memoryview(bytearray(pixels))
    start = perf_counter()
    run(source, gray, 0, pixels)
    seconds = perf_counter() - start
    print(f"grayscale_numpy_style: {pixels:,} pixels in {seconds:.3f} s, {pixels / seconds / 1e6:.2f} million a second")


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
