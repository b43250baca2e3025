#!/usr/bin/env python3
"""What embedding costs: countdown in the harness against the same script under the interpreter's executable.

    harness/benchmarks/embedding_cost.py [--python=EXECUTABLE] [--rounds=N]

Both use the same libpython. Each round runs one after the other, each in a fresh process, in an order that
alternates. A process runs the script once to warm up and reports the median of five further runs. Printed is
the ratio of the medians over the rounds, harness over executable: 1.00 means that embedding costs nothing.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

ALONE = """
import importlib.util, statistics, sys, time
spec = importlib.util.spec_from_file_location("countdown", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
steps = int(sys.argv[2])
for i in range(16):
    module.run(0, 0)  # CPython 3.11 specialises at the eighth call; the harness warms up in the same way
times = []
for i in range(6):
    start = time.perf_counter()
    module.run(0, steps)
    times.append(time.perf_counter() - start)
print(statistics.median(times[1:]))
"""


def alone(python, steps):
    command = [python, "-c", ALONE, str(ROOT / "scripts/countdown.py"), str(steps)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def embedded(python, steps, folder):
    command = [str(ROOT / "build/harness"), f"--python={python}", "--filter=^countdown/python/", "--format=json",
               f"--countdown-steps={steps}", "--repetitions=5", "--min-time=0.001", f"--out={folder}"]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["benchmarks"]
    return statistics.median(row["real_time"] / 1e3 for row in rows if row["run_type"] == "iteration")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--steps", type=int, default=10_000_000)
    arguments = parser.parse_args()
    python = os.path.abspath(arguments.python)
    times = {"executable": [], "harness": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.rounds):
            order = ["executable", "harness"] if number % 2 else ["harness", "executable"]
            for which in order:
                taken = alone(python, arguments.steps) if which == "executable" else embedded(
                    python, arguments.steps, folder)
                times[which].append(taken)
    for which, taken in times.items():
        print(f"{which:10}  median {statistics.median(taken) * 1e3:.2f} ms, best {min(taken) * 1e3:.2f} ms, "
              f"worst {max(taken) * 1e3:.2f} ms")
    median = statistics.median(times["harness"]) / statistics.median(times["executable"])
    best = min(times["harness"]) / min(times["executable"])
    print(f"harness / executable: {median:.4f} of the medians, {best:.4f} of the best, {arguments.rounds} rounds")


if __name__ == "__main__":
    main()
