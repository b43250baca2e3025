#!/usr/bin/env python3
"""What the program adds to each way around the GIL: countdown on two workers in it, against plain Python that does the same.

    harness/benchmarks/ways_cost.py [--python=EXECUTABLE] [--rounds=N] [--steps=N] [WAY ...]

Each round runs each way once in the program and once as a script under the executable, in fresh processes, in an order
that alternates. A process starts its workers, has them do the job once to warm up, and reports the median of five
further ones. It prints, of each way, the median over the rounds of the program's time over the script's: 1.00 means
that the program adds nothing. A round has another memory layout than the others, but the same one in both
(embedding_cost.py says why).
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

from embedding_cost import ROOT, place

ROWS = {"fork": "processes/threads:2/start:fork", "forkserver": "processes/threads:2/start:forkserver",
        "spawn": "processes/threads:2/start:spawn", "thread_pool": "thread_pool/threads:2",
        "interpreter_pool": "interpreter_pool/threads:2", "process_pool": "process_pool/threads:2",
        "subinterpreters": "subinterpreters/threads:2"}

# Plain Python: a module `plain`, so that workers can import it.
PLAIN = '''
import statistics, sys, threading, time
import countdown

def serve(pipe):
    while (slice := pipe.recv()) is not None:
        pipe.send(countdown.run(*slice))

def work(slice):
    return countdown.run(*slice)

def by_processes(method, slices):
    import multiprocessing
    context = multiprocessing.get_context(method)
    pipes, processes = [], []
    for _ in slices:
        here, there = context.Pipe()
        process = context.Process(target=serve, args=(there,), daemon=True)
        process.start()
        pipes.append(here)
        processes.append(process)
    def call():
        for pipe, slice in zip(pipes, slices):
            pipe.send(slice)
        return sum(pipe.recv() for pipe in pipes)
    def end():
        for pipe, process in zip(pipes, processes):
            pipe.send(None)
            process.join()
    return call, end

def by_pool(pool, slices):
    return lambda: sum(future.result() for future in [pool.submit(work, slice) for slice in slices]), pool.shutdown

def by_interpreters(slices):
    """Threads that have attached to an interpreter of their own each, and wait for a barrier."""
    try:
        from concurrent import interpreters
        new = interpreters.create
    except ImportError:
        sys.exit("concurrent.interpreters is there from CPython 3.14 on")
    begin, end = threading.Barrier(len(slices) + 1), threading.Barrier(len(slices) + 1)
    def member(slice):
        own = new()
        own.exec(f"import sys; sys.path[:0] = {sys.path!r}; import countdown")
        while True:
            begin.wait()
            own.exec(f"countdown.run{slice}")
            end.wait()
    for slice in slices:
        threading.Thread(target=member, args=(slice,), daemon=True).start()
    def call():
        begin.wait()
        end.wait()
        return slices[-1][1]
    return call, lambda: None

def caller(way, slices):
    import concurrent.futures as futures
    if way == "thread_pool":
        return by_pool(futures.ThreadPoolExecutor(2), slices)
    if way == "interpreter_pool":
        return by_pool(futures.InterpreterPoolExecutor(2), slices)
    if way == "process_pool":
        return by_pool(futures.ProcessPoolExecutor(2), slices)
    return by_interpreters(slices) if way == "subinterpreters" else by_processes(way, slices)

def main(way, steps):
    call, end = caller(way, [(0, steps // 2), (steps // 2, steps)])
    times = []
    for _ in range(6):
        start = time.perf_counter()
        assert call() == steps
        times.append(time.perf_counter() - start)
    print(statistics.median(times[1:]), flush=True)
    end()
    import os
    os._exit(0)  # threads that wait for their barrier end with it
'''


def plain(python, way, steps, folder, environment):
    (folder / "plain.py").write_text(PLAIN, encoding="utf-8")
    main = folder / "main.py"
    main.write_text(f"import plain\nif __name__ == '__main__':\n    plain.main({way!r}, {steps})\n", encoding="utf-8")
    done = subprocess.run([python, str(main)], capture_output=True, text=True, env=environment, check=False)
    return float(done.stdout) if done.stdout else None


def embedded(python, way, steps, folder, environment):
    command = [str(ROOT / "build/harness"), f"--python={python}", f"--filter=^countdown/{ROWS[way]}$", "--threads=2",
               "--format=json", f"--countdown-steps={steps}", "--repetitions=5", "--min-time=0.001",
               f"--scripts={folder}", "--no-gil-trace", "--no-lock-trace", f"--out={folder / 'out'}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    rows = json.loads(done.stdout)["benchmarks"]
    times = [row["real_time"] / 1e3 for row in rows if row["run_type"] == "iteration" and "error_message" not in row]
    return statistics.median(times) if times else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ways", nargs="*", metavar="WAY", help=", ".join(ROWS))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=10_000_000)
    arguments = parser.parse_args()
    python = os.path.abspath(arguments.python)
    chance = random.Random(1)
    for way in arguments.ways or ROWS:
        ratios = []
        for number in range(arguments.rounds):
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                environment = place(folder, chance) | {"PYTHONDONTWRITEBYTECODE": ""}
                order = [plain, embedded] if number % 2 else [embedded, plain]
                taken = {run: run(python, way, arguments.steps, folder, environment) for run in order}
            if taken[plain] is None or taken[embedded] is None:
                break
            ratios.append(taken[embedded] / taken[plain])
        if not ratios:
            print(f"{way:16}  does not apply")
            continue
        ratios.sort()
        quarter = len(ratios) // 4
        print(f"{way:16}  program / plain Python: median {statistics.median(ratios):.3f}, middle half "
              f"{ratios[quarter]:.3f} to {ratios[-quarter - 1]:.3f}, {len(ratios)} rounds", flush=True)


if __name__ == "__main__":
    main()
