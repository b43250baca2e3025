#!/usr/bin/env python3
"""What a second thread adds, for each function of scripts/contention.py on several CPythons: a table.

    harness/benchmarks/sharing_table.py --python=SPEC [--python=SPEC ...] [--rounds=N] [--out=FILE]

A round runs the file on each interpreter in a fresh process, in shuffled order, each function on one thread and on two
threads that each do the whole job. A cell has the work a second of two threads over that of one, with its 95 % interval
(Student's t on the logarithms of the rounds' own ratios), and what most of the lost time went to where that is 5 % of
the threads' time and more, as the account has it (the median over the rounds). It writes Markdown.
"""
import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile

from contention_table import ROOT, interval, write_table

LOSSES = {"slower": ("account_slower",), "locks": ("account_lock_wait", "account_lock_spin"),
          "GIL": ("account_gil_wait",), "stops": ("account_world_stopped",), "idle": ("account_idle",),
          "no core": ("account_not_scheduled",), "blocked": ("account_blocked",)}
SAID = 0.05


def measure(options, python, out):
    """The medians of one process's rows on two threads, by function, and the interpreter's name."""
    command = [str(ROOT / "build/harness"), f"--python={python}", f"--workload={options.workload}", "--threads=2",
               f"--min-time={options.min_time}", "--repetitions=3", "--no-pictures", "--format=json", f"--out={out}"]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    context = result["context"]
    name = context["python_version"].split()[0] + ("" if context["gil_enabled"] == "true" else "t")
    rows = {row["run_name"]: row for row in result["benchmarks"] if row.get("aggregate_name") == "median"}
    return name, {run.split("/")[0].partition(".")[2]: row for run, row in rows.items()
                  if run.endswith("/python_threads/threads:2")}


def cell(rows):
    gain, low, high = interval([row["speedup"] for row in rows])
    lost = {}
    for name, parts in LOSSES.items():
        known = [sum(row.get(part, 0) for part in parts) for row in rows if "account_useful" in row]
        lost[name] = statistics.median(known) if known else 0
    name, share = max(lost.items(), key=lambda item: item[1])
    return f"{gain:.2f} [{low:.2f}, {high:.2f}]" + (f", {name} {share:.0%}".replace("%", " %") if share >= SAID else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", required=True, help="an interpreter, as harness takes it")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--min-time", type=float, default=0.05)
    parser.add_argument("--workload", default=str(ROOT / "scripts/contention.py"), help="a file of benchmarks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="where the table goes (default: standard output)")
    options = parser.parse_args()
    order = random.Random(options.seed)
    names, found = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds):
            for python in order.sample(options.python, len(options.python)):
                names[python], rows = measure(options, python, folder)
                for function, row in rows.items():
                    found.setdefault(function, {}).setdefault(python, []).append(row)
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    rows = {f"`{function}`": [cell(by_python[python]) if python in by_python else "" for python in options.python]
            for function, by_python in found.items()}
    write_table([names[python] for python in options.python], rows, options.out)


if __name__ == "__main__":
    main()
