"""The tasks of the rows start/break_even/...: each counts down as many steps as it is told.

Run alone: python3 start_break_even.py [STEPS]
"""


def run(control, begin, end):
    """Does end - begin tasks of as many steps as the first 8 bytes of `control` say, little-endian."""
    steps = int.from_bytes(control[:8], "little")
    for _ in range(begin, end):
        n = steps
        while n > 0:
            n -= 1


def main(steps=1_000_000):
    from time import perf_counter

    start = perf_counter()
    run(int(steps).to_bytes(8, "little"), 0, 1)
    print(f"start_break_even: a task of {int(steps):,} steps took {perf_counter() - start:.3f} s")


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
