#!/usr/bin/env python3
"""What the traces cost: every second iteration of a row with the trace on, the others with it off, in one process.

    harness/benchmarks/traces_in_turn.py [--python=SPEC] [--seconds=N]

Two processes differ by some percent by the places of their memory alone, so the two are compared within one. It copies
the sources, changes two observers of the copy so that they record every second iteration and write down how long each
took, builds that, and runs the trace of locks (threads that share nothing, store into one dict, take one
threading.Lock, on two and on four threads) and the trace of the GIL (countdown on four). It prints the median of the
ratios on / off of iterations that follow each other and a 95 % interval of it (by the order of the ratios, which
assumes nothing of how they are spread). --python is for the locks and free-threaded; the GIL's is the default one.
"""
import argparse
import math
import pathlib
import shutil
import statistics
import subprocess
import tempfile

from contention_table import ROOT, write_scripts

SHARED = ["nothing shared", "store into one dict", "take one `threading.Lock`"]
BEGIN = """bool in_turn = std::getenv("IN_TURN_{0}") != nullptr;
bool is_on = true;
std::FILE* in_turn_file = in_turn ? std::fopen(std::getenv("IN_TURN_{0}"), "a") : nullptr;
void note_turn(const JobTime& time) {{ std::fprintf(in_turn_file, "%d %.9f\\n", is_on, time.wall_s()); }}

"""
# In which file, what, and what it becomes.
CHANGES = [
    ("harness/run/lock_observer.cpp", "/// Records the iterations of one row", BEGIN.format("LOCKS") + "/// Records"),
    ("harness/run/lock_observer.cpp", "if (traces()) lock_trace::start_recording();",
     "if (in_turn) is_on = !is_on;\n    if (traces() && is_on) lock_trace::start_recording();"),
    ("harness/run/lock_observer.cpp", "if (!traces()) return;\n    lock_trace::stop_recording();",
     "if (in_turn) note_turn(time);\n    if (!traces() || !is_on) return;\n    lock_trace::stop_recording();"),
    ("harness/run/gil_observer.cpp", "void GilObserver::begin() {\n  if (state_ == TraceState::traced)",
     "namespace gil {\n" + BEGIN.format("GIL") + "}\nvoid GilObserver::begin() {\n"
     "  if (gil::in_turn) gil::is_on = !gil::is_on;\n  if (state_ == TraceState::traced && gil::is_on)"),
    ("harness/run/gil_observer.cpp", "void GilObserver::end(const JobTime& time, const Prepared& prepared) {\n",
     "void GilObserver::end(const JobTime& time, const Prepared& prepared) {\n"
     "  if (gil::in_turn) gil::note_turn(time);\n  if (!gil::is_on) return;\n"),
]


def changed_copy(folder):
    """The program of the changed sources."""
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", "HEAD"], check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], check=True, input=archive)
    for name, old, new in CHANGES:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise SystemExit(f"{name} has changed: it has not once: {old}")
        file.write_text(text.replace(old, new), encoding="utf-8")
    for name in sorted({name for name, _, _ in CHANGES}):
        file = folder / name
        text = file.read_text(encoding="utf-8")
        headers = "#include <cstdio>\n#include <cstdlib>\n"
        file.write_text(text.replace("#include", headers + "#include", 1), encoding="utf-8")
    subprocess.run(["cmake", "--preset", "release", "-DHARNESS_TESTS=OFF"], check=True, cwd=folder, capture_output=True)
    subprocess.run(["cmake", "--build", "--preset", "release"], check=True, cwd=folder, capture_output=True)
    return folder / "build/harness"


def ratios(text):
    """On / off of iterations that follow each other, each in one pair."""
    rows = [(word == "1", float(seconds)) for word, seconds in (line.split() for line in text.splitlines())]
    pairs = zip(rows[::2], rows[1::2])
    return [one / other if on else other / one for (on, one), (_, other) in pairs]


def median_interval(values):
    """The median, and the order statistics that hold it with at least 95 %."""
    ordered, count = sorted(values), len(values)
    half = 0.98 * math.sqrt(count)  # the normal distribution's for the binomial's
    return (statistics.median(ordered), ordered[max(0, int(count / 2 - half))],
            ordered[min(count - 1, int(count / 2 + half))])


def show(what, program, variable, arguments, folder):
    file = folder / "turns"
    file.unlink(missing_ok=True)
    subprocess.run(["env", f"{variable}={file}", str(program), *arguments, "--repetitions=1", "--no-pictures",
                    "--format=csv", f"--out={folder / 'out'}"], check=True, capture_output=True)
    values = ratios(file.read_text(encoding="utf-8"))
    middle, low, high = median_interval(values)
    print(f"{what}: on / off {middle:.4f} [{low:.4f}, {high:.4f}], {len(values)} pairs", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", help="a free-threaded interpreter, as harness takes it")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        sources = folder / "sources"
        sources.mkdir()
        program = changed_copy(sources)
        for operation in SHARED if options.python else ():
            shutil.rmtree(folder / "scripts", ignore_errors=True)
            write_scripts(folder / "scripts", operation)
            for threads in (2, 4):
                show(f"locks, {operation}, {threads} threads", program, "IN_TURN_LOCKS",
                     [f"--python={options.python}", f"--scripts={folder / 'scripts'}", f"--threads={threads}",
                      f"--filter=^countdown/python_threads/threads:{threads}$", "--countdown-steps=200000",
                      f"--min-time={options.seconds}"], folder)
        show("GIL, countdown, 4 threads", program, "IN_TURN_GIL",
             ["--filter=^countdown/python_threads/threads:4$", "--threads=4", "--countdown-steps=400000",
              f"--min-time={options.seconds}"], folder)


if __name__ == "__main__":
    main()
