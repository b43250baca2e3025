#!/usr/bin/env python3
"""What other tools say of a GIL that threads wait for, and what they cost, beside the exact trace of the same seconds.

    harness/benchmarks/beside_samplers.py [--python=SPEC] [--rounds=N]

Two threads run Python code in one timed iteration of the program, which each tool watches from outside, or, gilknocker,
from a thread within:
- busy: both only compute, so that some thread holds the GIL all the time, and each waits for half of it;
- half idle: both compute for some milliseconds and then sleep as long, so that it is held for a part of the time.
The tools are py-spy (record --gil), CPython 3.15's own profiling.sampling (attach --mode=gil -a), and gilknocker, as
far as they are installed: py-spy on PATH or beside the interpreter, gilknocker in the interpreter. What is missing is
said.
SPEC is an executable; the sampler of 3.15 must be of the same version as what it watches. pystats
(./configure --enable-pystats) has no counter of the GIL.

Each round runs every tool once and the workload once by itself, in turn, each in a fresh process. It prints medians:
what the tool says; the exact shares of that same iteration (held: some thread holds the GIL; wait: what all threads
wait for it, over the time of the two); the wall and the CPU time of the iteration over those without a tool; the CPU time of
the tool's own process, which watches for a second. On a free-threaded interpreter there is no GIL to ask about.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = "countdown/python_threads/threads:2"
WATCHED_S = 1

# The third call with work is the first of the timed iteration: the program has verified the row by then.
SCRIPT = """
import os
import sys
import threading
import time
PAUSE = float(os.environ["PAUSE"])
lock, calls, knocker = threading.Lock(), 0, None
if os.environ["TOOL"] == "gilknocker":
    import gilknocker
    knocker = gilknocker.KnockKnock(polling_interval_micros=1000)
def run(begin, end):
    global calls
    if begin == end:
        return 0
    with lock:
        calls += 1
        number = calls
    if number == 3:
        open("timed", "w").close()
        if knocker:
            knocker.start()
    n = end
    while n > begin:
        until = max(begin, n - 200_000) if PAUSE else begin
        while n > until:
            n -= 1
        if PAUSE:
            time.sleep(PAUSE)
    if number == 3 and knocker:
        open("said", "w").write(str(knocker.contention_metric))
        knocker.stop()
    return end - begin
"""


def share_of(stacks, samples):
    """The part of all samples that has a stack: lines of a stack and how often it was seen."""
    return sum(int(line.rsplit(" ", 1)[1]) for line in stacks.read_text().splitlines() if line) / samples


def ask_py_spy(command, pid, folder):
    output = folder / "stacks"
    subprocess.run([command, "record", f"--pid={pid}", "--gil", "--format=raw", f"--duration={WATCHED_S}",
                    "--rate=100", f"--output={output}"], check=True, capture_output=True)
    return share_of(output, WATCHED_S * 100)


def ask_sampling(python, pid, folder):
    output = folder / "stacks"
    command = [python, "-m", "profiling.sampling", "attach", "--mode=gil", "-a", "-d", str(WATCHED_S), "-r", "100",
               "--collapsed", "-o", str(output), str(pid)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    samples = re.search(r"Captured ([\d,]+) samples", said.stdout + said.stderr)[1].replace(",", "")
    return share_of(output, int(samples))


def cpu_s():
    """CPU time of the processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def imports(python, module):
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def tools_of(python):
    """By name: what asks the tool while the iteration runs; None where nothing need be done meanwhile."""
    found = {"no tool": None}
    beside = pathlib.Path(python).parent / "py-spy"
    py_spy = str(beside) if beside.exists() else shutil.which("py-spy")
    if py_spy:
        found["py-spy"] = lambda pid, folder: ask_py_spy(py_spy, pid, folder)
    if imports(python, "profiling.sampling"):
        found["profiling.sampling"] = lambda pid, folder: ask_sampling(python, pid, folder)
    if imports(python, "gilknocker"):
        found["gilknocker"] = None
    for name in ("py-spy", "profiling.sampling", "gilknocker"):
        if name not in found:
            print(f"{name}: not found for {python}")
    return found


def watch(options, tool, ask, pause_s):
    """The iteration's wall and CPU time, the exact shares, the tool's own CPU time and what it says."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "countdown.py").write_text(SCRIPT)
        command = [str(ROOT / "build/harness"), f"--python={options.python}", f"--filter=^{ROW}$", "--threads=2",
                   f"--countdown-steps={options.steps}", "--repetitions=1", "--min-time=0.001", "--no-pictures",
                   f"--scripts={folder}", f"--out={folder}/out"]
        environment = dict(os.environ, TOOL=tool, PAUSE=str(pause_s))
        run = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said, before_s = None, cpu_s()
        try:
            while not (folder / "timed").exists() and run.poll() is None:
                time.sleep(0.005)
            said = ask(run.pid, folder) if ask else None
        except subprocess.CalledProcessError as error:
            print(f"{tool} ended with status {error.returncode}: {(error.stderr or b'').strip().splitlines()[-1:]}")
        finally:
            tool_s = cpu_s() - before_s
            error = run.communicate()[1].decode()
        if run.returncode != 0:
            sys.exit(f"{' '.join(command)}\nended with status {run.returncode}:\n{error}")
        if tool == "gilknocker":
            said = float((folder / "said").read_text())
        row = json.loads((folder / "out/result.json").read_text())["benchmarks"][0]
        if "gil_held_share" not in row:
            sys.exit(f"{options.python}: {row.get('label', 'no GIL trace')}")
        # Of the two threads' time, also where a tool has threads of its own that wait.
        wait = row["gil_wait_ns"] / (2e6 * row["real_time"])
        return {"time": row["real_time"], "cpu": row["cpu_time"], "held": row["gil_held_share"], "wait": wait,
                "tool_s": tool_s, "said": said}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", metavar="SPEC", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=60_000_000, help="an iteration must take over two seconds")
    options = parser.parse_args()
    tools = tools_of(options.python)
    for workload, pause_s in (("busy", 0), ("half idle", 0.01)):
        seen = {tool: [] for tool in tools}
        for _ in range(options.rounds):
            for tool, ask in tools.items():
                seen[tool].append(watch(options, tool, ask, pause_s))
        print(f"{workload}, {options.rounds} rounds")
        def median(tool, key):
            return statistics.median(row[key] for row in seen[tool])

        for tool, rows in seen.items():
            answers = [row["said"] for row in rows if row["said"] is not None]
            said = "-"
            if answers:
                said = f"says {statistics.median(answers):.3f} ({min(answers):.3f} to {max(answers):.3f})"
            time, cpu = (median(tool, key) / median("no tool", key) for key in ("time", "cpu"))
            print(f"  {tool:18}  {said:28}  exactly held {median(tool, 'held'):.3f}, wait {median(tool, 'wait'):.3f}; "
                  f"time {time:.3f}, CPU time {cpu:.3f}; its own {median(tool, 'tool_s'):.2f} s", flush=True)


if __name__ == "__main__":
    main()
