#!/usr/bin/env python3
"""What two threads gain, and what they wait for, where they share one object: a table for several CPythons.

    harness/benchmarks/contention_table.py --python=SPEC [--python=SPEC ...] [--rounds=N] [--steps=N] [--out=FILE]

Each operation is a script whose threads do it on one shared object. A round runs each script on each interpreter once,
in a fresh process, in shuffled order: all steps on one thread (countdown/python/threads:1) and split over two
(countdown/python_threads/threads:2). A cell has the time of a step on one thread, the speed-up of two threads over
one with its 95 % interval (Student's t on the logarithms of the rounds' own ratios), and parks and spins for each
thousand steps on two threads, as the trace of locks counts them (the median over the rounds). It writes Markdown.
"""
import argparse
import json
import math
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ONE = "countdown/python/threads:1"
TWO = "countdown/python_threads/threads:2"

OPERATIONS = {
    "append to one list": ("shared = []", "shared.append(step)", "    shared.clear()"),
    "store into one dict": ("shared = {}", "shared[step & 255] = step", ""),
    "take one `threading.Lock`": ("import threading\nshared = threading.Lock()",
                                  "with shared:\n            pass", ""),
    "read one object's attribute": ("class Thing:\n    pass\nshared = Thing()\nshared.value = object()",
                                    "shared.value", ""),
    "call one function": ("def shared():\n    pass", "shared()", ""),
    "nothing shared": ("", "own = step + 1", ""),
}

# 0.975 quantiles of Student's t, by degrees of freedom; beyond 30 the normal distribution's is near enough.
T975 = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]


def write_scripts(folder, operation):
    """A folder of scripts whose countdown.py does the operation."""
    setup, body, end = OPERATIONS[operation]
    shutil.copytree(ROOT / "scripts", folder, ignore=shutil.ignore_patterns("__pycache__"))
    folder.joinpath("countdown.py").write_text(
        f"{setup}\n\n\ndef run(begin, end):\n    for step in range(begin, end):\n        {body}\n{end}\n"
        "    return end - begin\n", encoding="utf-8")


def measure(options, python, scripts, out):
    """The two rows of one process."""
    command = [str(ROOT / "build/harness"), f"--python={python}", f"--scripts={scripts}", "--threads=1,2",
               f"--filter=^({ONE}|{TWO})$", f"--countdown-steps={options.steps}", "--repetitions=1", "--min-time=0.2",
               "--no-pictures", "--format=json", f"--out={out}"]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    rows = {row["name"]: row for row in result["benchmarks"]}
    return rows[ONE], rows[TWO], result["context"]


def interval(ratios):
    """The geometric mean of the ratios and its 95 % interval."""
    logs = [math.log(ratio) for ratio in ratios]
    mean = statistics.fmean(logs)
    if len(logs) < 2:
        return math.exp(mean), 0, math.inf
    half = T975[min(len(logs) - 2, len(T975) - 1)] * statistics.stdev(logs) / math.sqrt(len(logs))
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)


def cell(options, pairs):
    steps = options.steps
    one_ns = statistics.median(one["real_time"] for one, _ in pairs) * 1e6 / steps
    gain, low, high = interval([one["real_time"] / two["real_time"] for one, two in pairs])
    parks, spins = (statistics.median(two[key] for _, two in pairs) * 1000 / steps
                    for key in ("lock_parks", "lock_spins"))
    return f"{one_ns:.1f} ns, {gain:.2f} [{low:.2f}, {high:.2f}] ×, {parks:.3g} parks, {spins:.3g} spins"


def write_table(versions, rows, out, first="shared by two threads"):
    """Markdown, a column a version, to the file `out` or, where there is none, to standard output."""
    lines = [f"| {first} | " + " | ".join(versions) + " |", "| --- |" + " --- |" * len(versions)]
    lines += [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows.items()]
    text = "\n".join(lines) + "\n"
    if out:
        pathlib.Path(out).write_text(text, encoding="utf-8")
    else:
        print(text, end="")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", required=True, help="an interpreter, as harness takes it")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=1_000_000, help="steps of a job, which threads share")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="where the table goes (default: standard output)")
    options = parser.parse_args()
    order = random.Random(options.seed)
    found = {(operation, python): [] for operation in OPERATIONS for python in options.python}
    versions = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        scripts = {operation: folder / f"scripts{i}" for i, operation in enumerate(OPERATIONS)}
        for operation, path in scripts.items():
            write_scripts(path, operation)
        for number in range(options.rounds):
            cells = list(found)
            order.shuffle(cells)
            for operation, python in cells:
                one, two, context = measure(options, python, scripts[operation], folder / "out")
                found[operation, python].append((one, two))
                versions[python] = context["python_version"].split()[0] + (
                    "" if context["gil_enabled"] == "true" else "t")
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    rows = {operation: [cell(options, found[operation, python]) for python in options.python]
            for operation in OPERATIONS}
    write_table([versions[python] for python in options.python], rows, options.out)


if __name__ == "__main__":
    main()
