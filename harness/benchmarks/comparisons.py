"""What the benchmarks of the comparison share: running one, and counting its verdicts. Not run by itself."""
import collections
import contextlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLANTED = ROOT / "harness/benchmarks/planted"


def compare(flags, rounds, harness=ROOT / "build/harness"):
    """Run one comparison of `a` with `b`, as the flags say, in a temporary folder; return its JSON."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(harness), *flags, f"--rounds={rounds}", f"--out={folder}/out", "--format=json"]
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if run.returncode != 0:
            sys.exit(f"{' '.join(command)}\nended with status {run.returncode}:\n{run.stderr}")
        return json.loads(run.stdout)


def verdicts(comparison):
    """Count the rows of `b` by their verdicts."""
    return collections.Counter(row["cells"][1]["verdict"] for row in comparison["rows"])


@contextlib.contextmanager
def busy_core(wanted):
    """Load one core on and off meanwhile, a moment each, where that is wanted."""
    if not wanted:
        yield
        return
    process = subprocess.Popen([sys.executable, __file__])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def load_on_and_off():
    parent = os.getppid()
    chance = random.Random(1)
    while os.getppid() == parent:
        until = time.monotonic() + chance.uniform(0.2, 2)
        while time.monotonic() < until:
            pass
        time.sleep(chance.uniform(0.2, 2))


if __name__ == "__main__":
    load_on_and_off()
