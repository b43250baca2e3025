#!/usr/bin/env python3
"""What `harness trace` costs whole programs: the wall time of each with it over that without, in turn.

    harness/benchmarks/trace_cost.py [--python=SPEC ...] [--pairs=N] [--filter=REGEX] [--gates] [--out=FILE]

The programs are those of traced_programs.py. A round runs each of them twice, in shuffled order: by `harness trace`
and by the same executable without it, one right after the other, in fresh processes with the same seed for hashes,
and in an order that alternates. A program prints how long its work took. The first of an interpreter's columns has the
ratio of these times, traced over plain: the median over the pairs and a 95 % interval of it (by the order of the
ratios). The second has the least time traced over the least time plain, which a busy machine changes less. The third
has the milliseconds that the trace adds before and after the work, for the process's start and the report. The fourth
has how often a second the GIL changed threads, in one traced run before the rounds. It writes Markdown.

--gates says for each program that has a limit whether the median is within it: GATES below. It exits with 1 where one
is not. On a free-threaded interpreter no thread hands over a GIL, so that the limit of those which do is left out.
"""
import argparse
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

from contention_table import ROOT, write_table
from traces_in_turn import median_interval
from traced_programs import PROGRAMS

FILE = pathlib.Path(__file__).resolve().with_name("traced_programs.py")
ALONE, HANDS_OVER = 1.01, 1.03
GATES = {"bodies": ALONE, "json_texts": ALONE, "regular_expressions": ALONE, "objects": ALONE, "pickling": ALONE,
         "floats": ALONE, "generators": ALONE, "imports": ALONE, "asyncio_tasks": ALONE,
         "handing_over": HANDS_OVER, "handing_over_on_one_core": HANDS_OVER}
LONGEST_RUN_S = 300
ASK = """import sys, sysconfig
print(sys.version.split()[0] + ("t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""),
      getattr(sys, "_is_gil_enabled", lambda: True)())"""


def run(command, name, work, seed):
    """How long the program's own work took, and the rest of the process's life, in seconds."""
    command = [*command, str(FILE), name, str(work)]
    environment = dict(os.environ, PYTHONHASHSEED=str(seed))
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONGEST_RUN_S)
    whole_s = time.perf_counter() - begun
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with status {done.returncode}:\n{done.stderr}")
    own_s = float(done.stdout.split()[-1])
    return own_s, whole_s - own_s


class Interpreter:
    """One of --python, and what has been measured on it."""

    def __init__(self, options, spec):
        self.traced = [options.program, "trace", *([f"--python={spec}"] if spec else [])]
        self.plain, self.name, self.has_gil = [], "", True
        self.switches_hz, self.pairs = {}, {}

    def look(self, options, name):
        """One run with a report, which also tells what `harness trace` has started."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "report.json"
            own_s, _ = run([*self.traced, f"--report={file}"], name, options.work, 0)
            report = json.loads(file.read_text(encoding="utf-8"))
        self.plain = report["program"][:1]
        told = subprocess.run([*self.plain, "-c", ASK], check=True, capture_output=True, text=True).stdout.split()
        self.name, self.has_gil = told[0], told[1] == "True"
        self.switches_hz[name] = sum(gil["switches"] for gil in report["gils"]) / own_s

    def measure(self, options, name, number):
        """One pair."""
        seconds = {}
        for command in (self.traced, self.plain) if number % 2 else (self.plain, self.traced):
            seconds[command[0]] = run(command, name, options.work, options.seed + number)
        self.pairs.setdefault(name, []).append((seconds[self.traced[0]], seconds[self.plain[0]]))

    def ratio(self, name):
        """The median, and the ends of its interval."""
        return median_interval([traced_s / plain_s for (traced_s, _), (plain_s, _) in self.pairs[name]])

    def cells(self, name):
        middle, low, high = self.ratio(name)
        least = [min(pair[which][0] for pair in self.pairs[name]) for which in (0, 1)]
        added_s = statistics.median(traced_rest_s - plain_rest_s
                                    for (_, traced_rest_s), (_, plain_rest_s) in self.pairs[name])
        return [f"{middle:.3f} [{low:.3f}, {high:.3f}]", f"{least[0] / least[1]:.3f}", f"{added_s * 1e3:.0f}",
                f"{self.switches_hz[name]:,.0f}"]

    def faults(self):
        """Prints a line for each program that has a limit; returns how many are beyond."""
        beyond = 0
        for name, limit in GATES.items():
            if name not in self.pairs or (limit == HANDS_OVER and not self.has_gil):
                continue
            middle, low, high = self.ratio(name)
            beyond += middle > limit
            doubt = f"; the interval [{low:.3f}, {high:.3f}] holds the limit" if low <= limit < high else ""
            print(f"{self.name}, {name}: {'fail' if middle > limit else 'pass'}, {middle:.3f} of {limit}{doubt}")
        return beyond


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build/harness"), help="harness (default: %(default)s)")
    parser.add_argument("--python", action="append", help="an interpreter, as harness takes it")
    parser.add_argument("--pairs", type=int, default=20, help="of processes for each program; 10 and more for figures")
    parser.add_argument("--work", type=float, default=1, help="how much each program does (default 1: about a second)")
    parser.add_argument("--filter", default="", help="only programs in whose name this is found")
    parser.add_argument("--gates", action="store_true", help="say whether the limits are kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="where the table goes (default: standard output)")
    options = parser.parse_args()
    names = [name for name in PROGRAMS if re.search(options.filter, name)]
    interpreters = [Interpreter(options, spec) for spec in options.python or [""]]
    for interpreter in interpreters:
        for name in names:
            interpreter.look(options, name)
    order = random.Random(options.seed)
    runs = [(interpreter, name) for interpreter in interpreters for name in names]
    for number in range(options.pairs):
        for interpreter, name in order.sample(runs, len(runs)):
            interpreter.measure(options, name, number)
        print(f"pair {number + 1} of {options.pairs}", file=sys.stderr)
    columns = [title for interpreter in interpreters
               for title in (interpreter.name, "least", "added, ms", "switches / s")]
    rows = {f"`{name}`": [cell for interpreter in interpreters for cell in interpreter.cells(name)] for name in names}
    write_table(columns, rows, options.out, "traced / plain")
    return options.gates and sum(interpreter.faults() for interpreter in interpreters) > 0


if __name__ == "__main__":
    raise SystemExit(main())
