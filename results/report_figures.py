"""The figures of a page: what results/report.py shows of runs, comparisons, timelines and traces besides tables.

Each part of a page is a dict as page_json() of the program writes it (harness/report_page/page_json.h); figures_of()
draws those of one.
"""
import math
import re
import statistics

from draw_timeline import GILS, Lanes, NATIVE, load
from plot import PARTS
from report_drawing import (ACCOUNT, FAINT, Figure, FONT, HATCHES, INK, MARKERS, PAPER, SERIES, VERDICTS, axes_for,
                            count_text, finish, is_wide, logarithmic, matplotlib, name_lines, plt, time_text)
from report_matrix import gains, matrix

MOST_LABELS = 9  # interpreters of a comparison that have a figure each
MOST_THREADS = 20  # of a program that was traced

# Spans of a thread's lane that are lost time, by what their names begin with.
WAITS = {"waiting": ("account_gil_wait", "waits for the GIL"), "parked": ("account_lock_wait", "parked for a lock"),
         "spinning": ("account_lock_spin", "spins for a lock")}


def in_workload(row):
    """The row's name, without what its section is named after."""
    return re.sub("/size:[^/]*", "", row["name"].split("/", 1)[-1])


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


def stack(axes, values, begins, key, label, least):
    """A part of stacked bars; what is less than `least` cannot be seen, and its edge would hide others."""
    shown = [i for i, value in enumerate(values) if abs(value) >= least]
    axes.barh(shown, [values[i] for i in shown], left=[begins[i] for i in shown], color=ACCOUNT[key], height=0.68,
              hatch=HATCHES.get(key), edgecolor=PAPER, linewidth=0.8, label=label)


def accounts(title, named, words="A bar is the repetition of median time; its parts add up to 100 %: "):
    """A bar a row of what its threads' time went to. `named`: the name beside it, the whole one, and the account."""
    full = [name for _, name, account in named if account]
    named = [(name, account) for name, _, account in named if account]
    least = 0.0005
    parts = [(key, part) for key, part, _ in PARTS if any(abs(a.get(key, 0)) >= least for _, a in named)]
    if not named or not parts:
        return None

    def draw(inches):
        figure, axes = axes_for(inches, len(named), extra=1.1 + (0.25 * len(parts) / max(int(inches / 1.4), 1)))
        ends = [0.0] * len(named)
        for key, part in parts:
            values = [account.get(key, 0) for _, account in named]
            # What is negative lies left of 0; the others begin where the one before ends.
            begins = [end if value >= 0 else 0 for end, value in zip(ends, values)]
            stack(axes, values, begins, key, part, least)
            ends = [end + max(value, 0) for end, value in zip(ends, values)]
        axes.axvline(0, color=FAINT, linewidth=0.8)
        axes.set_xlim(right=max(1.0, *ends))
        axes.xaxis.set_major_formatter(lambda value, _position=None: f"{100 * value:.0f} %")
        name_lines(axes, [name for name, _ in named], inches)
        axes.set_xlabel("of the threads' time")
        return finish(figure, axes, len(parts), inches)

    return Figure(f"{title}: where the time went",
                  words + ", ".join(part for _, part in parts) + "." +
                  (" What lies left of 0 is no loss: it needed less CPU time than on one thread."
                   if any(account.get("account_slower", 0) <= -least for _, account in named) else ""),
                  ["row", *(key for key, _ in parts)],
                  [[name, *(account.get(key, "") for key, _ in parts)] for name, (_, account) in zip(full, named)], draw)


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


def break_even(rows):
    """From which length of a task on two workers of each way beat one thread."""
    found = [row for row in rows if "break_even_ns" in row["counters"]]
    never = [row for row in rows if "no_break_even_ns" in row["counters"] and "break_even_ns" not in row["counters"]]
    if not found:
        return None
    value = [[best([r.get(key, math.nan) for r in repetitions_of(row)]) * 1e-9 for row in found]
             for key, best in (("break_even_ns", statistics.median), ("break_even_low_ns", min),
                               ("break_even_high_ns", max))]
    repeated = max(len(repetitions_of(row)) for row in found)
    names = [in_workload(row).removeprefix("break_even/") for row in found]

    def draw(inches):
        figure, axes = axes_for(inches, len(found))
        axes.hlines(range(len(found)), value[1], value[2], color=SERIES[0], linewidth=2)
        axes.plot(value[0], range(len(found)), "o", color=SERIES[0])
        known = [v for line in value for v in line if not math.isnan(v)]
        logarithmic(axes.xaxis, min(known), max(known), time_text, 10 if is_wide(inches) else 5)
        name_lines(axes, names, inches)
        axes.set_xlabel("a task of so long pays, logarithmic")
        return finish(figure, axes)

    words = ("A point is the median of several searches, the line an interval with the break-even in it with at least 96.8 %. "
             if repeated == 1 else
             f"A point is the median of {repeated} repetitions of several searches each, the line goes from the lowest to the "
             "highest end of their intervals, each with the break-even in it with at least 96.8 %. ")
    if never:
        words += "Not up to the longest task that was tried: " + ", ".join(
            in_workload(row).removeprefix("break_even/") for row in never) + "."
    return Figure("From which task on two workers pay", words, ["way", "break_even_s", "low_s", "high_s"],
                  [[name, *values] for name, *values in zip(names, *value)], draw)


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


def against(comparison, number):
    """Figures of one interpreter beside the first, one for each thing that rows are compared by."""
    for key in dict.fromkeys(row["compared_by"] for row in comparison["rows"]):
        rows = [(row["name"], row["cells"][number]) for row in comparison["rows"] if row["compared_by"] == key]
        for effect in ("ratio", "difference"):
            yield effects(comparison, number, key, effect, [(name, cell) for name, cell in rows if effect in cell])


def effects(comparison, number, key, effect, found):
    """A row a line: by what it differs from the first interpreter's, with its interval, coloured by its verdict."""
    if not found:
        return None
    label, first, margin = comparison["labels"][number], comparison["labels"][0], comparison["margin"]
    is_ratio = effect == "ratio"
    same = (1 - margin, 1 + margin) if is_ratio else (-margin, margin)
    used = [name for name in VERDICTS if any(cell.get("verdict") == name for _, cell in found)]
    points = [cell[effect] for _, cell in found]
    ends = [(cell.get(effect + "_low", cell[effect]), cell.get(effect + "_high", cell[effect])) for _, cell in found]
    low, high = min([e for e, _ in ends] + [same[0]]), max([e for _, e in ends] + [same[1]])
    if is_ratio:  # few rounds have intervals of many powers of ten
        low, high = max(low, min(points + [1]) / 8), min(high, max(points + [1]) * 8)
    goes_on = any(e < low or f > high for e, f in ends)
    what = "time" if key == "time_s" else key

    def draw(inches):
        figure, axes = axes_for(inches, len(found), extra=1.2)
        axes.axvspan(*same, color=FAINT, alpha=0.35, linewidth=0)
        axes.axvline(1 if is_ratio else 0, color=INK, linewidth=0.8)
        for verdict in [*used, None]:
            own = [i for i, (_, cell) in enumerate(found) if cell.get("verdict") == verdict]
            if not own:
                continue
            colour = VERDICTS.get(verdict, FAINT)
            axes.hlines(own, [max(ends[i][0], low) for i in own], [min(ends[i][1], high) for i in own], color=colour,
                        linewidth=2)
            axes.plot([points[i] for i in own], own, MARKERS.get(verdict, "."), color=colour, label=verdict)
        room = (high / low) ** 0.04 if is_ratio else (high - low) * 0.04
        if is_ratio:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter(lambda value, _position=None: f"{value:.3g}")
            axes.xaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
            axes.set_xlim(low / room, high * room)
            axes.set_xticks(ticks_between(low, high, 8 if is_wide(inches) else 4))
            axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        else:
            axes.set_xlim(low - room, high + room)
            axes.xaxis.set_major_formatter(lambda value, _position=None: f"{100 * value:+.3g}")
        name_lines(axes, [name for name, _ in found], inches)
        axes.set_xlabel(f"{what}: {label} over {first}, logarithmic" if is_ratio else
                        f"{what}: {label} less {first}, in points")
        return finish(figure, axes, len(used), inches)

    return Figure(f"{label} against {first}: {what}",
                  f"A point is a row's {effect}, the line its interval; {100 * comparison['confidence']:g} % sure of all "
                  f"together. Gray: within {100 * margin:g} %, which counts as the same."
                  + (" Lines that reach the edge go on." if goes_on else ""),
                  ["row", effect, "low", "high", "verdict"],
                  [[name, cell[effect], cell.get(effect + "_low", ""), cell.get(effect + "_high", ""),
                    cell.get("verdict", "")] for name, cell in found], draw)


def ticks_between(low, high, most):
    """Round numbers, with 1 among them where there is room."""
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5):
        first, last = math.ceil(low / step), math.floor(high / step)
        if 0 < last - first + 1 <= most:
            return [step * i for i in range(first, last + 1)]
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if len(decades) <= 3 else (1,)
    return [tick for e in decades for tick in (s * 10.0**e for s in steps) if low <= tick <= high] or [1.0]


def figures_of_comparison(part):
    comparison = part["comparison"]
    many = len(comparison["labels"]) > MOST_LABELS
    if many:
        yield matrix(comparison)
    for number in range(1, 0 if many else len(comparison["labels"])):
        yield from against(comparison, number)
    yield gains(comparison, "speedup", "Times faster than plain Python on one thread")
    yield gains(comparison, "scaling", "Times faster than its own one thread")
    groups = {}
    for row in comparison["rows"]:
        size = re.search("/size:([^/]*)", row["name"])
        group = row["name"].split("/")[0] + (" " + size[1] if size else "")
        for cell in row["cells"]:
            counters = cell.get("counters", {})
            if "account_useful" in counters:
                groups.setdefault(group, []).append((f"{in_workload(row)} {cell['label']}",
                                                     f"{row['name']} {cell['label']}", counters))
    for title, named in groups.items():
        yield accounts(title, named, "Each part of a bar is the median over the processes, so that they add up to about "
                                     "100 %: ")


# Of a traced thread: what it did, in the key of an account's part, and its own words.
LIFE = [("account_useful", "held the GIL"), ("account_gil_wait", "waited for the GIL"),
        ("account_lock_wait", "parked for a lock"), ("account_world_stopped", "stopped with the world"),
        ("account_lock_spin", "spun for a lock"), ("account_blocked", "parked for an event"),
        ("account_idle", "anything else")]


def life_of(thread):
    """For how long it did each thing of LIFE, in seconds."""
    gil = thread.get("gil", {})
    parts = [gil.get("held_ns", 0), gil.get("waited_ns", 0), thread["lock_parked_ns"], thread["world_stopped_ns"],
             thread["spinning_ns"], max(thread["parked_ns"] - thread["lock_parked_ns"] - thread["world_stopped_ns"], 0)]
    return [part * 1e-9 for part in (*parts, max(thread["alive_ns"] - sum(parts), 0))]


def figures_of_trace(part):
    """What each thread did while it lived, of those that lived longest."""
    every = [thread for thread in part["trace"]["threads"] if thread["alive_ns"] > 0]
    longest = sorted(range(len(every)), key=lambda number: -every[number]["alive_ns"])[:MOST_THREADS]
    threads = [every[number] for number in sorted(longest)]
    if not threads:
        return
    lives = [life_of(thread) for thread in threads]
    least = max(map(sum, lives)) / 2000
    used = [i for i in range(len(LIFE)) if any(life[i] >= least for life in lives)]
    names = [thread["name"] for thread in threads]

    def draw(inches):
        figure, axes = axes_for(inches, len(threads), extra=1.3)
        left = [0] * len(threads)
        for i in used:
            stack(axes, [life[i] for life in lives], left, *LIFE[i], least)
            left = [begin + life[i] for begin, life in zip(left, lives)]
        name_lines(axes, names, inches)
        axes.xaxis.set_major_formatter(time_text)
        axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(8 if is_wide(inches) else 4))
        axes.set_xlabel("time since its first event")
        return finish(figure, axes, len(used), inches)

    chosen = f"The {MOST_THREADS} threads that lived longest. " if len(every) > MOST_THREADS else ""
    yield Figure(f"{part['title']}: what its threads did",
                 f"{chosen}A bar is as long as its thread lived; of threads that came and went, their sum. "
                 "Anything else is native code, sleep and I/O; without a GIL also Python code.",
                 ["thread", *(f"{words}_s" for _, words in LIFE)],
                 [[name, *life] for name, life in zip(names, lives)], draw)


def figures_of_timeline(part):
    """The first part of it: fifty milliseconds, or as much as there is."""
    trace = load(part["timeline"])
    spans = [event for event in trace["traceEvents"] if event["ph"] != "M"]
    if not spans:
        return
    begin = min(event["ts"] for event in spans)
    length = min(50_000, max(event["ts"] + event.get("dur", 0) for event in spans) - begin) or 1
    lanes = Lanes(trace["traceEvents"], begin, begin + length)
    colours = {name: SERIES[i % len(SERIES)] for i, name in enumerate(lanes.colours)}
    names = {name.split(":")[0] for lane in lanes.order for _, _, name in lanes.spans[lane]}
    waits = [key for key in WAITS if key in names]
    words = ("A GIL has the colour of the thread that holds it, a thread its own while it holds one, and a mark where its "
             "switch interval ran out. " if "holding" in names else "")
    table = [[lanes.label(lane), (first - begin) / 1000, (last - begin) / 1000, name] for lane in lanes.order
             for first, last, name in lanes.spans[lane]]

    def draw(inches):
        figure, axes = axes_for(inches, 1.3 * len(lanes.order), extra=1.0)
        for line, lane in enumerate(lanes.order):
            own = colours.get(lanes.names[lane], FAINT)
            process = lanes.processes[lane[0]]
            for first, last, name in lanes.spans[lane]:
                x = (first - begin) / 1000
                width = max((last - first) / 1000, length / 1000 / 2000)
                if name == "timeout":
                    axes.vlines(x, line - 0.4, line + 0.4, color=VERDICTS["slower"], linewidth=1)
                elif process == GILS:
                    axes.broken_barh([(x, width)], (line - 0.35, 0.7), color=colours.get(name, FAINT), linewidth=0)
                elif process == NATIVE:
                    axes.broken_barh([(x, width)], (line - 0.35, 0.7), color=SERIES[2], linewidth=0)
                elif name == "holding":
                    axes.broken_barh([(x, width)], (line - 0.35, 0.7), color=own, linewidth=0)
                elif name.split(":")[0] in WAITS:
                    axes.broken_barh([(x, width)], (line - 0.12, 0.24), color=ACCOUNT[WAITS[name.split(":")[0]][0]],
                                     linewidth=0)
        name_lines(axes, [lanes.label(lane) for lane in lanes.order], inches)
        for key in waits:
            axes.broken_barh([(0, 0)], (0, 0), color=ACCOUNT[WAITS[key][0]], label=WAITS[key][1])
        axes.set_xlim(0, length / 1000)
        axes.set_xlabel("ms")
        return finish(figure, axes, len(waits), inches)

    yield Figure(f"{part['title']}: the first {length / 1000:.3g} ms",
                 words + "A thin line is a wait; where there is nothing, a thread does something else, or runs without a "
                 "GIL.", ["lane", "begin_ms", "end_ms", "what"], table, draw)


KINDS = {"run": figures_of_run, "comparison": figures_of_comparison, "timeline": figures_of_timeline,
         "trace": figures_of_trace}


def figures_of(part):
    """Those that have something to show, in the order of the page."""
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "harness", "font.size": FONT, "text.color": INK,
                         "axes.edgecolor": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
                         "text.parse_math": False, "axes.facecolor": "none", "hatch.linewidth": 0.7})
    return [figure for figure in KINDS[part["kind"]](part) if figure is not None]
