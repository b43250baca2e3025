#!/usr/bin/env python3
"""CPython's Tools/ftscalingbench by itself, and the same file as a --workload: what a second thread adds.

    harness/benchmarks/beside_ftscalingbench.py --python=EXECUTABLE --script=FILE [--rounds=N] [FUNCTION ...]

A round runs the script under the executable (`-t 2`), the file as a workload whose code comes from a .pyc, and as one
that import has just compiled (--code=source), in turn. For each function it prints the work a second of two threads over
that of one by each of the three, with its 95 % interval (Student's t on the logarithms of the rounds' own figures).
"""
import argparse
import json
import re
import subprocess
import tempfile

from contention_table import ROOT, interval

SAYS = re.compile(r"(\w+)\s+([\d.]+)x (faster|slower)")


def by_itself(options):
    command = [options.python, options.script, "-t", "2", *options.function]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {name: float(ratio) if way == "faster" else 1 / float(ratio) for name, ratio, way in SAYS.findall(output)}


def as_workload(options, code):
    with tempfile.TemporaryDirectory() as folder:
        command = [str(ROOT / "build/harness"), f"--python={options.python}", f"--workload={options.script}", "--threads=2",
                   "--min-time=0.05", "--repetitions=3", f"--code={code}", "--format=json", "--no-pictures",
                   f"--out={folder}"]
        if options.function:
            command.append(f"--filter=[.]({'|'.join(options.function)})/")
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {row["run_name"].split("/")[0].partition(".")[2]: row["speedup"] for row in result["benchmarks"]
            if row.get("aggregate_name") == "median" and row["run_name"].endswith("/python_threads/threads:2")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True)
    parser.add_argument("--script", required=True)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("function", nargs="*", help="default: all")
    options = parser.parse_args()
    ways = {"by itself": by_itself, "workload, .pyc": lambda options: as_workload(options, "pyc"),
            "workload, source": lambda options: as_workload(options, "source")}
    found = {}
    for _ in range(options.rounds):
        for way, measure in ways.items():
            for function, ratio in measure(options).items():
                found.setdefault(function, {}).setdefault(way, []).append(ratio)
    print("| function | " + " | ".join(ways) + " |\n| --- |" + " --- |" * len(ways))
    for function, by_way in found.items():
        cells = ["{:.2f} [{:.2f}, {:.2f}]".format(*interval(by_way[way])) if way in by_way else "-" for way in ways]
        print(f"| `{function}` | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
