#!/usr/bin/env python3
"""Every way around the GIL on several CPythons: what two workers gain, what a way costs to enter, from which task it pays.

    harness/benchmarks/ways_table.py STUDY [--labels=LABEL[=NAME],...] [--keep=FILE.json] [--figure=FILE.svg]

STUDY is a folder of results/study.sh that has the parts workloads and start, or a file that --keep wrote. It prints a
table in Markdown: of each way and CPython how many times faster two workers are than one thread, with the 95 % interval
of this one figure (Student's t on the logarithms of the rounds' own ratios), and what the way costs to enter. --labels
says which of the study's interpreters, in which order and by which name; without it all are there. --keep stores what
the table and the figure are made of. The figure needs matplotlib.
"""
import argparse
import json
import math
import pathlib
import sys

from contention_table import interval

WORKLOADS = ["countdown", "sum_of_squares", "grayscale"]
ITEMS = ["steps", "terms", "pixels", "items", "calls"]
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


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def ns_an_item(row, label):
    """Of each round, in their order."""
    cell = next(cell for cell in row["cells"] if cell["label"] == label)
    items = next((cell["counters"][unit] for unit in ITEMS if unit in cell.get("counters", {})), None)
    return [time * 1e9 / items for time in cell["times_s"]] if items else []


def gains_of(rows, label):
    """Of each workload and way what each round gained; one that does not run, or not in each round, has none."""
    gains = {}
    for workload in WORKLOADS:
        one = ns_an_item(rows[f"{workload}/python/threads:1"], label)
        for way, name in WAYS.items():
            row = rows.get(f"{workload}/{name}")
            two = ns_an_item(row, label) if row else []
            if two and len(one) == len(two):
                gains.setdefault(workload, {})[way] = [alone / both for alone, both in zip(one, two)]
    return gains


def starts_of(rows):
    """Of each way the counters of its rows of the group `start` on two workers."""
    kept = {}
    for way, name in STARTS.items():
        counters = dict(rows.get(f"start/break_even/{name}", {}))
        counters.pop("call_p50_ns", None)
        counters.update(rows.get(f"start/{name}/threads:2", {}))
        counters = {key: value for key, value in counters.items()
                    if key in ("first_start_ns", "start_p99_ns", "worker_private_bytes") or key.endswith("_p50_ns")
                    or "break_even" in key}
        if counters:
            kept[way] = counters
    return kept


def measured_of(study):
    comparison = read(study / "workloads/comparison.json")
    rows = {row["name"]: row for row in comparison["rows"]}
    measured = {"context": {}, "versions": {}}
    for label in comparison["labels"]:
        start = read(study / label / "start/result.json")
        measured["context"] = {"cpu": start["context"]["cpu_model"], "cores": start["context"]["cores_allowed"]}
        rows_of_start = {row["name"]: row for row in start["benchmarks"] if "error_message" not in row}
        measured["versions"][label] = {"gains": gains_of(rows, label), "start": starts_of(rows_of_start)}
    return measured


def duration(ns):
    for limit, divisor, unit in ((1e3, 1, "ns"), (1e6, 1e3, "µs"), (1e9, 1e6, "ms")):
        if ns < limit:
            return f"{ns / divisor:.3g} {unit}"
    return f"{ns / 1e9:.3g} s"


def cost_of(counters):
    """Its first and further starts, a call, a megabyte, a worker's memory, and from which task on it pays."""
    if not counters:
        return ["–"] * 6
    times = [duration(counters[key]) if key in counters else "–"
             for key in ("first_start_ns", "start_p50_ns", "call_p50_ns", "megabyte_p50_ns")]
    memory = counters.get("worker_private_bytes")
    low, high = (counters.get(f"break_even_{end}_ns") for end in ("low", "high"))
    if "break_even_ns" in counters:
        pays = f"{duration(counters['break_even_ns'])} ({duration(low) if low else ''}–{duration(high) if high else ''})"
    else:
        pays = f"not up to {duration(counters['no_break_even_ns'])}" if "no_break_even_ns" in counters else "–"
    return times + ["–" if memory is None else f"{memory / 2**20:.1f} MiB", pays]


def gain_text(ratios):
    if not ratios:
        return "–"
    mean, low, high = interval(ratios)
    return f"{mean:.2f} ({low:.2f}–{high:.2f})" if len(ratios) > 1 else f"{mean:.2f}"


def print_table(versions):
    print("\n| two workers | CPython | " + " | ".join(WORKLOADS) +
          " | first start | start | a call | a megabyte | memory a worker | pays from |")
    print("| --- | --- |" + " --- |" * (len(WORKLOADS) + 6))
    for way in WAYS:
        for label, of_label in versions.items():
            cells = [gain_text(of_label["gains"].get(workload, {}).get(way)) for workload in WORKLOADS]
            cells += cost_of(of_label["start"].get(way))
            if set(cells) != {"–"}:
                print(f"| {way} | {label} | " + " | ".join(cells) + " |")


def draw(versions, path):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "harness"
    from matplotlib import pyplot
    figure, panels = pyplot.subplots(len(WORKLOADS) + 2, 1, figsize=(10, 13), sharex=True, layout="constrained")
    width = 0.8 / len(WAYS)
    for number, way in enumerate(WAYS):
        places = [place + (number - len(WAYS) / 2 + 0.5) * width for place in range(len(versions))]
        for panel, workload in zip(panels, WORKLOADS):
            heights, low, high = [], [], []
            for of_label in versions.values():
                ratios = of_label["gains"].get(workload, {}).get(way, [])
                mean, at_least, at_most = interval(ratios) if len(ratios) > 1 else ((ratios or [math.nan])[0],) * 3
                heights.append(mean)
                low.append(mean - at_least)
                high.append(min(at_most, 3) - mean)
            panel.bar(places, heights, width, yerr=[low, high], label=way,
                      error_kw={"linewidth": 0.8})
            panel.set_ylabel(f"{workload}\nspeed-up over one thread")
        for panel, key, divisor in ((panels[-2], "start_p50_ns", 1e6), (panels[-1], "worker_private_bytes", 2**20)):
            panel.bar(places, [of_label["start"].get(way, {}).get(key, math.nan) / divisor
                               for of_label in versions.values()], width)
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
    parser.add_argument("study", type=pathlib.Path)
    parser.add_argument("--labels", default="")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--figure", type=pathlib.Path)
    options = parser.parse_args()
    measured = measured_of(options.study) if options.study.is_dir() else read(options.study)
    names = {label: label for label in measured["versions"]}
    if options.labels:
        asked = [each.partition("=") for each in options.labels.split(",")]
        names = {label: name or label for label, _, name in asked}
    for label in names:
        if label not in measured["versions"]:
            sys.exit(f"--labels={options.labels}: the study has {', '.join(measured['versions'])}")
    measured["versions"] = {name: measured["versions"][label] for label, name in names.items()}
    if options.keep:
        options.keep.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(f"{measured['context']['cpu']}, {measured['context']['cores']} cores")
    print_table(measured["versions"])
    if options.figure:
        draw(measured["versions"], options.figure)


if __name__ == "__main__":
    main()
