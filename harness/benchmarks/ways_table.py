#!/usr/bin/env python3
"""Every way around the GIL on several CPythons: what two workers gain, what a way costs to enter, from which task it pays.

    harness/benchmarks/ways_table.py --python=SPEC [--python=SPEC ...] [--rounds=N] [--starts=N] [--keep=FILE.json]
        [--figure=FILE.svg] [--from=FILE.json]

A round runs each interpreter once, in shuffled order, each row in a process of its own: the three workloads on one
thread and by two workers of each way, and in the first --starts rounds the rows of the group `start`. It prints a table
in Markdown: of each way and CPython the speed-up of two workers over one thread, with its 95 % interval (Student's t on
the logarithms of the rounds' own ratios), and what it costs to enter, the median over the rounds. --keep stores what was
measured, --from makes the table and the figure of that without a measurement; with --python, too, the rows of the group
`start` are measured anew. The figure needs matplotlib.
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


def measure(python, filters):
    """What one run of the rows has, by their names: the time, and the counters of `start`."""
    rows = "|".join(filters)
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


def measure_all(pythons, filters, seed=1):
    """`filters`: those of each round."""
    chance = random.Random(seed)
    measured = collections.defaultdict(list)
    context = {}
    for number, of_round in enumerate(filters):
        for python in chance.sample(pythons, len(pythons)):
            version, rows, context = measure(python, of_round)
            measured[version].append(rows)
            print(f"round {number + 1} of {len(filters)}: {version}", file=sys.stderr, flush=True)
    return {"context": context, "versions": measured}


def with_starts_anew(stored, measured):
    """The rows of `start` that were stored are left out, and those that were measured added as further rounds."""
    for version, rounds in stored["versions"].items():
        for rows in rounds:
            for name in [name for name in rows if name.startswith("start/")]:
                del rows[name]
        rounds += measured["versions"].get(version, [])
    return stored


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
        pays += f" ({duration(low) if low else ''}–{duration(high) if high else ''})"
    memory = [row["memory"] for row in starts if row["memory"] is not None]
    mib = f"{statistics.median(memory) / 2**20:.1f} MiB" if memory else "–"
    return [duration(median(key)) for key in ("first_start_ns", "start_p50_ns", "call_p50_ns", "megabyte_p50_ns")] + \
        [mib, pays]


def gain_text(rounds, workload, way):
    ratios = speedups(rounds, workload, way)
    mean, low, high = interval(ratios) if ratios else (0, 0, 0)
    return f"{mean:.2f} ({low:.2f}–{high:.2f})" if len(ratios) > 1 else f"{mean:.2f}" if ratios else "–"


def print_table(measured):
    print("\n| two workers | CPython | " + " | ".join(WORKLOADS) +
          " | first start | start | a call | a megabyte | memory a worker | pays from |")
    print("| --- | --- |" + " --- |" * (len(WORKLOADS) + 6))
    for way in WAYS:
        for version, rounds in measured["versions"].items():
            cells = [gain_text(rounds, workload, way) for workload in WORKLOADS] + cost_of(rounds, way)
            if set(cells) != {"–"}:
                print(f"| {way} | {version} | " + " | ".join(cells) + " |")


def median_counter(rounds, way, key):
    values = [rows[name][key] for rows in rounds if (name := f"start/{STARTS[way]}/threads:2") in rows and
              rows[name].get(key) is not None]
    return statistics.median(values) if values else 0


def draw(measured, path):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "harness"
    from matplotlib import pyplot
    versions = measured["versions"]
    figure, panels = pyplot.subplots(len(WORKLOADS) + 2, 1, figsize=(10, 13), sharex=True, layout="constrained")
    width = 0.8 / len(WAYS)
    for number, way in enumerate(WAYS):
        places = [place + (number - len(WAYS) / 2 + 0.5) * width for place in range(len(versions))]
        for panel, workload in zip(panels, WORKLOADS):
            heights, low, high = [], [], []
            for rounds in versions.values():
                ratios = speedups(rounds, workload, way)
                mean, at_least, at_most = interval(ratios) if len(ratios) > 1 else ((ratios or [0])[0],) * 3
                heights.append(mean)
                low.append(mean - at_least)
                high.append(min(at_most, 2.5) - mean)
            panel.bar(places, heights, width, yerr=[low, [max(0, each) for each in high]], label=way,
                      error_kw={"linewidth": 0.8})
            panel.set_ylabel(f"{workload}\nspeed-up over one thread")
        for panel, key, divisor in ((panels[-2], "start_p50_ns", 1e6), (panels[-1], "memory", 2**20)):
            panel.bar(places, [median_counter(rounds, way, key) / divisor for rounds in versions.values()], width)
    for panel in panels[:len(WORKLOADS)]:
        panel.axhline(1, color="black", linewidth=0.6)
        panel.axhline(2, color="black", linewidth=0.6, linestyle=":")
    panels[-2].set_yscale("log")
    panels[-2].set_ylabel("ms until the first result")
    panels[-1].set_ylabel("MiB that a worker\nhas to itself")
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
    rounds = options.starts if options.source else options.rounds
    of_round = [[] if options.source else [FILTER] for _ in range(rounds)]
    filters = [each + ([STARTS_FILTER] if number < options.starts else []) for number, each in enumerate(of_round)]
    measured = measure_all(options.python, filters) if options.python else None
    if options.source:
        stored = json.loads(options.source.read_text(encoding="utf-8"))
        measured = with_starts_anew(stored, measured) if measured else stored
    if options.keep:
        options.keep.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    order = sorted(measured["versions"], key=lambda version: (version.endswith("t"), version))
    measured["versions"] = {version: measured["versions"][version] for version in order}
    print(f"{measured['context']['cpu']}, {measured['context']['cores']} cores")
    print_table(measured)
    if options.figure:
        draw(measured, options.figure)


if __name__ == "__main__":
    main()
