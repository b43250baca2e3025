#!/usr/bin/env python3
"""Draws the curve of a run over several image sizes: how many pixels a second each strategy makes of each. With
--account, where the time of a run's threads went instead, a bar a row.

    build/harness --sizes=curve --filter='grayscale|memory' --threads=1,2 --out=DIR
    results/plot.py DIR/result.json [--threads=N] [--out=curve]
    results/plot.py DIR/result.json --account [--out=account]

Writes curve.png and curve.svg, or account.png and account.svg. Needs matplotlib. A point is the best of a row's
repetitions, on --threads threads or on the most that the run had. A bar is the mean of a row's repetitions, so that its
parts add up to 1; what is negative lies left of 0. Rows that failed, do not apply or have no account are left out.
"""
import argparse
import collections
import json
import re

NAME = re.compile(r"(?P<workload>[^/]+)/(?P<strategy>[^/]+)(/size:(?P<size>\d+x\d+))?/threads:(?P<threads>\d+)")
BYTES_OF_PIXEL = 4  # 3 of colour, 1 of gray

# Of each strategy its colour and marker, so that figures of several runs can be laid beside each other.
STYLES = {
    "openmp_simd": ("#1b6e3c", "o"), "simd": ("#6cbf84", "o"), "opencv": ("#c0392b", "s"), "openmp": ("#2c5f9e", "^"),
    "native": ("#7fa8d9", "^"), "mine": ("#b8860b", "P"), "cython": ("#8e44ad", "D"), "native_gil_held": ("#999999", "v"),
    "python": ("#444444", "x"), "python_threads": ("#888888", "x"), "python_numpy_style": ("#d98032", "x"),
}
CEILING_COLOUR = "#000000"

# The parts of an account, in the order in which the console has them: what was work, then the losses.
PARTS = [
    ("account_useful", "useful", "#2e8b57"), ("account_slower", "slower", "#c0392b"),
    ("account_gil_wait", "GIL wait", "#e08e2b"), ("account_lock_wait", "lock wait", "#8e44ad"),
    ("account_lock_spin", "lock spin", "#c39bd3"), ("account_world_stopped", "world stopped", "#34495e"),
    ("account_blocked", "blocked", "#7fa8d9"), ("account_not_scheduled", "no core", "#b8b8b8"),
    ("account_idle", "idle", "#e6e6e6"),
]


def load(path):
    """The best pixels a second by workload, strategy, threads and size in pixels; and the run's context."""
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    best = collections.defaultdict(float)
    for row in result["benchmarks"]:
        match = NAME.match(row["name"])
        if match is None or row.get("run_type") != "iteration" or "pixels_per_second" not in row:
            continue
        size = match["size"] or result["context"]["image_size"]
        width, height = map(int, size.split("x"))
        key = (match["workload"], match["strategy"], int(match["threads"]), width * height)
        best[key] = max(best[key], row["pixels_per_second"])
    return best, result["context"]


def series_of(best, workload, strategy, threads):
    """Sizes and rates of a strategy: on `threads` threads, or on one where it has only that."""
    for count in (threads, 1):
        points = sorted((size, rate) for (w, s, t, size), rate in best.items()
                        if (w, s, t) == (workload, strategy, count))
        if points:
            return count, [size * BYTES_OF_PIXEL for size, _ in points], [rate for _, rate in points]
    return None


def text_of_bytes(value, _position=None):
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024 or unit == "GiB":
            return f"{value:.3g} {unit}"
        value /= 1024


def draw(best, context, threads, plt):
    figure, axes = plt.subplots(figsize=(9, 5.5))
    ceiling = series_of(best, "memory", "read3_write1", threads)
    if ceiling:
        axes.plot(ceiling[1], ceiling[2], color=CEILING_COLOUR, linestyle="--", linewidth=1,
                  label=f"memory/read3_write1, {ceiling[0]} thread(s)")
    strategies = {s for w, s, _, _ in best if w == "grayscale"}
    for strategy, (colour, marker) in STYLES.items():
        series = series_of(best, "grayscale", strategy, threads) if strategy in strategies else None
        if series:
            axes.plot(series[1], series[2], color=colour, marker=marker, label=f"{strategy}, {series[0]} thread(s)")
    limit = context.get("streaming_above_bytes", "")
    if limit.isdigit():
        per_core = context.get("streaming_above_per_core") == "true"
        cores = min(threads, len(context["cpus_allowed"].split(","))) if per_core else 1
        streamed_from = int(limit) * cores
        axes.axvline(streamed_from, color="#bbbbbb", linewidth=1)
        axes.text(streamed_from, 0.02, " streamed past the caches", transform=axes.get_xaxis_transform(), color="#777777",
                  fontsize=8)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter(text_of_bytes)
    axes.set_xticks(sorted({size * BYTES_OF_PIXEL for _, _, _, size in best}))
    axes.minorticks_off()
    axes.set_xlabel("colour and gray image together")
    axes.set_ylabel("pixels a second, best of the repetitions")
    axes.set_title(f"grayscale on {context['cpu_model']}, CPython {context['python_version'].split()[0]}, "
                   f"{context['simd_target']}", fontsize=10)
    axes.grid(True, which="major", color="#eeeeee")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    figure.tight_layout()
    return figure


def load_accounts(path):
    """By name, in the run's order, each part's mean over the repetitions that have an account; and the context."""
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    repetitions = collections.defaultdict(list)
    for row in result["benchmarks"]:
        if row.get("run_type") == "iteration" and "account_useful" in row:
            repetitions[row["name"]].append(row)
    return {name: {part: sum(row.get(part, 0) for row in rows) / len(rows) for part, _, _ in PARTS}
            for name, rows in repetitions.items()}, result["context"]


def draw_accounts(accounts, context, plt):
    figure, axes = plt.subplots(figsize=(9, 1.6 + 0.35 * len(accounts)))
    names = list(accounts)
    ends = dict.fromkeys(names, 0.0)
    for part, words, colour in PARTS:
        values = [accounts[name][part] for name in names]
        if not any(abs(value) >= 0.0005 for value in values):
            continue
        # A negative part is drawn to the left of 0; the others begin where the one before ends.
        begins = [ends[name] if value >= 0 else 0 for name, value in zip(names, values)]
        axes.barh(names, values, left=begins, color=colour, edgecolor="white", linewidth=0.5, label=words)
        for name, value in zip(names, values):
            ends[name] += max(value, 0)
    axes.invert_yaxis()
    axes.axvline(0, color="#777777", linewidth=0.8)
    axes.set_xlim(right=max(1.0, *ends.values()))
    axes.xaxis.set_major_formatter(lambda value, _position=None: f"{100 * value:.0f} %")
    axes.set_xlabel("of the threads' time")
    gil = "GIL on" if context["gil_enabled"] == "true" else "GIL off"
    axes.set_title(f"CPython {context['python_version'].split()[0]} ({gil}) on {context['cpu_model']}", fontsize=10)
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    figure.tight_layout()
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result", help="a run's result.json")
    parser.add_argument("--threads", type=int, help="the thread count that is drawn")
    parser.add_argument("--account", action="store_true", help="draw where the threads' time went")
    parser.add_argument("--out", help="the figures' name, without .png and .svg (curve, or account)")
    arguments = parser.parse_args()
    if arguments.account:
        accounts, context = load_accounts(arguments.result)
        if not accounts:
            parser.error(f"{arguments.result} has no row with an account: a team of two threads and more, and the same "
                         "work on one thread")
    else:
        best, context = load(arguments.result)
        if not best:
            parser.error(f"{arguments.result} has no rows of grayscale or memory")

    import matplotlib  # late, so that --help needs none
    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "harness"  # the same figure is the same file
    import matplotlib.pyplot as plt

    if arguments.account:
        figure = draw_accounts(accounts, context, plt)
    else:
        figure = draw(best, context, arguments.threads or max(count for _, _, count, _ in best), plt)
    out = arguments.out or ("account" if arguments.account else "curve")
    figure.savefig(out + ".png", dpi=120)
    figure.savefig(out + ".svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
