#!/usr/bin/env python3
"""What two workers of each way gain over one thread, beside what two processes gain that know nothing of each other.

    harness/benchmarks/ways_gain.py --python=SPEC [--python=SPEC ...] [--workloads=countdown,grayscale] [--rounds=10]
                                    [--repetitions=6] [--min-time=SECONDS] [WAY ...]

In a round the row `python/threads:1` and those of the ways are run at the same time by fresh processes that take turns,
a repetition each, so that what the machine does for a second hits all alike. `independent` is two programs more, each of
which runs `python/threads:1` on half of the work: they begin at the same time and share nothing but the machine, and the
later one counts. More than that the two cores do not give to this code. A round's gain is the median of those of its
repetitions: a process keeps its memory layout. It prints, of each way, the median of the rounds' gains and that of its
gains over those of `independent`, each with the interval that covers the true one in 95 of 100 cases, whatever they are
distributed like (the binomial distribution's order statistics).
"""
import argparse
import math
import statistics

from in_turns import run_in_turns

WAYS = {"subinterpreters": "subinterpreters/threads:2", "fork": "processes/threads:2/start:fork",
        "forkserver": "processes/threads:2/start:forkserver", "spawn": "processes/threads:2/start:spawn"}
# The whole of the work and the half of it.
WORK = {"countdown": ("--countdown-steps=4000000", "--countdown-steps=2000000"),
        "sum_of_squares": ("--sum-n=1000000", "--sum-n=500000"), "grayscale": ("--size=640x360", "--size=640x180")}


def median_interval(values):
    """The median, and the order statistics that cover it at 95 %."""
    values, count = sorted(values), len(values)
    below, reach = 0, 0
    while below + (chance := math.comb(count, reach) / 2**count) <= 0.025:
        below += chance
        reach += 1
    return statistics.median(values), values[max(reach - 1, 0)], values[count - max(reach, 1)]


def times(python, workload, options):
    """Nanoseconds of each repetition of a round, by way; `one` is the thread that all are compared with."""
    flags = [f"--python={python}", "--threads=1,2", f"--repetitions={options.repetitions}", f"--min-time={options.min_time}",
             "--no-gil-trace", "--no-lock-trace", "--isolated"]
    whole, half = WORK[workload]
    one = f"--filter=^{workload}/python/threads:1$"
    names = ["one", *options.ways, "independent"]
    teams = [[[*flags, whole, one]], *([[*flags, whole, f"--filter=^{workload}/{WAYS[way]}$"]] for way in options.ways),
             [[*flags, half, one]] * 2]
    # What has no row, a way that this interpreter lacks, has no times.
    return {name: [max(together) for together in zip(*(next(iter(rows.values()), []) for rows in team))]
            for name, team in zip(names, run_in_turns(teams))}


def said(rounds, above, below):
    """How often the times of one go into those of the other, with the interval."""
    ratios = [statistics.median(a / b for a, b in zip(each[above], each[below])) for each in rounds
              if each[above] and each[below]]
    return "{:.3f} ({:.3f} to {:.3f})".format(*median_interval(ratios)) if ratios else "–"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", required=True)
    parser.add_argument("--workloads", default="countdown,grayscale")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--repetitions", type=int, default=6)
    parser.add_argument("--min-time", type=float, default=0.05)
    parser.add_argument("ways", nargs="*", metavar="WAY", default=[*WAYS])
    options = parser.parse_args()
    for python in options.python:
        for workload in options.workloads.split(","):
            rounds = [times(python, workload, options) for _ in range(options.rounds)]
            for way in ["independent", *options.ways]:
                print(python, workload, way, said(rounds, "one", way), said(rounds, "independent", way),
                      sep="\t", flush=True)


if __name__ == "__main__":
    main()
