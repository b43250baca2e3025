#!/usr/bin/env python3
"""Draws a part of a timeline that `harness --gil-trace=FILE` wrote, as SVG on standard output.

    results/draw_timeline.py FILE [--begin-ms=A] [--length-ms=L] > timeline.svg

Each GIL has a lane, coloured by who holds it. Each thread has a lane below: it has the thread's colour while it holds,
is hatched while it waits, and empty while it is detached; a tick shows where a switch interval ran out. Each thread has
another lane for the native code that it runs. To look at a whole timeline, open it in https://ui.perfetto.dev instead.
"""
import argparse
import gzip
import html
import json

WIDTH, LEFT, RIGHT = 960, 96, 16  # pixels
LANE, GAP, TOP = 26, 8, 34
COLOURS = ("#3b6fb6", "#d98032", "#4f9d55", "#9b59a6", "#b5485a", "#5f8f9f", "#8a7a3a", "#777777")
GILS, THREADS, NATIVE = "GILs", "threads", "native code"


def load(path):
    with open(path, "rb") as file:
        data = file.read()
    return json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)


class Lanes:
    """The spans of the window by lane, in the order in which they are drawn."""

    def __init__(self, events, begin_us, end_us):
        self.processes, self.names, self.spans = {}, {}, {}
        for event in events:
            if event["ph"] == "M":
                kept = self.processes if event["name"] == "process_name" else self.names
                key = event["pid"] if kept is self.processes else (event["pid"], event["tid"])
                kept[key] = event["args"]["name"]
                continue
            first, last = event["ts"], event["ts"] + event.get("dur", 0)
            if last < begin_us or first > end_us:
                continue
            lane = (event["pid"], event["tid"])
            self.spans.setdefault(lane, []).append((max(first, begin_us), min(last, end_us), event["name"]))
        order = {GILS: 0, THREADS: 1, NATIVE: 2}
        self.order = sorted((lane for lane in self.spans if self.processes[lane[0]] in order),
                            key=lambda lane: (order[self.processes[lane[0]]], self.names[lane]))
        threads = sorted({self.names[lane] for lane in self.order if self.processes[lane[0]] == THREADS})
        self.colours = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(threads)}

    def label(self, lane):
        suffix = ": native" if self.processes[lane[0]] == NATIVE else ""
        return self.names[lane] + suffix


def axis(begin_us, end_us, x, bottom):
    step_us = next(s * 10**e for e in range(9) for s in (1, 2, 5) if (end_us - begin_us) / (s * 10**e) <= 10)
    at_us = -(-begin_us // step_us) * step_us
    while at_us <= end_us:
        yield f'<line x1="{x(at_us):.1f}" y1="{TOP - 6}" x2="{x(at_us):.1f}" y2="{bottom}" stroke="#ddd"/>'
        yield f'<text x="{x(at_us):.1f}" y="{TOP - 12}" text-anchor="middle">{(at_us - begin_us) / 1000:g} ms</text>'
        at_us += step_us


def draw(trace, begin_us, end_us):
    lanes = Lanes(trace["traceEvents"], begin_us, end_us)
    height = TOP + len(lanes.order) * (LANE + GAP) + 22
    scale = (WIDTH - LEFT - RIGHT) / (end_us - begin_us)

    def x(us):
        return LEFT + (us - begin_us) * scale

    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
           f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">')
    yield ('<defs><pattern id="waiting" width="6" height="6" patternUnits="userSpaceOnUse" '
           'patternTransform="rotate(45)"><rect width="6" height="6" fill="#f6e3b4"/>'
           '<rect width="2" height="6" fill="#d9a520"/></pattern></defs>')
    yield f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
    yield from axis(begin_us, end_us, x, height - 22)
    for row, lane in enumerate(lanes.order):
        y = TOP + row * (LANE + GAP)
        yield f'<text x="{LEFT - 8}" y="{y + 17}" text-anchor="end">{html.escape(lanes.label(lane))}</text>'
        yield f'<rect x="{LEFT}" y="{y}" width="{WIDTH - LEFT - RIGHT}" height="{LANE}" fill="none" stroke="#bbb"/>'
        for first, last, name in lanes.spans[lane]:
            if name == "timeout":
                yield f'<line x1="{x(first):.1f}" y1="{y}" x2="{x(first):.1f}" y2="{y + LANE}" stroke="#c00" stroke-width="2"/>'
                continue
            fill = {"holding": lanes.colours.get(lanes.names[lane]), "waiting": "url(#waiting)"}.get(name)
            if lanes.processes[lane[0]] == GILS:
                fill = lanes.colours.get(name, "#777777")
            elif lanes.processes[lane[0]] == NATIVE:
                fill = "#9fd0a3"
            if fill is None:  # detached, or between two waits
                continue
            width = max((last - first) * scale, 0.5)
            yield f'<rect x="{x(first):.1f}" y="{y}" width="{width:.1f}" height="{LANE}" fill="{fill}"/>'
    y = height - 8
    row = html.escape(trace["otherData"]["metadata"]["row"])
    yield (f'<text x="{LEFT}" y="{y}">{row}: a thread\'s colour: it holds the GIL; hatched: it waits; '
           f'red: its switch interval ran out; empty: detached</text>')
    yield "</svg>"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--begin-ms", type=float, default=0)
    parser.add_argument("--length-ms", type=float, default=50)
    arguments = parser.parse_args()
    begin_us = arguments.begin_ms * 1000
    for line in draw(load(arguments.file), begin_us, begin_us + arguments.length_ms * 1000):
        print(line)


if __name__ == "__main__":
    main()
