"""The figures of what was traced: what each thread did while it lived, and the beginning of a timeline.

For report_figures.py.
"""
from draw_timeline import GILS, NATIVE, Lanes, load
from report_accounts import stack
from report_drawing import (ACCOUNT, FAINT, SERIES, VERDICTS, Figure, axes_for, finish, is_wide, matplotlib, name_lines,
                            time_text)

MOST_THREADS = 20  # of a program that was traced

# Spans of a thread's lane that are lost time, by what their names begin with.
WAITS = {"waiting": ("account_gil_wait", "waits for the GIL"), "parked": ("account_lock_wait", "parked for a lock"),
         "spinning": ("account_lock_spin", "spins for a lock")}

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
