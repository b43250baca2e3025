#!/usr/bin/env python3
"""The comparison beside pyperf's, hyperfine's and Google Benchmark's, in the same wall time: false alarms and misses.

    harness/benchmarks/beside_pyperf.py [--python=EXECUTABLE] [--comparisons=20] [--slowdowns=0,2] [--tools=TOOL,...]
                                        [--keep=FILE.json] [--busy]

The two that are compared are countdown and countdown with some percent more steps (planted/countdown.py). With 0 more
whatever comes out faster or slower is a false alarm; else whatever does not come out slower is a miss. The tools take
turns, and each has as many seconds as pyperf's comparison just before took:

- pyperf: `pyperf timeit --fast` of the one, then of the other, and `pyperf compare_to`. EXECUTABLE must have pyperf.
- harness: both by --python, with these seconds less one for --budget, as it takes a moment to begin and to end.
- hyperfine: both commands, with as many runs as the seconds allow; and Welch's t test of their times, as hyperfine's
  own scripts/welch_ttest.py does, at 5 %.
- compare.py, Google Benchmark's: a run of harness of the one, then of the other, with as many repetitions as the
  seconds allow, and its U test, at 5 %, which is its default. It needs scipy.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from comparisons import PLANTED, ROOT, busy_core, compare

COMPARE_PY = "/usr/share/benchmark/compare.py"
DOUBT = 0.05


def done(command, slowdown=0.0, **options):
    """The command's standard output, with that slowdown planted. Ends this script where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(PLANTED), "PLANTED_SLOWDOWN": str(slowdown)}
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with status {run.returncode}:\n{run.stderr}")
    return run.stdout


class Sides:
    """The two sides of a comparison, and who compares them. Each method gives a verdict."""

    def __init__(self, python, slowdown, steps):
        self.python, self.slowdown, self.steps = python, slowdown, steps

    def pyperf(self, _seconds):
        with tempfile.TemporaryDirectory() as folder:
            files = [str(pathlib.Path(folder) / name) for name in ("a.json", "b.json")]
            for file, percent in zip(files, (0.0, self.slowdown)):
                done([self.python, "-m", "pyperf", "timeit", "--fast",
                      "--inherit-environ=PYTHONPATH,PLANTED_SLOWDOWN", "-o", file,
                      "-s", "from countdown import run", f"run(0, {self.steps})"], percent)
            text = done([self.python, "-m", "pyperf", "compare_to", *files])
        if "not significant" in text:
            return "not significant"
        return "slower" if "slower" in text else "faster" if "faster" in text else "no change"

    def harness(self, seconds):
        comparison = compare([f"--python=a={self.python}", f"--python=b={self.python},PLANTED_SLOWDOWN={self.slowdown}",
                              f"--scripts={PLANTED}", "--filter=^countdown/python/",
                              f"--countdown-steps={self.steps}", "--repetitions=100", "--min-time=0.0005",
                              f"--budget={max(1.0, seconds - 1):.1f}"], rounds=10)
        return comparison["rows"][0]["cells"][1]["verdict"]

    def hyperfine(self, seconds):
        from scipy.stats import ttest_ind

        # A process long enough that its start, which has no slowdown, is a small part of it.
        steps = 160 * self.steps
        commands = [f"env PLANTED_SLOWDOWN={percent} {self.python} -c 'from countdown import run; run(0, {steps})'"
                    for percent in (0.0, self.slowdown)]
        start = time.monotonic()
        done(["sh", "-c", commands[0]])
        runs = max(2, round(seconds / 2 / (time.monotonic() - start)))
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "times.json"
            done(["hyperfine", "--shell=none", f"--runs={runs}", f"--export-json={file}", *commands])
            a, b = (result["times"] for result in json.loads(file.read_text())["results"])
        if ttest_ind(a, b, equal_var=False).pvalue >= DOUBT:
            return "not significant"
        return "slower" if sum(b) > sum(a) else "faster"

    def run_of_harness(self, slowdown, repetitions, out):
        done([str(ROOT / "build/harness"), f"--python={self.python}", f"--scripts={PLANTED}",
              "--filter=^countdown/python/", f"--countdown-steps={self.steps}", f"--repetitions={repetitions}",
              "--min-time=0.05", f"--out={out}", "--format=csv"], slowdown)

    def compare_py(self, seconds):
        with tempfile.TemporaryDirectory() as folder:
            start = time.monotonic()
            self.run_of_harness(0.0, 9, f"{folder}/first")
            repetitions = max(9, round(9 * seconds / 2 / (time.monotonic() - start)))
            for name, percent in (("a", 0.0), ("b", self.slowdown)):
                self.run_of_harness(percent, repetitions, f"{folder}/{name}")
            text = done([sys.executable, COMPARE_PY, "--no-color", "benchmarks", f"{folder}/a/result.json",
                         f"{folder}/b/result.json"])
        p = float(re.search(r"_pvalue\s+(\S+)", text).group(1))
        medians = re.search(r"_median\s+([+-][\d.]+)", text)
        if p >= DOUBT:
            return "not significant"
        return "slower" if float(medians.group(1)) > 0 else "faster"


TOOLS = {"pyperf": Sides.pyperf, "harness": Sides.harness, "hyperfine": Sides.hyperfine, "compare.py": Sides.compare_py}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--comparisons", type=int, default=20)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--slowdowns", default="0,2")
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--keep", type=pathlib.Path, metavar="FILE.json", help="every verdict and its seconds")
    parser.add_argument("--busy", action="store_true")
    arguments = parser.parse_args()
    tools = [tool for tool in TOOLS if tool == "pyperf" or tool in arguments.tools.split(",")]
    slowdowns = [float(text) for text in arguments.slowdowns.split(",")]
    seen = []
    with busy_core(arguments.busy):
        for number in range(arguments.comparisons):
            for slowdown in slowdowns:
                sides, seconds = Sides(arguments.python, slowdown, arguments.steps), 0
                for tool in tools:
                    start = time.monotonic()
                    verdict = TOOLS[tool](sides, seconds)
                    taken = time.monotonic() - start
                    seconds = seconds or taken
                    seen.append({"slowdown": slowdown, "tool": tool, "verdict": verdict, "seconds": round(taken, 2)})
                if arguments.keep:
                    arguments.keep.write_text(json.dumps(seen, indent=0) + "\n")
            print(f"{number + 1} of {arguments.comparisons}", file=sys.stderr, flush=True)
    for slowdown in slowdowns:
        for tool in tools:
            its = [each for each in seen if (each["slowdown"], each["tool"]) == (slowdown, tool)]
            counts = collections.Counter(each["verdict"] for each in its)
            wrong = counts["faster"] + counts["slower"] if slowdown == 0 else len(its) - counts["slower"]
            print(f"{slowdown:g} % slower, {tool:10}: {wrong} of {len(its)} "
                  f"{'false alarms' if slowdown == 0 else 'missed'} ({dict(counts)}), "
                  f"{sum(each['seconds'] for each in its):.0f} s")


if __name__ == "__main__":
    main()
