#!/usr/bin/env python3
"""A soak: one process of the program runs ten thousand jobs on up to 64 threads, and its memory stays level.

    harness/benchmarks/soak.py [SPEC...] [--jobs=10000] [--tolerance=3]

Each SPEC is an interpreter as --python takes it (without any: the program's own). A job is one call of a team's
threads. The first, a thousand and more, are countdown/python_threads on 1, 2, 4 ... 64 threads, the others
sum_of_squares on the same. Meanwhile the script reads /proc/PID twenty times a second.

The script holds the peak of the first jobs against the peak of all others, since both include 64 threads. The
process's own memory, which is the pages that it has written, may grow by --tolerance MiB: a row keeps its repetitions'
numbers, a repetition has the lengths of its waits until it ends, and each row's new threads find the allocators in
another state. That is some twenty bytes for each thread of each job, so that whatever a job leaves behind shows.
Descriptors and threads may be no more than in the first jobs. Each row must be verified, and the trace must have passed
its self-checks and lost no event. Exit 1 where something of this is not so.
"""
import argparse
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
THREADS = [1, 2, 4, 8, 16, 32, 64]
REPETITIONS = 4
FILTER = "--filter=^(countdown|sum_of_squares)/python_threads/"
SUM = "--sum-n=20000"

Sample = collections.namedtuple("Sample", "seconds own_mib rss_mib descriptors threads")


def sample(pid):
    """What the process has now; None where it has ended."""
    process = pathlib.Path(f"/proc/{pid}")
    try:
        lines = [line.split() for line in (process / "smaps_rollup").read_text().splitlines()[1:]]
        kib = {words[0]: int(words[1]) for words in lines}
        return Sample(time.monotonic(), kib["Private_Dirty:"] / 1024, kib["Rss:"] / 1024,
                      len(os.listdir(process / "fd")), len(os.listdir(process / "task")))
    except (OSError, KeyError):
        return None


class Sampler(threading.Thread):
    """Samples a process until it ends."""

    def __init__(self, pid):
        super().__init__()
        self.pid, self.samples = pid, []

    def run(self):
        while (now := sample(self.pid)) is not None:
            self.samples.append(now)
            time.sleep(0.05)


def command(spec, folder, *flags):
    return [str(ROOT / "build/harness"), FILTER, SUM, *([f"--python={spec}"] if spec else []), f"--out={folder}",
            "--color=never", *flags]


def repetitions_of(result):
    return [row for row in result["benchmarks"] if row["run_type"] == "iteration"]


def job_and_step_s(spec, folder):
    """The least time of a job of sum_of_squares, and of a step of countdown."""
    steps = 20000
    run = subprocess.run(command(spec, folder, "--threads=1", f"--countdown-steps={steps}", "--min-time=0.05",
                                 "--repetitions=5", "--format=json"), stdout=subprocess.PIPE, text=True, check=True)
    rows = repetitions_of(json.loads(run.stdout))
    countdown_s, squares_s = (min(row["real_time"] / 1e3 for row in rows if row["run_name"].startswith(name))
                              for name in ("countdown", "sum_of_squares"))
    return squares_s, countdown_s / steps


def faults_of(result, jobs):
    """What is wrong with the rows."""
    faults = []
    traced = result["context"]["gil_enabled"] == "true"
    rows = repetitions_of(result)
    if len(rows) != 2 * len(THREADS) * REPETITIONS:
        faults.append(f"{len(rows)} repetitions instead of {2 * len(THREADS) * REPETITIONS}")
    for row in rows:
        name = f"{row['run_name']}, repetition {row['repetition_index']}"
        if row.get("error_occurred"):
            faults.append(f"{name}: {row['error_message']}")
            continue
        if row.get("label", "") != ("" if traced else "no GIL"):
            faults.append(f"{name}: {row.get('label', '')}")
        if traced and row.get("gil_dropped_events", 1) != 0:
            faults.append(f"{name}: {row.get('gil_dropped_events')} events an iteration were lost")
    done = sum(row["iterations"] for row in rows)
    if done < jobs:
        faults.append(f"only {done} jobs; give more --jobs")
    return faults


def run(spec, jobs, folder):
    """The result, the samples, and when the rows of countdown had ended."""
    squares_s, step_s = job_and_step_s(spec, folder)
    # A job of countdown takes 7 times as long. There are more jobs than asked for, since many threads take longer.
    steps = int(7 * squares_s / step_s)
    min_time_s = 1.3 * jobs / len(THREADS) / REPETITIONS * squares_s
    flags = [f"--threads={','.join(map(str, THREADS))}", f"--countdown-steps={steps}", f"--min-time={min_time_s:.3f}",
             f"--repetitions={REPETITIONS}"]
    first_end = None
    with subprocess.Popen(command(spec, folder, *flags), stdout=subprocess.PIPE, text=True) as process:
        sampler = Sampler(process.pid)
        sampler.start()
        for line in process.stdout:
            if line.startswith("sum_of_squares") and first_end is None:
                first_end = time.monotonic()
        sampler.join()
    result = json.loads((folder / "result.json").read_text())
    if process.returncode != 0:
        sys.exit(f"{spec}: ended with status {process.returncode}")
    return result, sampler.samples, first_end


def peak(samples, what):
    return max(getattr(each, what) for each in samples)


def soak(spec, jobs, tolerance_mib):
    """Prints how it went; returns what is wrong."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        result, samples, first_end = run(spec, jobs, pathlib.Path(name))
    faults = faults_of(result, jobs)
    rows = repetitions_of(result)
    first = [each for each in samples if each.seconds <= first_end]
    later = [each for each in samples if each.seconds > first_end]
    grown_mib = peak(later, "own_mib") - peak(first, "own_mib")
    if grown_mib > tolerance_mib:
        faults.append(f"memory grew by {grown_mib:.1f} MiB")
    if peak(later, "threads") > peak(first, "threads"):
        faults.append(f"{peak(later, 'threads')} threads, and {peak(first, 'threads')} in the first jobs")
    # The median, because now and then a file is being written.
    descriptors = [statistics.median(each.descriptors for each in part) for part in (first, later[-20:])]
    if descriptors[1] > descriptors[0]:
        faults.append(f"{descriptors[1]} descriptors, and {descriptors[0]} in the first jobs")
    count = {which: sum(row["iterations"] for row in rows if row["run_name"].startswith(which))
             for which in ("countdown", "sum_of_squares")}
    acquires = sum(row.get("gil_acquires", 0) * row["iterations"] for row in rows)
    context = result["context"]
    print(f"CPython {context['python_version'].split()[0]}, {context['embedding']}, GIL "
          f"{'on' if context['gil_enabled'] == 'true' else 'off'}: {sum(count.values()):,} jobs on up to {THREADS[-1]} "
          f"threads in {time.monotonic() - start:.0f} s; own memory at most "
          f"{peak(first, 'own_mib'):.1f} MiB in the first {count['countdown']:,} jobs, "
          f"{peak(later, 'own_mib'):.1f} MiB in the others (RSS {peak(first, 'rss_mib'):.1f}, "
          f"{peak(later, 'rss_mib'):.1f}); {descriptors[1]:.0f} descriptors, at most "
          f"{peak(later, 'threads')} threads; {acquires:,.0f} acquires traced; "
          f"{'; '.join(faults) if faults else 'all rows verified, no event lost'}", flush=True)
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="*", metavar="SPEC")
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--tolerance", type=float, default=3, metavar="MIB")
    arguments = parser.parse_args()
    faults = [soak(spec, arguments.jobs, arguments.tolerance) for spec in arguments.pythons or [""]]
    return 1 if any(faults) else 0


if __name__ == "__main__":
    raise SystemExit(main())
