"""The figures of many interpreters: a cell for each row and each of them, with a colour where there is something to see.

For report_comparisons.py.
"""
import math

from report_drawing import (FONT, GAINS, INK, MARKERS, SOFT, VERDICTS, Figure, is_wide, matplotlib, name_lines, plt)

# In a matrix of many interpreters: from which factor on a difference has the next shade of four; and of each verdict the
# fill of its cells in the legend, the colour of what stands in them, and what marks their numbers.
STEPS = (1.1, 1.25, 2)
MATRIX = {"faster": (GAINS[7], INK, "", ""), "slower": (GAINS[1], INK, "", ""), "same": ("none", SOFT, "=", ""),
          "inconclusive": ("none", SOFT, "", "?")}


def columns_of(axes, labels, most):
    """Names them below, all or as many as there is room for."""
    step = max(len(labels) // most, 1)
    axes.set_xticks(range(0, len(labels), step), labels[::step], rotation=90, fontsize=FONT - 2)


def shade_of(cell):
    """The colour of a cell of a matrix: none where no difference is shown."""
    if cell.get("verdict") not in ("faster", "slower"):
        return None
    steps = 1 + sum(abs(math.log(cell["ratio"])) >= math.log(step) for step in STEPS)
    return GAINS[4 + steps if cell["verdict"] == "faster" else 4 - steps]


def number_of(cell):
    """A cell's ratio as it stands in a matrix."""
    _, _, before, behind = MATRIX.get(cell.get("verdict"), ("", "", "", ""))
    return before + times_text(cell["ratio"], 2) + behind


def legend_of(verdicts, has_numbers):
    """Handles and labels: the cells of each verdict as they look."""
    handles, labels = [], []
    for verdict in verdicts:
        colour, ink, before, behind = MATRIX[verdict]
        patch = matplotlib.patches.Patch(facecolor=colour, edgecolor=SOFT, linewidth=0.5)
        mark = matplotlib.lines.Line2D([], [], marker=MARKERS[verdict], color=ink, linestyle="none", markersize=4)
        handles.append(patch if has_numbers else (patch, mark))
        labels.append(verdict + (f" ({before}{behind})" if has_numbers and before + behind else ""))
    return handles, labels


def fill(axes, shades):
    """Colours cells of a matrix; `shades`: of each line and column its colour."""
    spans = {}  # of each shade and line
    for (line, column), shade in shades.items():
        spans.setdefault((line, shade), []).append((column - 0.5, 1))
    for (line, shade), at in spans.items():
        axes.broken_barh(at, (line - 0.5, 1), color=shade, linewidth=0)


def lines_and_columns(inches, names, labels, extra):
    """A figure with a cell for each name and label, and whether numbers have room in them."""
    figure, axes = plt.subplots(figsize=(inches, extra + (0.22 if is_wide(inches) else 0.28) * len(names)))
    axes.set_xlim(-0.5, len(labels) - 0.5)
    columns_of(axes, labels, 40 if is_wide(inches) else 12)
    name_lines(axes, names, inches)
    axes.set_ylim(len(names) - 0.5, -0.5)
    return figure, axes, len(labels) <= (20 if is_wide(inches) else 12)


def matrix(comparison):
    """Of many interpreters: a cell for each row and each of them, coloured where a difference is shown."""
    labels, first = comparison["labels"][1:], comparison["labels"][0]
    found = [row for row in comparison["rows"] if any("ratio" in cell for cell in row["cells"][1:])]
    if not found:
        return None
    cells = {(line, column): cell for line, row in enumerate(found)
             for column, cell in enumerate(row["cells"][1:]) if "ratio" in cell}
    used = [verdict for verdict in VERDICTS if any(cell.get("verdict") == verdict for cell in cells.values())]

    def draw(inches):
        figure, axes, has_room = lines_and_columns(inches, [row["name"] for row in found], labels, 1.6)
        has_room = has_room and is_wide(inches)
        fill(axes, {at: shade_of(cell) for at, cell in cells.items() if shade_of(cell)})
        for (line, column), cell in cells.items() if has_room else ():
            axes.text(column, line, number_of(cell), ha="center", va="center", color=INK if shade_of(cell) else SOFT,
                      fontsize=FONT - (2 if len(labels) <= 14 else 3))
        for verdict in used if not has_room else ():
            own = [at for at, cell in cells.items() if cell.get("verdict") == verdict]
            axes.plot([column for _, column in own], [line for line, _ in own], MARKERS[verdict], linestyle="none",
                      color=MATRIX[verdict][1], markersize=3)
        axes.legend(*legend_of(used, has_room), loc="lower left", bbox_to_anchor=(0, 1.0),
                    ncol=4 if is_wide(inches) else 2, frameon=False, fontsize=FONT - 1, borderaxespad=0.3,
                    handlelength=1.2, columnspacing=1.2)
        figure.tight_layout()
        return figure

    shares = any("difference" in cell for row in comparison["rows"] for cell in row["cells"][1:])
    return Figure(f"Each interpreter against {first}",
                  f"A cell is a row's ratio to {first}'s. It has a colour only where a difference is shown, "
                  f"{100 * comparison['confidence']:g} % sure of all together: blue is faster, red is slower, the stronger the "
                  f"farther from 1, in steps at {', '.join(map(str, STEPS[:-1]))} and {STEPS[-1]} times. What is inconclusive, "
                  f"or the same within {100 * comparison['margin']:g} %, has none; an empty cell was not compared. "
                  + ("Rows of shares are in the tables. " if shares else "")
                  + "The tables and the data have the intervals.",
                  ["row", *(f"{label} {what}" for label in labels for what in ("ratio", "low", "high", "verdict"))],
                  [[row["name"], *(cell.get(what, "") if "ratio" in cell else "" for cell in row["cells"][1:]
                                   for what in ("ratio", "ratio_low", "ratio_high", "verdict"))] for row in found],
                  draw)


def times_text(times, digits):
    """A gain in so many digits behind the point, or fewer where it is large."""
    return f"{times:,.{max(digits - int(math.log10(max(times, 1))), 0)}f}"


def gains(comparison, key, title):
    """What each interpreter gains by itself, a cell for each row and each of them."""
    labels = comparison["labels"]
    found = [row for row in comparison["rows"] if any(key in cell for cell in row["cells"])]
    if not found:
        return None

    def draw(inches):
        figure, axes, has_room = lines_and_columns(inches, [row["name"] for row in found], labels, 1.2)
        shades = {}
        for line, row in enumerate(found):
            for column, cell in enumerate(row["cells"]):
                if key not in cell:
                    continue
                shade = round((min(max(math.log2(cell[key]), -2), 2) + 2) / 4 * (len(GAINS) - 1))
                shades[line, column] = GAINS[shade]
                if has_room:
                    axes.text(column, line, times_text(cell[key], 2 if is_wide(inches) else 1), ha="center", va="center",
                              fontsize=FONT - (2 if is_wide(inches) else 3.5))
        fill(axes, shades)
        figure.tight_layout()
        return figure

    ends = [f"{key}_low", f"{key}_high"]
    return Figure(title, "A cell compares an interpreter with itself: blue is faster, red is slower, the strongest colours mean "
                  "four times, or a quarter, and beyond; an empty cell was not measured. The tables and the data have "
                  "the intervals.",
                  ["row", *(f"{label} {what}" for label in labels for what in (key, *ends))],
                  [[row["name"], *(cell.get(what, "") for cell in row["cells"] for what in (key, *ends))] for row in found],
                  draw)
