#!/usr/bin/env python3
"""What a comparison's own process costs beside the processes that it times: memory, and share of a core.

    harness/benchmarks/coordinator_cost.py [--python=SPEC] [--seconds=30]

Starts a comparison of an interpreter with itself, and reads /proc/PID of the process that runs the rounds: first
when it has begun to run them, last after that many seconds. Meanwhile it should sleep.
"""
import argparse
import os
import pathlib
import subprocess
import tempfile
import time

from comparisons import ROOT


def cpu_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise ValueError("no VmHWM")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default="3.11")
    parser.add_argument("--seconds", type=float, default=30)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        command = [str(ROOT / "build/harness"), f"--python=a={arguments.python}", f"--python=b={arguments.python}",
                   "--filter=countdown|sum_of_squares", "--rounds=100000", f"--out={out}", "--format=csv"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as comparison:
            while not (out / "processes").exists() and comparison.poll() is None:
                time.sleep(0.05)
            before, start = cpu_s(comparison.pid), time.monotonic()
            time.sleep(arguments.seconds)
            used, seconds = cpu_s(comparison.pid) - before, time.monotonic() - start
            processes = len(list((out / "processes").iterdir()))
            print(f"{used / seconds:.2%} of a core, {peak_mib(comparison.pid):.1f} MiB at the most, over {seconds:.0f} s "
                  f"and {processes} processes")
            comparison.terminate()


if __name__ == "__main__":
    main()
