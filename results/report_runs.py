"""The figures of a run: the times of its rows, what they cost and from when on they pay.

For report_figures.py.
"""
import math
import statistics

from report_accounts import accounts
from report_drawing import (FAINT, FONT, INK, SERIES, Figure, axes_for, count_text, finish, in_workload, is_wide,
                            logarithmic, name_lines, plt, time_text)


def sections_of(rows):
    """The rows by workload and size, in their order."""
    groups = {}
    for row in rows:
        key = row["workload"] + (" " + row["labels"]["size"] if "size" in row["labels"] else "")
        groups.setdefault(key, []).append(row)
    return groups


def times(title, rows):
    """A bar a row: its median, and from its fastest to its slowest repetition."""
    rows = [row for row in rows if row["times_s"]]
    if not rows:
        return None
    # Where each thread does the whole job, an iteration is one call on each of them.
    an_item = len({row["items"] for row in rows}) > 1 and not any(row["each_does_all"] for row in rows)
    unit = next((row["item_unit"] for row in rows if row["item_unit"]), "item")
    per = [row["items"] if an_item else 1 for row in rows]
    medians = [statistics.median(row["times_s"]) / n for row, n in zip(rows, per)]
    low = [min(row["times_s"]) / n for row, n in zip(rows, per)]
    high = [max(row["times_s"]) / n for row, n in zip(rows, per)]
    wide = max(medians) > 30 * min(medians)
    what = (f"time, of {'one of its ' + unit if an_item else 'a call on each thread' if rows[0]['item_unit'] == 'calls' else 'an iteration'}"
            f"{', logarithmic' if wide else ''}")
    most = max(len(row["times_s"]) for row in rows)

    def draw(inches):
        figure, axes = axes_for(inches, len(rows))
        begin = min(low) / 2 if wide else 0
        axes.barh(range(len(rows)), [m - begin for m in medians], left=begin, color=SERIES[0], height=0.62)
        axes.hlines(range(len(rows)), low, high, color=INK, linewidth=1.5)
        axes.plot(low, range(len(rows)), "|", high, range(len(rows)), "|", color=INK, markersize=6)
        axes.xaxis.set_major_formatter(time_text)
        if wide:
            logarithmic(axes.xaxis, begin, max(high), time_text, 10 if is_wide(inches) else 5)
            axes.set_xlim(left=begin)
        if not is_wide(inches) and not wide:
            axes.locator_params(axis="x", nbins=4)
        name_lines(axes, [in_workload(row) for row in rows], inches)
        axes.set_xlabel(what)
        return finish(figure, axes)

    best = min(range(len(rows)), key=medians.__getitem__)
    words = ("A bar is the median of a row's repetitions, the line from its fastest to its slowest. " if most > 1 else
             "A bar is the only repetition of a row: nothing says how much it varies. ")
    if len(rows) > 1:
        words += f"The shortest is {in_workload(rows[best])}, {time_text(medians[best])}."
    return Figure(f"{title}: time", words, ["row", "median_s", "fastest_s", "slowest_s", "repetitions", "per"],
                  [[row["name"], m, lo, hi, len(row["times_s"]), n]
                   for row, m, lo, hi, n in zip(rows, medians, low, high, per)], draw)


def curve(rows):
    """What each strategy makes a second of images of several sizes, on its most threads."""
    points = {}
    for row in rows:
        size = row["labels"].get("size")
        if size and row["times_s"] and row["item_unit"]:
            width, height = map(int, size.split("x"))
            variant = "".join(f"/{key}:{value}" for key, value in row["labels"].items() if key not in ("size", "threads"))
            name = f"{row['workload']}/{row['strategy']}{variant}"
            series = points.setdefault(name, {}).setdefault(int(row["labels"]["threads"]), [])
            series.append((width * height, row["items"] / min(row["times_s"])))
    lines = {f"{name}, {max(by)} thread{'s' if max(by) > 1 else ''}": sorted(by[max(by)])
             for name, by in points.items() if len(by[max(by)]) > 1}
    if not lines:
        return None

    def draw(inches):
        figure, axes = plt.subplots(figsize=(inches, 4.2 + 0.22 * len(lines) / max(int(inches / 2.6), 1)))
        for i, (label, line) in enumerate(lines.items()):
            axes.plot(*zip(*line), color=SERIES[i % len(SERIES)], marker="os^vDPX*"[i // len(SERIES) % 8], markersize=4,
                      linestyle=("-", "--", ":")[i // len(SERIES) % 3], label=label)
        every = [point for line in lines.values() for point in line]
        for axis, values in ((axes.xaxis, [x for x, _ in every]), (axes.yaxis, [y for _, y in every])):
            logarithmic(axis, min(values), max(values), lambda value, _position=None: count_text(value),
                        8 if is_wide(inches) else 4)
        axes.set_xlabel("pixels of the image")
        axes.set_ylabel("pixels a second, best of the repetitions")
        axes.grid(True, which="major", color=FAINT, linewidth=0.4)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncol=max(int(inches / 3.2), 1), frameon=False,
                    fontsize=FONT - 2)
        figure.tight_layout()
        return figure

    return Figure("Over the size of the image", "Each strategy on the most threads that it had: the best of its repetitions. The tables have the medians.",
                  ["strategy", "pixels", "pixels_per_second"],
                  [[label, *point] for label, line in lines.items() for point in line], draw)


def repetitions_of(row):
    """The counters of each; of another program's row there is one set."""
    return row.get("repetitions") or [row["counters"]]


def over_repetitions(row, counter, best):
    """What one of them has not, as an interval that is open there, is longer than all; not a number where that is it."""
    value = best(each.get(counter, math.inf) for each in repetitions_of(row))
    return value if math.isfinite(value) else math.nan


def break_even(rows):
    """From which length of a task on two workers of each way beat one thread."""
    found = [row for row in rows if "break_even_ns" in row["counters"]]
    never = [row for row in rows if "no_break_even_ns" in row["counters"] and "break_even_ns" not in row["counters"]]
    if not found:
        return None
    value = [[over_repetitions(row, key, best) * 1e-9 for row in found]
             for key, best in (("break_even_ns", statistics.median), ("break_even_low_ns", min),
                               ("break_even_high_ns", max))]
    repeated = max(len(repetitions_of(row)) for row in found)
    names = [in_workload(row).removeprefix("break_even/") for row in found]

    def draw(inches):
        figure, axes = axes_for(inches, len(found))
        axes.plot(value[0], range(len(found)), "o", color=SERIES[0])
        known = [v for line in value for v in line if not math.isnan(v)]
        logarithmic(axes.xaxis, min(known), max(known), time_text, 10 if is_wide(inches) else 5)
        # An end that is not known is open: an arrow to the edge.
        edges = axes.get_xlim()
        for line, (low, high) in enumerate(zip(*value[1:])):
            ends = [edge if math.isnan(end) else end for edge, end in zip(edges, (low, high))]
            axes.hlines(line, *ends, color=SERIES[0], linewidth=2)
            for end, marker, known_end in zip(ends, "<>", (low, high)):
                if math.isnan(known_end):
                    axes.plot(end, line, marker, color=SERIES[0], clip_on=False)
        axes.set_xlim(edges)
        name_lines(axes, names, inches)
        axes.set_xlabel("a task of so long pays, logarithmic")
        return finish(figure, axes)

    is_open = any(math.isnan(end) for ends in value[1:] for end in ends)
    words = ("A point is the median of several searches, the line an interval with the break-even in it with at least 96.8 %. "
             if repeated == 1 else
             f"A point is the median of {repeated} repetitions of several searches each, the line goes from the lowest to the "
             "highest end of their intervals, each with the break-even in it with at least 96.8 %. ")
    if is_open:
        words += "An arrow is an end that the searches did not find. "
    if never:
        words += "Not up to the longest task that was tried: " + ", ".join(
            in_workload(row).removeprefix("break_even/") for row in never) + "."
    return Figure("From which task on two workers pay", words, ["way", "break_even_s", "low_s", "high_s"],
                  [[name, *(None if math.isnan(v) else v for v in values)] for name, *values in zip(names, *value)], draw)


def entering(rows):
    """What each way costs until its first result."""
    found = [row for row in rows if "start_p50_ns" in row["counters"]]
    if not found:
        return None
    p50 = [row["counters"]["start_p50_ns"] * 1e-9 for row in found]
    p99 = [max(r.get("start_p99_ns", r.get("start_p50_ns", 0)) for r in repetitions_of(row)) * 1e-9 for row in found]

    def draw(inches):
        figure, axes = axes_for(inches, len(found))
        begin = min(p50) / 2
        axes.barh(range(len(found)), [p - begin for p in p50], left=begin, color=SERIES[0], height=0.62)
        axes.hlines(range(len(found)), p50, p99, color=INK, linewidth=1.5)
        logarithmic(axes.xaxis, begin, max(p99), time_text, 10 if is_wide(inches) else 5)
        axes.set_xlim(left=begin)
        name_lines(axes, [in_workload(row) for row in found], inches)
        axes.set_xlabel("until the first result, logarithmic")
        return finish(figure, axes)

    return Figure("What a way costs to enter", "A bar is the median of its starts, the line goes to the longest 99th percentile of a repetition. The "
                  "time in the table is the mean.",
                  ["way", "start_p50_s", "start_p99_s"], [[row["name"], *p] for row, *p in zip(found, p50, p99)], draw)


def figures_of_run(part):
    rows = part.get("rows", [])
    ordinary = [row for row in rows if row["workload"] != "start"]
    sections = sections_of(ordinary)
    sizes = {row["labels"]["size"] for row in ordinary if "size" in row["labels"]}
    for title, group in sections.items():
        if len(sizes) < 2 or "size" not in group[0]["labels"]:  # else the curve has all
            yield times(title, group)
        yield accounts(title, [(in_workload(row), row["name"], row.get("account")) for row in group])
    yield curve(ordinary)
    yield entering(rows)
    yield break_even(rows)
