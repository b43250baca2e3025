#!/usr/bin/env python3
"""What the GIL trace costs a run: rows with it on against the same with --no-gil-trace.

    harness/benchmarks/gil_trace_cost.py [--python=SPEC] [--rounds=N]

Each round runs both, one right after the other, each in a fresh process, in an order that alternates. It prints
- countdown on 4 threads at the default switch interval: the ratio on / off, the median over the rounds' own ratios
  and the middle half of them;
- an uncontended detach and attach: the nanoseconds that the trace adds, to each of the two events.
gil_trace_bench shows, against glibc's own function, that the hook costs nothing where it is off.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COUNTDOWN = "countdown/python_threads/threads:4"
PAIR = "gil/detach_attach/spinners:0"


def measure(options, folder, traced):
    """The median time of COUNTDOWN in seconds, and of a pair in nanoseconds."""
    command = [str(ROOT / "build/harness"), f"--filter=^{COUNTDOWN}$|^{PAIR}$", "--threads=4", "--repetitions=5",
               "--min-time=0.1", "--format=json", f"--out={folder}"]
    command += [f"--python={options.python}"] if options.python else []
    command += [] if traced else ["--no-gil-trace"]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["benchmarks"]
    median = {row["run_name"]: row for row in rows if row.get("aggregate_name") == "median"}
    return median[COUNTDOWN]["real_time"] / 1e3, median[PAIR]["pair_ns"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    ratios, added_ns, pairs_ns = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds):
            order = (True, False) if number % 2 else (False, True)
            result = {traced: measure(options, folder, traced) for traced in order}
            ratios.append(result[True][0] / result[False][0])
            added_ns.append((result[True][1] - result[False][1]) / 2)
            pairs_ns.append(result[False][1])
    low, median, high = statistics.quantiles(ratios, n=4)
    print(f"{COUNTDOWN}: on / off {median:.4f} (middle half {low:.4f} to {high:.4f}), {options.rounds} rounds")
    low, median, high = statistics.quantiles(added_ns, n=4)
    print(f"{PAIR}: {statistics.median(pairs_ns):.1f} ns a pair off; on adds {median:.1f} ns an event "
          f"(middle half {low:.1f} to {high:.1f})")


if __name__ == "__main__":
    main()
