#!/usr/bin/env python3
"""What the trace of locks costs: rows with it on against the same with --no-lock-trace.

    harness/benchmarks/lock_trace_cost.py --python=SPEC [--rounds=N]

Each round runs both, one right after the other, each in a fresh process, in an order that alternates: threads that
share nothing, and threads that store into one dict and take one threading.Lock, on two and on four threads. It prints
the ratio on / off of each row's time, the median over the rounds' own ratios and a 95 % interval of that median (by the
order of the ratios, which assumes nothing of how they are spread).
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

import contention_table

ROWS = [("nothing shared", 2), ("nothing shared", 4), ("store into one dict", 2), ("store into one dict", 4),
        ("take one `threading.Lock`", 2), ("take one `threading.Lock`", 4)]


def measure(options, scripts, threads, out, traced):
    """The median time of one process's row."""
    command = [str(contention_table.ROOT / "build/harness"), f"--python={options.python}", f"--scripts={scripts}",
               f"--filter=^countdown/python_threads/threads:{threads}$", f"--threads={threads}",
               f"--countdown-steps={options.steps}", "--repetitions=9", "--min-time=0.05", "--no-pictures",
               "--format=json", f"--out={out}"]
    command += [] if traced else ["--no-lock-trace"]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return next(row["real_time"] for row in result["benchmarks"] if row.get("aggregate_name") == "median")


def median_interval(values):
    """The median, and the order statistics that hold it with at least 95 %."""
    ordered, count = sorted(values), len(values)
    half = 0.98 * count ** 0.5  # the normal distribution's for the binomial's
    low, high = max(0, int(count / 2 - half)), min(count - 1, int(count / 2 + half))
    return statistics.median(ordered), ordered[low], ordered[high]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--steps", type=int, default=200_000)
    options = parser.parse_args()
    ratios = {row: [] for row in ROWS}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        scripts = {}
        for operation, _ in ROWS:
            if operation not in scripts:
                scripts[operation] = folder / f"scripts{len(scripts)}"
                contention_table.write_scripts(scripts[operation], operation)
        for number in range(options.rounds):
            for operation, threads in ROWS:
                order = (True, False) if number % 2 else (False, True)
                time = {traced: measure(options, scripts[operation], threads, folder / "out", traced)
                        for traced in order}
                ratios[operation, threads].append(time[True] / time[False])
    for (operation, threads), values in ratios.items():
        middle, low, high = median_interval(values)
        print(f"{operation}, {threads} threads: on / off {middle:.4f} [{low:.4f}, {high:.4f}], {options.rounds} rounds",
              flush=True)


if __name__ == "__main__":
    main()
