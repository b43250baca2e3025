#!/usr/bin/env python3
"""Whether a row depends on the rows that ran before it in the process.

    harness/benchmarks/row_order.py [--python=SPEC] [--filter=REGEX] [--rounds=N] [--flag=FLAG ...]

Each round runs the rows together in one process, in another shuffled order (--shuffle-rows), and each of them alone in
a process of its own. `harness compare` then puts the rows after others beside the rows alone: the ratio of what they
are compared by, with intervals that are right for all rows together with 95 % confidence. A row whose interval leaves out 1
(of a share, 0) depends on what ran before it, and the script prints what it was in each round and after which row; it
ends with status 1. Where others use the machine the intervals get wide; --cpu-time, and --best with many short
repetitions (--repetitions=15 --min-time=0.000001 and little work), make them narrower. --flag passes a flag on, such as
--flag=--countdown-steps=100000. With --flag=--isolated no row has a process of its own, so that the rows of
gil/ensure_release show what one that depends looks like.
"""
import argparse
import json
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HARNESS = str(ROOT / "build/harness")
MEASURES = ("pair_ns", "handoff_p50_ns", "latency_p50_ns", "python_share_of_alone")


def output_of(command, allowed=(0,)):
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode not in allowed:
        sys.exit(f"{' '.join(command)}\nended with status {run.returncode}:\n{run.stderr}")
    return run.stdout


def rows_of(options, folder, filter_, order=None):
    """The repetitions of a run, and its context."""
    command = [HARNESS, f"--filter={filter_}", f"--min-time={options.min_time}", f"--repetitions={options.repetitions}",
               "--no-pictures", "--format=json", f"--out={folder}/out", *options.flag]
    command += [f"--python={options.python}"] if options.python else []
    command += [] if order is None else [f"--shuffle-rows={order}"]
    run = json.loads(output_of(command))
    repetitions = [row for row in run["benchmarks"] if row["run_type"] == "iteration" and not row.get("error_occurred")]
    if options.cpu_time:
        repetitions = [dict(row, real_time=row["cpu_time"]) for row in repetitions]
    return repetitions, run["context"]


def measure_of(row):
    return next((name for name in MEASURES if name in row), "real_time")


def best_of(repetitions):
    """The one that took least; all where more is better."""
    if "share" in measure_of(repetitions[0]):
        return repetitions
    return [min(repetitions, key=lambda row: row[measure_of(row)])]


def value_of(repetitions):
    """The median of what the row is compared by."""
    return statistics.median(row[measure_of(row)] for row in repetitions)


def measured(options, folder):
    """By name of the row the rounds' repetitions, alone and after others; what ran before it; and the context."""
    names = output_of([HARNESS, "--list", f"--filter={options.filter}", *options.flag]).split()
    kept = best_of if options.best else list
    alone, after, before = {}, {}, {}
    chance = random.Random(options.seed)
    for number in range(1, options.rounds + 1):
        together, context = rows_of(options, folder, options.filter, chance.randrange(2**32))
        ran = list(dict.fromkeys(row["run_name"] for row in together))
        for name in ran:
            after.setdefault(name, []).append(kept([row for row in together if row["run_name"] == name]))
            before.setdefault(name, []).append(ran[ran.index(name) - 1] if ran.index(name) else "nothing")
        for name in chance.sample(names, len(names)):
            rows, _ = rows_of(options, folder, f"^{re.escape(name)}$")
            rows = [row for row in rows if row["run_name"] == name]  # others may have to run beside it
            if rows:
                alone.setdefault(name, []).append(kept(rows))
        print(f"round {number} of {options.rounds}", file=sys.stderr)
    return alone, after, before, context


def stored(file, rows, context):
    """Write the rounds as a comparison stores those of an interpreter: each entry with its round."""
    entries = [dict(entry, round=number) for rounds in rows.values()
               for number, repetitions in enumerate(rounds, 1) for entry in repetitions]
    file.write_text(json.dumps({"context": dict(context, row_order=""), "benchmarks": entries}))
    return str(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python")
    parser.add_argument("--filter", default="^gil/(detach|ensure|handoff)|/python")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--min-time", type=float, default=0.05)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--cpu-time", action="store_true", help="take the CPU time instead of the time")
    parser.add_argument("--best", action="store_true", help="take the best repetition, not the median")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flag", action="append", default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        alone, after, before, context = measured(options, folder)
        files = [stored(pathlib.Path(folder, name + ".json"), rows, context)
                 for name, rows in (("alone", alone), ("after_others", after))]
        compared = json.loads(output_of([HARNESS, "compare", *files, "--format=json"], allowed=(0, 1)))
    depend = 0
    for row in compared["rows"]:
        name, cell = row["name"], row["cells"][1]
        if "verdict" not in cell:
            print(f"{name}: not compared")
            continue
        effect, none = ("ratio", 1) if "ratio" in cell else ("difference", 0)
        low, high = cell[effect + "_low"], cell[effect + "_high"]
        values = [value_of(repetitions) for repetitions in after[name]]
        depends = not low <= none <= high
        depend += depends
        print(f"{name}: {row['compared_by']} after others, {effect} to alone {low:.3f} to {high:.3f}; in {len(values)} "
              f"orders {min(values):.4g} to {max(values):.4g}: "
              f"{'DEPENDS on what ran before' if depends else 'agrees'}")
        if depends:
            print(f"    alone {statistics.median(map(value_of, alone[name])):.4g}")
            for value, row_before in sorted(zip(values, before[name])):
                print(f"    {value:.4g} right after {row_before}")
    print(f"{depend} of {len(compared['rows'])} rows depend on what ran before them")
    sys.exit(1 if depend else 0)


if __name__ == "__main__":
    main()
