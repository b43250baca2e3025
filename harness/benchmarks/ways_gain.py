#!/usr/bin/env python3
"""What two workers of each way gain over one thread, and what two cores give native code, in turns.

    harness/benchmarks/ways_gain.py --python=SPEC [--python=SPEC ...] [--workloads=countdown,grayscale] [--pairs=40]
                                    [--min-time=SECONDS] [WAY ...]

A way's row and `python/threads:1` are run at the same time by two processes that take turns, a repetition each, so
that what the machine does for a second hits both alike. It prints, of each way, the median of the pairs' ratios with
the interval that covers the true one in 95 of 100 cases, whatever they are distributed like (the binomial
distribution's order statistics). `native` is `countdown/openmp` on two threads over `countdown/native`: more than that
two cores do not give.
"""
import argparse
import math
import statistics

from in_turns import run_in_turns

WAYS = {"subinterpreters": "subinterpreters/threads:2", "fork": "processes/threads:2/start:fork",
        "forkserver": "processes/threads:2/start:forkserver", "spawn": "processes/threads:2/start:spawn"}


def median_interval(values):
    """The median, and the order statistics that cover it at 95 %."""
    values, count = sorted(values), len(values)
    below, reach = 0, 0
    while below + (chance := math.comb(count, reach) / 2**count) <= 0.025:
        below += chance
        reach += 1
    return statistics.median(values), values[max(reach - 1, 0)], values[count - max(reach, 1)]


def gain(python, base, row, options):
    flags = [f"--python={python}", "--threads=1,2", f"--repetitions={options.pairs}", f"--min-time={options.min_time}",
             f"--size={options.size}", "--no-gil-trace", "--no-lock-trace", "--isolated"]
    one, two = run_in_turns([[*flags, f"--filter=^{name}$"] for name in (base, row)])
    if base not in one or row not in two:
        return None
    return median_interval([a / b for a, b in zip(one[base], two[row])])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", required=True)
    parser.add_argument("--workloads", default="countdown,grayscale")
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--min-time", type=float, default=0.05)
    parser.add_argument("--size", default="640x360")
    parser.add_argument("ways", nargs="*", metavar="WAY", default=[*WAYS, "native"])
    options = parser.parse_args()
    for python in options.python:
        for workload in options.workloads.split(","):
            for way in options.ways:
                base, row = (("countdown/native/threads:1", "countdown/openmp/threads:2") if way == "native" else
                             (f"{workload}/python/threads:1", f"{workload}/{WAYS[way]}"))
                found = gain(python, base, row, options)
                said = "{:.3f} ({:.3f} to {:.3f})".format(*found) if found else "–"
                print(f"{python}\t{workload}\t{way}\t{said}", flush=True)


if __name__ == "__main__":
    main()
