#!/usr/bin/env python3
"""What embedding costs: countdown in the harness against the same script under the interpreter's executable.

    harness/benchmarks/embedding_cost.py [--python=EXECUTABLE] [--rounds=N] [--steps=N] [--seed=N]

Both use the same libpython. Each round runs one after the other, each in a fresh process, in an order that
alternates. A process runs the script once to warm up and reports the median of five further runs. The script prints
the median over the rounds of harness over executable: 1.00 means that embedding costs nothing.

Where CPython's objects lie in memory changes the loop's time by as much as is looked for here, at the same
instructions: one more import in the script is enough. A layout is chance, but the same in every process. So each
round gives both another one, by objects of random sizes that the script keeps and a variable of random length in the
environment (setup randomization: Mytkowicz et al., "Producing Wrong Data Without Doing Anything Obviously Wrong!",
ASPLOS 2009).
"""
import argparse
import json
import os
import pathlib
import random
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


def place(folder, chance):
    """Writes the script with objects before it that are kept; returns the environment that goes with it."""
    sizes = [chance.randrange(1, 2000) for _ in range(chance.randrange(1, 300))]
    integers = chance.randrange(1, 300)
    script = (ROOT / "scripts/countdown.py").read_text()
    kept = f"_kept = [bytearray(size) for size in {sizes}], [10**9 + i for i in range({integers})]\n"
    (folder / "countdown.py").write_text(kept + script)
    return os.environ | {"HARNESS_PLACEMENT": "x" * chance.randrange(4096), "PYTHONDONTWRITEBYTECODE": "1"}


def alone(python, steps, folder, environment):
    command = [python, "-c", ALONE, str(folder / "countdown.py"), str(steps)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


def embedded(python, steps, folder, environment):
    command = [str(ROOT / "build/harness"), f"--python={python}", "--filter=^countdown/python/", "--format=json",
               f"--countdown-steps={steps}", "--repetitions=5", "--min-time=0.001", f"--scripts={folder}",
               "--code=source",  # as the executable has it here
               f"--out={folder / 'out'}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    rows = json.loads(done.stdout)["benchmarks"]
    return statistics.median(row["real_time"] / 1e3 for row in rows if row["run_type"] == "iteration")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--steps", type=int, default=5_000_000)
    parser.add_argument("--seed", type=int, default=1, help="of the layouts")
    arguments = parser.parse_args()
    python = os.path.abspath(arguments.python)
    chance = random.Random(arguments.seed)
    times = {"executable": [], "harness": []}
    run = {"executable": alone, "harness": embedded}
    for number in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            environment = place(folder, chance)
            order = ["executable", "harness"] if number % 2 else ["harness", "executable"]
            for which in order:
                times[which].append(run[which](python, arguments.steps, folder, environment))
    for which, taken in times.items():
        print(f"{which:10}  median {statistics.median(taken) * 1e3:.2f} ms, best {min(taken) * 1e3:.2f} ms, "
              f"worst {max(taken) * 1e3:.2f} ms")
    ratios = sorted(inside / outside for inside, outside in zip(times["harness"], times["executable"]))
    quarter = len(ratios) // 4
    print(f"harness / executable: median {statistics.median(ratios):.4f}, "
          f"middle half {ratios[quarter]:.4f} to {ratios[-quarter - 1]:.4f}, {arguments.rounds} rounds")


if __name__ == "__main__":
    main()
