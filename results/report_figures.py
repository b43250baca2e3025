"""The figures of a page: what results/report.py shows of runs, comparisons, timelines and traces besides tables.

Each part of a page is a dict as page_json() of the program writes it (harness/report_page/page_json.h); figures_of()
draws those of one. Which a kind of part has is in a file of its own.
"""
from report_comparisons import figures_of_comparison
from report_drawing import FONT, INK, plt
from report_runs import figures_of_run
from report_traces import figures_of_timeline, figures_of_trace

KINDS = {"run": figures_of_run, "comparison": figures_of_comparison, "timeline": figures_of_timeline,
         "trace": figures_of_trace}


def figures_of(part):
    """Those that have something to show, in the order of the page."""
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "harness", "font.size": FONT, "text.color": INK,
                         "axes.edgecolor": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
                         "text.parse_math": False, "axes.facecolor": "none", "hatch.linewidth": 0.7})
    return [figure for figure in KINDS[part["kind"]](part) if figure is not None]
