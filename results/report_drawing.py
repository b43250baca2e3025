"""What the figures of a page share: their colours, sizes, axes and names, and how a drawing becomes SVG and CSV.

Where matplotlib is missing, MISSING says so, and nothing else here can be used. For report_figures.py and the files
that it has figures from.
"""
import csv
import io
import itertools
import math
import re
import urllib.parse

from plot import PARTS

MISSING = []
try:
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
except ImportError:
    matplotlib = plt = None
    MISSING.append("matplotlib")

WIDTHS = {"wide": 9.6, "narrow": 4.1}  # inches; the page shows the one for which there is room
FONT = 10  # points

# Colours are written as these and replaced by the page's own, which differ in the dark. report.html has each.
INK, FAINT, SOFT, PAPER = "#010101", "#010102", "#010103", "#010104"
SERIES = [f"#0101{0x10 + i:02x}" for i in range(8)]
VERDICTS = {"faster": "#010120", "slower": "#010121", "same": "#010122", "inconclusive": "#010123"}
GAINS = [f"#0101{0x50 + i:02x}" for i in range(9)]  # from a quarter to four times
ACCOUNT = {name: f"#0101{0x30 + i:02x}" for i, (name, _, _) in enumerate(PARTS)}
VARIABLES = {INK: "ink", FAINT: "faint", SOFT: "soft", PAPER: "paper",
             **{colour: f"series-{i}" for i, colour in enumerate(SERIES)},
             **{colour: f"verdict-{name}" for name, colour in VERDICTS.items()},
             **{colour: f"gain-{i}" for i, colour in enumerate(GAINS)},
             **{colour: name.replace("_", "-") for name, colour in ACCOUNT.items()}}

# What tells apart what has like colours. Hatches are lines of the paper's colour, each part's another than those of the
# parts that may come next to it.
MARKERS = {"faster": "^", "slower": "v", "same": "s", "inconclusive": "o"}
HATCHES = {"account_slower": "xx", "account_gil_wait": "//", "account_lock_wait": "\\\\", "account_lock_spin": "||",
           "account_world_stopped": "--", "account_blocked": "..", "account_not_scheduled": "++"}

# Where something is in a drawing: a hundredth of a point is exact enough, and half the size.
PLACES = re.compile(r'\b(?:d|x|y|width|height|transform)="[^"]*"')
PLACE = re.compile(r"\d+\.\d{3,}")

TIMES = [("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)]


def time_text(seconds, _position=None):
    if seconds == 0:
        return "0"
    for unit, factor in TIMES:
        if abs(seconds) >= factor * 0.9995:
            return f"{seconds / factor:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def count_text(value):
    for power, prefix in ((9, " G"), (6, " M"), (3, " k")):
        if value >= 10**power:
            return f"{value / 10**power:g}{prefix}"
    return f"{value:g}"


class Figure:
    """A drawing in each width, what it shows in words, and its numbers."""

    count = itertools.count(1)

    def __init__(self, title, words, header, rows, draw):
        self.id = f"figure-{next(self.count)}"
        self.title, self.words = title, words
        self.svgs = {kind: self.svg(kind, inches, draw) for kind, inches in WIDTHS.items()}
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        self.csv = "data:text/csv;charset=utf-8," + urllib.parse.quote(text.getvalue())
        self.name = re.sub(r"[^A-Za-z0-9.]+", "-", title).strip("-")

    def svg(self, kind, inches, draw):
        figure = draw(inches)
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        plt.close(figure)
        text = file.getvalue()
        text = text[text.index("<svg"):]
        prefix = f"{self.id}-{kind}-"
        text = PLACES.sub(lambda place: PLACE.sub(lambda number: f"{float(number[0]):.2f}", place[0]), text)
        text = re.sub(r'\bid="', f'id="{prefix}', text)
        text = re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}", text)
        for colour, name in VARIABLES.items():
            text = text.replace(colour, f"var(--{name})")
        head = text.index(">")
        width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text[:head]).groups()
        return (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
                f'class="{kind}" aria-labelledby="{self.id}-title" aria-describedby="{self.id}-words" '
                f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"' + text[head:])


def logarithmic(axis, low, high, formatter, most=8):
    """Scales the axis so; with round numbers on it, however near its ends are."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    decades = math.log10(high / low) if low > 0 else 1
    axis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1.0,) if decades > most / 3 else (1.0, 2.0, 5.0),
                                                        numticks=most))
    axis.set_major_formatter(formatter)
    axis.set_minor_formatter(matplotlib.ticker.NullFormatter())


def is_wide(inches):
    return inches >= WIDTHS["wide"]


def axes_for(inches, lines, extra=0.9):
    """A figure with room for so many names along its vertical axis, as name_lines() writes them."""
    figure, axes = plt.subplots(figsize=(inches, extra + (0.28 if is_wide(inches) else 0.36) * max(lines, 1)))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def finish(figure, axes, legend=0, inches=WIDTHS["wide"]):
    """`legend`: how many entries it has."""
    if legend:
        columns = min(legend, max(int(inches / 1.4), 1))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncol=columns, frameon=False, fontsize=FONT - 1,
                    borderaxespad=0.3, handlelength=1.2, columnspacing=1.2)
    figure.tight_layout()
    return figure


def in_workload(row):
    """The row's name, without what its section is named after."""
    return re.sub("/size:[^/]*", "", row["name"].split("/", 1)[-1])


def name_lines(axes, names, inches):
    """Where there is little room, in two lines of which neither is long."""
    names = [shortened(name) if is_wide(inches) else in_two(shortened(name, 44)) for name in names]
    axes.set_yticks(range(len(names)), names, fontsize=FONT if is_wide(inches) else FONT - 2)
    axes.set_ylim(len(names) - 0.4, -0.6)


def shortened(name, most=70):
    """Without its middle, where it is too long."""
    return name if len(name) <= most else name[:most // 2 - 1] + "…" + name[-most // 2:]


def in_two(name):
    """The name, broken behind the "/" or before the blank that is nearest to its middle, where it is long."""
    places = [i + (name[i] == "/") for i, c in enumerate(name) if c in "/ "]
    if len(name) <= 14 or not places:
        return name
    middle = min(places, key=lambda place: abs(place - len(name) / 2))
    return name[:middle].rstrip() + "\n" + name[middle:].lstrip()
