#!/usr/bin/env python3
"""What it costs that import has just compiled a script: how much faster two threads are, from a .pyc and from source.

    harness/benchmarks/code_cost.py [--rounds=N] [PYTHON ...]

Each round runs grayscale in Python on one thread and on two, in one process, with --code=pyc and again with
--code=source, in an order that alternates, under each interpreter that is given as --python takes it. It prints the
time of one thread over that of two, and the time of two from source over that from a .pyc: the median over the rounds'
own ratios, the middle half of them, and their extremes.

On two idle cores a free-threaded CPython 3.14 comes near 2 from a .pyc and stays near 1 from source, where both threads
count references to the constants of their code. 3.15 comes near 2 in both. With a GIL it is 1 in both.
"""
import argparse
import json
import statistics
import subprocess
import sys
import tempfile

from comparisons import ROOT

ROW = "grayscale/python_threads/threads:"


def times(python, code, folder):
    """The median times on one thread and on two."""
    command = [str(ROOT / "build/harness"), f"--filter=^{ROW}[12]$", "--threads=1,2", "--repetitions=3",
               "--min-time=0.2", "--no-gil-trace", "--no-pictures", "--format=json", f"--code={code}",
               f"--out={folder}"]
    command += [f"--python={python}"] if python else []
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with status {run.returncode}:\n{run.stderr}")
    rows = json.loads(run.stdout)["benchmarks"]
    median = {row["run_name"]: row["real_time"] for row in rows if row.get("aggregate_name") == "median"}
    return median[ROW + "1"], median[ROW + "2"]


def described(ratios):
    low, median, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return f"{median:.2f} (middle half {low:.2f} to {high:.2f}, all {min(ratios):.2f} to {max(ratios):.2f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="at least 2")
    parser.add_argument("pythons", nargs="*", metavar="PYTHON", default=[""])
    options = parser.parse_args()
    for python in options.pythons:
        gained, added = {"pyc": [], "source": []}, []
        with tempfile.TemporaryDirectory() as folder:
            for number in range(options.rounds):
                taken = {}
                for code in ("pyc", "source") if number % 2 else ("source", "pyc"):
                    taken[code] = times(python, code, folder)
                    gained[code].append(taken[code][0] / taken[code][1])
                added.append(taken["source"][1] / taken["pyc"][1])
        print(python or "the default interpreter", f"{options.rounds} rounds", sep=", ")
        for code, ratios in gained.items():
            print(f"  {code:6}  one thread / two: {described(ratios)}")
        print(f"  two threads, source / pyc: {described(added)}", flush=True)


if __name__ == "__main__":
    main()
