"""The figures of a comparison: by how much interpreters differ, and how sure that is.

For report_figures.py.
"""
import math
import re

from report_accounts import accounts
from report_drawing import (FAINT, INK, MARKERS, VERDICTS, Figure, axes_for, finish, in_workload, is_wide, matplotlib,
                            name_lines)
from report_matrix import gains, matrix

MOST_LABELS = 9  # interpreters of a comparison that have a figure each


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
