"""Grayscale: colour pixels to gray, one at a time, in pure Python.

Run alone: python3 grayscale.py [WIDTH HEIGHT]
"""


def run(source, gray, begin, end):
    """Convert the pixels [begin, end).

    source holds 3 bytes a pixel (blue, green, red), gray 1: flat buffers of unsigned bytes. The formula is
    the 15-bit fixed-point one that OpenCV's cvtColor(COLOR_BGR2GRAY) uses, so the results agree bit for bit.
    """
    i = 3 * begin
    for pixel in range(begin, end):
        gray[pixel] = (source[i] * 3735 + source[i + 1] * 19235 + source[i + 2] * 9798 + 16384) >> 15
        i += 3


def main(width=1280, height=720):
    from time import perf_counter

    pixels = int(width) * int(height)
    source = memoryview(bytes(i * 7 % 256 for i in range(3 * pixels)))
    gray = memoryview(bytearray(pixels))
    start = perf_counter()
    run(source, gray, 0, pixels)
    seconds = perf_counter() - start
    print(f"grayscale: {pixels:,} pixels in {seconds:.3f} s, {pixels / seconds / 1e6:.1f} million a second")


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
