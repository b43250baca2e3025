#!/usr/bin/env python3
"""Whether starting a way around the GIL a thousand times leaves anything behind: memory, descriptors, processes.

    harness/benchmarks/soak_starts.py [--python=SPEC] [--starts=N] [WAY ...]

Runs start/WAY/threads:2 for about so many starts and looks at its process four times a second. It prints, of the first
quarter of the time and of the last, the most memory that the process had (resident), and the medians of its descriptors
and of the processes below it. It exits with 1 where the last has over a tenth and 4 MiB more memory, or more
descriptors or processes, or where anything is left at the end: processes, or names in /dev/shm.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WAYS = ["python_threads", "subinterpreters", "processes/start:fork", "processes/start:forkserver",
        "processes/start:spawn", "thread_pool", "interpreter_pool", "process_pool"]


def children(process):
    try:
        return [int(child) for task in os.listdir(f"/proc/{process}/task")
                for child in pathlib.Path(f"/proc/{process}/task/{task}/children").read_text().split()]
    except OSError:
        return []


def descendants(process):
    found = children(process)
    for each in found:
        found += children(each)
    return found


def look(process):
    """Resident MiB, descriptors and processes below; nothing where it has ended."""
    try:
        pages = int(pathlib.Path(f"/proc/{process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20, len(os.listdir(f"/proc/{process}/fd")), \
            len(descendants(process))
    except OSError:
        return None


def shared():
    return {name for name in os.listdir("/dev/shm") if name.startswith(("sem.mp-", "psm_"))}


def command(options, way, repetitions, min_time_s, out):
    return [str(ROOT / "build/harness"), f"--python={options.python}", f"--filter=^start/{way}/threads:2$",
            "--threads=2", f"--repetitions={repetitions}", f"--min-time={min_time_s}", "--no-gil-trace",
            "--no-lock-trace", "--format=json", f"--out={out}"]


def repetitions_of(output):
    return [row for row in json.loads(output)["benchmarks"] if row["run_type"] == "iteration"]


def soak(options, way):
    """Whether nothing is left behind. Few repetitions, since each is a record in the report."""
    before = shared()
    with tempfile.TemporaryDirectory() as out:
        first = subprocess.run(command(options, way, 1, 0.05, out), capture_output=True, text=True, check=False)
        start_s = repetitions_of(first.stdout)[0].get("start_p50_ns", 0) * 1e-9
        if start_s == 0:
            print(f"{way:24} does not apply")
            return True
        program = subprocess.Popen(command(options, way, 5, options.starts / 5 * start_s, out), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        looks = []
        while program.poll() is None:
            for row in children(program.pid):  # the process of the row
                seen = look(row)
                if seen:
                    looks.append(seen)
            time.sleep(0.25)
        output, errors = program.communicate()
    if program.returncode != 0 or len(looks) < 8:
        print(f"{way:24} status {program.returncode}, {len(looks)} looks: {errors.strip()}")
        return False
    starts = sum(row["iterations"] for row in repetitions_of(output))
    quarter = len(looks) // 4
    first, last = ((max(memory), statistics.median(files), statistics.median(below)) for memory, files, below in
                   (zip(*looks[:quarter]), zip(*looks[-quarter:])))
    left = [name for name in shared() - before] + [str(pid) for pid in children(os.getpid())]
    grows = last[0] > 1.1 * first[0] + 4 or last[1] > first[1] or last[2] > first[2]
    print(f"{way:24} {starts} starts: {first[0]:.1f} and {last[0]:.1f} MiB, {first[1]} and {last[1]} descriptors, "
          f"{first[2]} and {last[2]} processes" + (f"; left: {', '.join(left)}" if left else ""), flush=True)
    return not grows and not left


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ways", nargs="*", metavar="WAY", help=", ".join(WAYS))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--starts", type=int, default=1000)
    options = parser.parse_args()
    sys.exit(0 if all([soak(options, way) for way in options.ways or WAYS]) else 1)


if __name__ == "__main__":
    main()
