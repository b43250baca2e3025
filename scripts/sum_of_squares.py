"""Sum of squares: the sum of i*i for i in 1..n, with Python's own integers.

Run alone: python3 sum_of_squares.py [N]
"""


def run(begin, end):
    """Return the sum of i*i for begin < i <= end, so that [0, n) of a split job is 1..n of the formula."""
    total = 0
    for i in range(begin + 1, end + 1):
        total += i * i
    return total


def main(n=5_000_000):
    from time import perf_counter

    n = int(n)
    start = perf_counter()
    total = run(0, n)
    seconds = perf_counter() - start
    formula = n * (n + 1) * (2 * n + 1) // 6
    verdict = "as the formula says" if total == formula else f"but the formula says {formula}"
    print(f"sum_of_squares: {total} for n = {n:,}, {verdict}, in {seconds:.3f} s")
    return total != formula


if __name__ == "__main__":
    import sys

    sys.exit(main(*sys.argv[1:]))
