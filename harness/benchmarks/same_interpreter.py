#!/usr/bin/env python3
"""The comparison's own test of its honesty: the same interpreter twice must not come out different.

    harness/benchmarks/same_interpreter.py [--python=SPEC] [--comparisons=20] [--rounds=10] [--busy]

Compares an interpreter with itself under two labels, again and again, and counts the rows that come out faster or
slower. All verdicts of one comparison together are to be wrong in at most 5 % of comparisons, so far fewer than
5 % of the rows may be. --busy: beside a process that loads one core on and off. Exit 1 where more than 5 % are.
"""
import argparse
import collections
import time

from comparisons import busy_core, compare, verdicts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default="3.11")
    parser.add_argument("--comparisons", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--budget", type=float, help="seconds of each comparison, which then looks as it goes")
    parser.add_argument("--filter", default="/python/|/python_threads/threads:2")
    parser.add_argument("--busy", action="store_true")
    arguments = parser.parse_args()
    flags = [f"--python=a={arguments.python}", f"--python=b={arguments.python}", f"--filter={arguments.filter}",
             "--threads=1,2", "--countdown-steps=300000", "--sum-n=200000", "--size=160x120", "--min-time=0.02"]
    if arguments.budget:
        flags.append(f"--budget={arguments.budget}")
    total = collections.Counter()
    start = time.monotonic()
    with busy_core(arguments.busy):
        for number in range(1, arguments.comparisons + 1):
            counted = verdicts(compare(flags, arguments.rounds))
            total += counted
            print(f"comparison {number}: {dict(counted)}", flush=True)
    rows = sum(total.values())
    wrong = total["faster"] + total["slower"]
    print(f"{'busy' if arguments.busy else 'idle'}: {wrong} of {rows} rows ({wrong / rows:.1%}) came out faster or "
          f"slower, {total['same']} same, {total['inconclusive']} inconclusive; {arguments.comparisons} comparisons "
          f"of {arguments.rounds} rounds in {time.monotonic() - start:.0f} s")
    return wrong > 0.05 * rows


if __name__ == "__main__":
    raise SystemExit(main())
