"""Countdown with a known slowdown planted in it: PLANTED_SLOWDOWN=5 takes 5 % more steps than it says.

For known_slowdown.py and beside_pyperf.py. Run alone: PLANTED_SLOWDOWN=5 python3 countdown.py [STEPS]
"""
import os

PERCENT = float(os.environ.get("PLANTED_SLOWDOWN", "0"))


def run(begin, end):
    """Count down from end to begin, and as many steps more as are planted; return end - begin."""
    n = end + round((end - begin) * PERCENT / 100)
    while n > begin:
        n -= 1
    return end - n


def main(steps=5_000_000):
    from time import perf_counter

    start = perf_counter()
    run(0, int(steps))
    print(f"countdown: {int(steps):,} steps and {PERCENT:g} % more in {perf_counter() - start:.3f} s")


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
