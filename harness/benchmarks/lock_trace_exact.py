#!/usr/bin/env python3
"""Shows that the trace of locks counts what happens: beside a CPython that counts it itself.

    harness/benchmarks/lock_trace_exact.py --sources=DIR --prefix=DIR [--rounds=N]

DIR of --sources holds the unpacked sources of a CPython from 3.13 on. A copy of it gets two counters, at each yield of
the processor for a lock (_Py_yield) and at each wait for a semaphore of the parking lot (_PySemaphore_Wait), is built
free-threaded and installed into --prefix, which takes minutes; where that is there already, it is used as it is. A
script then runs three threads that share a dict, a list, a threading.Lock and an RLock and collect garbage, and reads
the counters before and after. The program's counters lock_spins and semaphore_waits must be the same. Exit 1 where they
are not. (On 3.13 an RLock is a semaphore of its own, which _PySemaphore_Wait does not see: leave it out with --no-rlock.)

--pystats builds with --enable-pystats (3.15 on), and shows what CPython's own statistics count: mutex_sleeps is each
time that a lock is not free at once, before any spinning, and so neither parks nor spins.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COUNTS = "PyAPI_DATA(unsigned long long) harness_counts[2];\n"
ADD = "    __atomic_fetch_add(&harness_counts[{}], 1, __ATOMIC_RELAXED);\n"

SCRIPT = '''import ctypes, gc, sys, threading
counts = (ctypes.c_ulonglong * 2).in_dll(ctypes.CDLL(None), "harness_counts")
table, items, lock, rlock = {{}}, [], threading.Lock(), threading.RLock()


def work(steps):
    for step in range(steps):
        table[step & 255] = step
    for step in range(steps):
        items.append(step)
    for step in range(steps // 4):
        with lock:
            pass
    for step in range({rlock_steps}):
        with rlock:
            pass
    for step in range(5):
        gc.collect()


def run(begin, end):
    before = list(counts)
    threads = [threading.Thread(target=work, args=((end - begin) // 3,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    items.clear()
    with open({file!r}, "a") as file:
        print(counts[0] - before[0], counts[1] - before[1], file=file)
    return end - begin
'''


def patched(text, function, number, declaration):
    """`text` with a count as the function's first statement, and the counters declared before it."""
    pattern = re.compile(rf"^((?:static )?(?:void|int)\n{function}\([^)]*\)\n\{{\n)", re.M)
    text, places = pattern.subn(lambda match: declaration + "\n" + match[1] + ADD.format(number), text)
    if places != 1:
        sys.exit(f"{function} is not where it is in CPython 3.13 to 3.15")
    return text


def build(options):
    """The patched CPython, into options.prefix."""
    with tempfile.TemporaryDirectory() as folder:
        sources = pathlib.Path(folder) / "cpython"
        shutil.copytree(options.sources, sources, symlinks=True)
        lock, lot = sources / "Python/lock.c", sources / "Python/parking_lot.c"
        text = lot.read_text(encoding="utf-8")
        # 3.15 has no _PySemaphore_PlatformWait: there the other one is it.
        wait = "_PySemaphore_PlatformWait" if "_PySemaphore_PlatformWait" in text else "_PySemaphore_Wait"
        lot.write_text(patched(text, wait, 1, COUNTS), encoding="utf-8")
        declaration = COUNTS + "unsigned long long harness_counts[2];\n"
        lock.write_text(patched(lock.read_text(encoding="utf-8"), "_Py_yield", 0, declaration), encoding="utf-8")
        flags = ["--enable-pystats"] if options.pystats else []
        for command in (["./configure", "-q", "--disable-gil", "--enable-shared", "--without-ensurepip", *flags,
                         f"--prefix={options.prefix}", f"LDFLAGS=-Wl,-rpath,{options.prefix}/lib"],
                        ["make", f"-j{os.cpu_count()}"], ["make", "install"]):
            subprocess.run(command, cwd=sources, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=pathlib.Path)
    parser.add_argument("--prefix", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=300_000)
    parser.add_argument("--no-rlock", action="store_true")
    parser.add_argument("--pystats", action="store_true")
    options = parser.parse_args()
    options.prefix = options.prefix.resolve()
    if not (options.prefix / "bin/python3").exists():
        if options.sources is None:
            parser.error(f"there is no {options.prefix}/bin/python3: --sources=DIR is what to build it of")
        build(options)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "scripts/countdown.py").write_text(
            SCRIPT.format(file=str(folder / "counts"), rlock_steps="0" if options.no_rlock else "steps // 4"),
            encoding="utf-8")
        command = [str(ROOT / "build/harness"), f"--python={options.prefix}/bin/python3",
                   f"--scripts={folder}/scripts", "--filter=^countdown/python/threads:1$",
                   f"--countdown-steps={options.steps}", f"--repetitions={options.rounds}", "--min-time=0.000001",
                   "--format=json", f"--out={folder}/out"]
        rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["benchmarks"]
        seen = [(int(row["lock_spins"]), int(row["semaphore_waits"])) for row in rows
                if row["run_type"] == "iteration"]
        # The verifying run, and what came before it, have lines, too.
        lines = (folder / "counts").read_text(encoding="utf-8").splitlines()[-len(seen):]
    counted = [tuple(map(int, line.split())) for line in lines]
    print("CPython's own counts of yields and waits, and the trace's, a repetition each:")
    for own, traced in zip(counted, seen):
        print(f"  {own[0]:>9,} {own[1]:>7,}   {traced[0]:>9,} {traced[1]:>7,}   {'same' if own == traced else 'DIFFERENT'}")
    sys.exit(counted != seen)


if __name__ == "__main__":
    main()
