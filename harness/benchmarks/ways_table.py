#!/usr/bin/env python3
"""Every way around the GIL on several CPythons: what two workers gain, what a way costs to enter, from which task it pays.

    harness/benchmarks/ways_table.py --python=SPEC [--python=SPEC ...] [--rounds=N] [--starts=N] [--keep=FILE.json]
        [--figure=FILE.svg] [--from=FILE.json]

A round runs each interpreter once, in shuffled order, each row in a process of its own: the three workloads on one
thread and by two workers of each way, and in the first --starts rounds the rows of the group `start`. It prints tables in Markdown: of each workload
the speed-up of two workers over one thread, with its 95 % interval (Student's t on the logarithms of the rounds' own
ratios); and of each way its cost, the median over the rounds. --keep stores what was measured, --from makes the tables
and the figure of that without a measurement. The figure needs matplotlib.
"""
import argparse
import collections
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

from contention_table import ROOT, interval

WORKLOADS = ["countdown", "sum_of_squares", "grayscale"]
WAYS = {
    "threads": "python_threads/threads:2", "subinterpreters": "subinterpreters/threads:2",
    "processes, fork": "processes/threads:2/start:fork", "processes, forkserver": "processes/threads:2/start:forkserver",
    "processes, spawn": "processes/threads:2/start:spawn", "thread pool": "thread_pool/threads:2",
    "interpreter pool": "interpreter_pool/threads:2", "process pool": "process_pool/threads:2",
}
STARTS = {
    "threads": "python_threads", "subinterpreters": "subinterpreters", "processes, fork": "processes/start:fork",
    "processes, forkserver": "processes/start:forkserver", "processes, spawn": "processes/start:spawn",
    "thread pool": "thread_pool", "interpreter pool": "interpreter_pool", "process pool": "process_pool",
}
FILTER = f"^({'|'.join(WORKLOADS)})/(python/threads:1|({'|'.join(WAYS.values())})$)"
STARTS_FILTER = "^start/[a-z_]+/(start:[a-z]+/)?threads:2$|^start/break_even/"


def measure(python, with_starts):
    """What one run of the rows has, by their names: the time, and the counters of `start`."""
    rows = f"{FILTER}|{STARTS_FILTER}" if with_starts else FILTER
    with tempfile.TemporaryDirectory() as out:
        command = [str(ROOT / "build/harness"), f"--python={python}", f"--filter={rows}", "--threads=2",
                   "--repetitions=1", "--min-time=0.4", "--no-pictures", "--format=json", f"--out={out}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with status {done.returncode}:\n{done.stderr}")
    result = json.loads(done.stdout)
    rows = {}
    for row in result["benchmarks"]:
        if "error_message" in row:
            continue
        kept = {key: value for key, value in row.items()
                if key.endswith("_ns") and ("p50" in key or "start" in key or "break_even" in key)}
        items = next((row[unit] for unit in ("steps", "terms", "pixels") if unit in row), 1)
        rows[row["name"]] = {"ns_an_item": row["real_time"] * 1e6 / items, "memory": row.get("worker_private_bytes"),
                             "others": row.get("others_cpu_share", 0) + row.get("stolen_cpu_share", 0), **kept}
    context = result["context"]
    version = context["python_version"].split()[0] + ("t" if context["python_free_threaded_build"] == "true" else "")
    return version, rows, {"cpu": context["cpu_model"], "cores": context["cores_allowed"]}


def measure_all(pythons, rounds, starts, seed=1):
    chance = random.Random(seed)
    measured = collections.defaultdict(list)
    context = {}
    for number in range(rounds):
        for python in chance.sample(pythons, len(pythons)):
            version, rows, context = measure(python, number < starts)
            measured[version].append(rows)
            print(f"round {number + 1} of {rounds}: {version}", file=sys.stderr, flush=True)
    return {"context": context, "versions": measured}


def speedups(rounds, workload, way):
    """Of each round that has both rows."""
    base, row = f"{workload}/python/threads:1", f"{workload}/{WAYS[way]}"
    return [rows[base]["ns_an_item"] / rows[row]["ns_an_item"] for rows in rounds if base in rows and row in rows]


def duration(ns):
    for limit, divisor, unit in ((1e3, 1, "ns"), (1e6, 1e3, "µs"), (1e9, 1e6, "ms")):
        if ns < limit:
            return f"{ns / divisor:.3g} {unit}"
    return f"{ns / 1e9:.3g} s"


def cost_of(rounds, way):
    """Its first and further starts, a call, a megabyte, a worker's memory, and from which task on it pays."""
    starts = [rows[name] for rows in rounds if (name := f"start/{STARTS[way]}/threads:2") in rows]
    if not starts:
        return ["–"] * 6
    median = lambda key: statistics.median(row[key] for row in starts)
    even = [rows[name] for rows in rounds if (name := f"start/break_even/{STARTS[way]}") in rows]
    found = [row["break_even_ns"] for row in even if "break_even_ns" in row]
    pays = duration(statistics.median(found)) if 2 * len(found) > len(even) else "not up to 20 ms"
    if len(even) == 1 and found:
        low, high = (even[0].get(f"break_even_{end}_ns") for end in ("low", "high"))
        pays += f" ({duration(low)}–{duration(high) if high else ''})"
    memory = [row["memory"] for row in starts if row["memory"] is not None]
    mib = f"{statistics.median(memory) / 2**20:.1f} MiB" if memory else "–"
    return [duration(median(key)) for key in ("first_start_ns", "start_p50_ns", "call_p50_ns", "megabyte_p50_ns")] + \
        [mib, pays]


def tables(measured):
    versions = measured["versions"]
    for workload in WORKLOADS:
        print(f"\n| {workload} | " + " | ".join(versions) + " |\n| --- |" + " --- |" * len(versions))
        for way in WAYS:
            cells = []
            for rounds in versions.values():
                ratios = speedups(rounds, workload, way)
                mean, low, high = interval(ratios) if ratios else (0, 0, 0)
                cells.append(f"{mean:.2f} ({low:.2f}–{high:.2f})" if len(ratios) > 1 else
                             f"{mean:.2f}" if ratios else "–")
            print(f"| {way} | " + " | ".join(cells) + " |")
    for version, rounds in versions.items():
        print(f"\n| {version}, two workers | first start | start | a call | a megabyte | memory a worker | pays from |\n"
              "| --- | --- | --- | --- | --- | --- | --- |")
        for way in WAYS:
            print(f"| {way} | " + " | ".join(cost_of(rounds, way)) + " |")


def draw(measured, path):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "harness"
    from matplotlib import pyplot
    versions = measured["versions"]
    figure, panels = pyplot.subplots(len(WORKLOADS), 1, figsize=(10, 9), sharex=True, layout="constrained")
    width = 0.8 / len(WAYS)
    for panel, workload in zip(panels, WORKLOADS):
        for number, way in enumerate(WAYS):
            heights, low, high = [], [], []
            for rounds in versions.values():
                ratios = speedups(rounds, workload, way)
                mean, at_least, at_most = interval(ratios) if len(ratios) > 1 else ((ratios or [0])[0],) * 3
                heights.append(mean)
                low.append(mean - at_least)
                high.append(min(at_most, 2.5) - mean)
            places = [place + (number - len(WAYS) / 2 + 0.5) * width for place in range(len(versions))]
            panel.bar(places, heights, width, yerr=[low, [max(0, each) for each in high]], label=way,
                      error_kw={"linewidth": 0.8})
        panel.axhline(1, color="black", linewidth=0.6)
        panel.axhline(2, color="black", linewidth=0.6, linestyle=":")
        panel.set_ylabel(f"{workload}\nspeed-up over one thread")
    panels[-1].set_xticks(range(len(versions)), list(versions))
    panels[0].legend(ncols=4, fontsize="small", loc="upper left")
    panels[0].set_ylim(0, 3)
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--starts", type=int, default=1, help="rounds that have the rows of the group start, too")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--from", dest="source", type=pathlib.Path)
    parser.add_argument("--figure", type=pathlib.Path)
    options = parser.parse_args()
    if options.source:
        measured = json.loads(options.source.read_text(encoding="utf-8"))
    else:
        measured = measure_all(options.python, options.rounds, options.starts)
    if options.keep:
        options.keep.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    order = sorted(measured["versions"], key=lambda version: (version.endswith("t"), version))
    measured["versions"] = {version: measured["versions"][version] for version in order}
    print(f"{measured['context']['cpu']}, {measured['context']['cores']} cores")
    tables(measured)
    if options.figure:
        draw(measured, options.figure)


if __name__ == "__main__":
    main()
