#!/usr/bin/env python3
"""Whether starting a way around the GIL a thousand times leaves anything behind: memory, descriptors, processes.

    harness/benchmarks/soak_starts.py [--python=SPEC] [--starts=N] [WAY ...]

Runs start/WAY/threads:2 for so many starts and looks at its process four times a second. It prints, of the first quarter
of the time and of the last, the most memory that the process had (resident), the most descriptors, and the most
processes below it. It exits with 1 where the last has over a tenth and 4 MiB more memory, or more descriptors or
processes, or where anything is left at the end: processes, or names in /dev/shm.
"""
import argparse
import os
import pathlib
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


def soak(options, way):
    """Whether nothing is left behind."""
    before = shared()
    with tempfile.TemporaryDirectory() as out:
        command = [str(ROOT / "build/harness"), f"--python={options.python}", f"--filter=^start/{way}/threads:2$",
                   "--threads=2", f"--repetitions={options.starts}", "--min-time=0.000001", "--no-gil-trace",
                   "--no-lock-trace", "--format=csv", f"--out={out}"]
        program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        looks = []
        while program.poll() is None:
            for row in children(program.pid):  # the process of the row
                seen = look(row)
                if seen:
                    looks.append(seen)
            time.sleep(0.25)
        output, errors = program.communicate()
    if program.returncode != 0 or len(looks) < 8:
        print(f"{way:24} status {program.returncode}, {len(looks)} looks: {errors.strip() or output.strip()}")
        return program.returncode == 0
    quarter = len(looks) // 4
    first, last = ([max(part) for part in zip(*some)] for some in (looks[:quarter], looks[-quarter:]))
    left = [name for name in shared() - before] + [str(pid) for pid in children(os.getpid())]
    grows = last[0] > 1.1 * first[0] + 4 or last[1] > first[1] or last[2] > first[2]
    print(f"{way:24} {options.starts} starts: {first[0]:.1f} and {last[0]:.1f} MiB, {first[1]} and {last[1]} descriptors, "
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
