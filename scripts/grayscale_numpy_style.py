"""Grayscale as it is first written with numpy: an array, indexed pixel by pixel.

Each pixel that is taken out of an array becomes an object of its own, so this is slower than the same loop over
plain buffers. Needs numpy. Run alone: python3 grayscale_numpy_style.py [WIDTH HEIGHT]
"""

import numpy


def run(source, gray, begin, end):
    """Convert the pixels [begin, end). See grayscale.py for the buffers and the formula."""
    image = numpy.frombuffer(source, dtype=numpy.uint8).reshape(-1, 3)
    result = numpy.frombuffer(gray, dtype=numpy.uint8)
    for pixel in range(begin, end):
        blue, green, red = image[pixel]
        result[pixel] = (int(blue) * 3735 + int(green) * 19235 + int(red) * 9798 + 16384) >> 15


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
