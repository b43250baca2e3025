#!/usr/bin/env python3
"""The comparison's power: how often a slowdown that is known to be there is found.

    harness/benchmarks/known_slowdown.py [--python=SPEC] [--slowdown=PERCENT] [--comparisons=20] [--rounds=10]
                                         [--budget=SECONDS]

Compares countdown with itself with that many percent more steps (planted/countdown.py), again and again, and
prints in how many comparisons it came out slower, and the ratios that were seen.
"""
import argparse
import collections
import statistics
import time

from comparisons import PLANTED, busy_core, compare, verdicts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default="3.11")
    parser.add_argument("--slowdown", type=float, default=5, metavar="PERCENT")
    parser.add_argument("--comparisons", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--budget", type=float, metavar="SECONDS")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--steps", type=int, default=500_000)
    parser.add_argument("--busy", action="store_true")
    arguments = parser.parse_args()
    flags = [f"--python=a={arguments.python}", f"--python=b={arguments.python},PLANTED_SLOWDOWN={arguments.slowdown}",
             f"--scripts={PLANTED}", "--filter=^countdown/python/", f"--countdown-steps={arguments.steps}",
             f"--repetitions={arguments.repetitions}", "--min-time=0.02"]
    if arguments.budget:
        flags.append(f"--budget={arguments.budget}")
    total = collections.Counter()
    ratios, rounds = [], []
    start = time.monotonic()
    with busy_core(arguments.busy):
        for number in range(1, arguments.comparisons + 1):
            comparison = compare(flags, arguments.rounds)
            total += verdicts(comparison)
            cell = comparison["rows"][0]["cells"][1]
            ratios.append(cell["ratio"])
            rounds.append(cell["compared"])
            print(f"comparison {number}: {cell['ratio']:.4f} [{cell['ratio_low']:.4f}, {cell['ratio_high']:.4f}] "
                  f"{cell['verdict']} after {cell['compared']} rounds", flush=True)
    print(f"{arguments.slowdown:g} % slower: found in {total['slower']} of {arguments.comparisons} comparisons "
          f"({dict(total)}); ratio {statistics.mean(ratios):.4f} on average, {min(ratios):.4f} to {max(ratios):.4f}; "
          f"{statistics.mean(rounds):.0f} rounds on average; {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
