"""What pages are drawn of where they are tested: results of every kind, each as small as it can be."""
import json
import pathlib
import subprocess
import sys


def run(harness, *words, status=0):
    """Runs the program, which is to end with this status."""
    done = subprocess.run([harness, *words], capture_output=True, text=True, check=False)
    if done.returncode != status:
        raise AssertionError(f"{words} ended with {done.returncode}: {done.stderr}")
    return done


def make_results(harness):
    """Makes them in the current folder: what the program measures, and files as others' machines would have them."""
    measure(harness)
    plant_wide_intervals()
    plant_many_interpreters()
    plant_ways()


def measure(harness):
    quick = ["--repetitions=2", "--min-time=0.001"]
    small = ["--countdown-steps=20000", "--size=64x48", "--sum-n=2000"]
    run(harness, "--filter=countdown/(python|native)|grayscale/(python|openmp)", "--threads=1,2",
        "--gil-trace=gil.json.gz", "--out=run", "--no-pictures", *quick, *small)
    run(harness, "--filter=grayscale/native/", "--size=64x48", "--size=128x96", "--size=256x192", "--threads=1",
        "--out=curve", "--no-pictures", *quick)
    run(harness, f"--python=a={sys.executable}", f"--python=b={sys.executable}", "--threads=1,2", "--rounds=3",
        "--filter=countdown/(python|native/)", "--out=comparison", *quick, "--countdown-steps=20000")
    run(harness, "trace", "--report=trace.json", "-c", "import threading\nthreads = [threading.Thread(target=sorted, "
        "args=([*range(10**6)],)) for _ in range(3)]\n[t.start() for t in threads]\n[t.join() for t in threads]")


def read(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def write(path, value):
    pathlib.Path(path).write_text(json.dumps(value), encoding="utf-8")


def plant_wide_intervals():
    """As few rounds have them: over many powers of ten."""
    wide = read("comparison/comparison.json")
    wide["labels"] = ["few", "rounds"]
    wide["rows"][0]["cells"][1].update({"ratio": 3.2, "ratio_low": 7e-12, "ratio_high": 1.4e12})
    write("wide.json", wide)


def plant_many_interpreters():
    """More than have a figure each, of which three differ for sure, or are the same."""
    many = read("comparison/comparison.json")
    many["labels"] = ["a", *(f"python {i}" for i in range(10))]
    unsure = {"ratio": 1.5, "ratio_low": 0.5, "ratio_high": 4.5, "verdict": "inconclusive"}
    for row in many["rows"]:
        first, second = row["cells"]
        row["cells"] = [first, *({**second, "label": label, **unsure} for label in many["labels"][1:])]
    sure = many["rows"][0]["cells"]
    sure[2].update({"ratio": 0.5, "ratio_low": 0.4, "ratio_high": 0.6, "verdict": "faster"})
    sure[3].update({"ratio": 2.5, "ratio_low": 2.4, "ratio_high": 2.6, "verdict": "slower"})
    sure[4].update({"ratio": 1, "ratio_low": 0.999, "ratio_high": 1.001, "verdict": "same"})
    write("many.json", many)


def plant_ways():
    """What ways cost, one of them with a name that is no HTML."""
    start = read("run/result.json")
    row = start["benchmarks"][0]
    template = {key: row[key] for key in ("run_type", "repetitions", "repetition_index", "threads", "iterations",
                                          "real_time", "cpu_time", "time_unit")}
    start["benchmarks"] = [
        {"name": name, "run_name": name, **template, **counters} for name, counters in (
            ("start/subinterpreters/threads:2", {"start_p50_ns": 2e7, "start_p99_ns": 3e7}),
            ("start/<b>script</b>/threads:2", {"start_p50_ns": 1e7, "start_p99_ns": 2e7}),
            ("start/break_even/subinterpreters",
             {"break_even_ns": 14000, "break_even_low_ns": 12000, "break_even_high_ns": 17000}),
            ("start/break_even/processes/start:fork", {"break_even_ns": 60000, "break_even_low_ns": 54000}),
            ("start/break_even/python_threads", {"no_break_even_ns": 2e7}))]
    write("start.json", start)
