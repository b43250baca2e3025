"""Countdown: a purely computational loop, which no thread can speed up while there is a GIL.

Run alone: python3 countdown.py [STEPS]
"""


def run(begin, end):
    """Count down from end to begin, one step at a time; return the number of steps taken."""
    n = end
    while n > begin:
        n -= 1
    return end - n


def main(steps=5_000_000):
    from time import perf_counter

    start = perf_counter()
    taken = run(0, int(steps))
    print(f"countdown: {taken:,} steps in {perf_counter() - start:.3f} s")


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
