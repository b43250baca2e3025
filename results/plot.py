#!/usr/bin/env python3
"""Draws the curve of a run over several image sizes: how many pixels a second each strategy makes of each.

    build/harness --sizes=curve --filter='grayscale|memory' --threads=1,2 --out=DIR
    results/plot.py DIR/result.json [--threads=N] [--out=curve]

Writes curve.png and curve.svg. Needs matplotlib. A point is the best of a row's repetitions, on --threads threads or on
the most that the run had. Rows that failed or do not apply are left out.
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result", help="a run's result.json")
    parser.add_argument("--threads", type=int, help="the thread count that is drawn")
    parser.add_argument("--out", default="curve", help="the figures' name, without .png and .svg")
    arguments = parser.parse_args()
    best, context = load(arguments.result)
    if not best:
        parser.error(f"{arguments.result} has no rows of grayscale or memory")

    import matplotlib  # late, so that --help needs none
    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "harness"  # the same figure is the same file
    import matplotlib.pyplot as plt

    threads = arguments.threads or max(count for _, _, count, _ in best)
    figure = draw(best, context, threads, plt)
    figure.savefig(arguments.out + ".png", dpi=120)
    figure.savefig(arguments.out + ".svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
