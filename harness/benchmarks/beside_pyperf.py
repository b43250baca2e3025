#!/usr/bin/env python3
"""The comparison beside pyperf's, in the same wall time: false alarms and misses of both.

    harness/benchmarks/beside_pyperf.py [--python=EXECUTABLE] [--comparisons=20] [--busy]

EXECUTABLE must have pyperf. The script runs `pyperf timeit --fast` on the one, then on the other, and `pyperf
compare_to`; then harness on the same two, with as many seconds as that took for its --budget. The two are countdown
and countdown with 0, 2 and 5 percent more steps (planted/countdown.py). With 0 whatever comes out faster or slower
is a false alarm; with 2 and 5 whatever does not come out slower is a miss.
"""
import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from comparisons import PLANTED, busy_core, compare


def pyperf(python, arguments, slowdown=0.0):
    environment = {**os.environ, "PYTHONPATH": str(PLANTED), "PLANTED_SLOWDOWN": str(slowdown)}
    command = [python, "-m", "pyperf", *arguments]
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with status {run.returncode}:\n{run.stderr}")
    return run.stdout


def by_pyperf(python, slowdown, steps):
    with tempfile.TemporaryDirectory() as folder:
        files = [str(pathlib.Path(folder) / name) for name in ("a.json", "b.json")]
        for file, percent in zip(files, (0.0, slowdown)):
            pyperf(python, ["timeit", "--fast", "--inherit-environ=PYTHONPATH,PLANTED_SLOWDOWN", "-o", file,
                            "-s", "from countdown import run", f"run(0, {steps})"], percent)
        text = pyperf(python, ["compare_to", *files])
    if "not significant" in text:
        return "not significant"
    return "slower" if "slower" in text else "faster" if "faster" in text else "no change"


def by_harness(python, slowdown, steps, budget_s):
    comparison = compare([f"--python=a={python}", f"--python=b={python},PLANTED_SLOWDOWN={slowdown}",
                          f"--scripts={PLANTED}", "--filter=^countdown/python/", f"--countdown-steps={steps}",
                          "--repetitions=5", "--min-time=0.02", f"--budget={budget_s:.1f}"], rounds=10)
    return comparison["rows"][0]["cells"][1]["verdict"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--comparisons", type=int, default=20)
    parser.add_argument("--steps", type=int, default=500_000)
    parser.add_argument("--slowdowns", default="0,2,5")
    parser.add_argument("--busy", action="store_true")
    arguments = parser.parse_args()
    with busy_core(arguments.busy):
        for slowdown in map(float, arguments.slowdowns.split(",")):
            seen = {"pyperf": collections.Counter(), "harness": collections.Counter()}
            taken = dict.fromkeys(seen, 0.0)
            for _ in range(arguments.comparisons):
                start = time.monotonic()
                seen["pyperf"][by_pyperf(arguments.python, slowdown, arguments.steps)] += 1
                middle = time.monotonic()
                seen["harness"][by_harness(arguments.python, slowdown, arguments.steps, middle - start)] += 1
                taken["pyperf"] += middle - start
                taken["harness"] += time.monotonic() - middle
            for tool, counts in seen.items():
                wrong = (counts["faster"] + counts["slower"] if slowdown == 0
                         else arguments.comparisons - counts["slower"])
                print(f"{slowdown:g} % slower, {tool:7}: {wrong} of {arguments.comparisons} "
                      f"{'false alarms' if slowdown == 0 else 'missed'} ({dict(counts)}), {taken[tool]:.0f} s",
                      flush=True)


if __name__ == "__main__":
    main()
