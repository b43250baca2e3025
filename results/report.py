#!/usr/bin/env python3
"""Draws the page of `harness report`: what the program says of stored runs, comparisons, timelines and traces, as one
HTML file that needs no network.

    results/report.py DATA.json PAGE.html

DATA.json is what `harness report DIR --out=DATA.json` writes. Needs matplotlib and Jinja2 (Debian: python3-matplotlib,
python3-jinja2); without them it says so and ends with status 2. The template beside it, report.html, has the page's text
and style; report_figures.py draws.
"""
import contextlib
import json
import os
import pathlib
import re
import sys

from report_drawing import MISSING
from report_figures import figures_of

MISSING_HERE = []
try:
    import jinja2
except ImportError:
    MISSING_HERE.append("Jinja2")

NUMBER = re.compile(r"[-+−]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")
FACTORS = {"ns": 1e-9, "µs": 1e-6, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "%": 0.01, "KiB": 2**10, "MiB": 2**20,
           "GiB": 2**30, "kB/s": 1e3, "MB/s": 1e6, "GB/s": 1e9}


def sort_key(text):
    """A number that a table is sorted by, where the text begins with one; with its unit."""
    found = NUMBER.match(text.strip())
    if not found:
        return None
    unit = text.strip()[found.end():].strip().split(" ")[0]
    return float(found[0].replace(",", "").replace("−", "-")) * FACTORS.get(unit, 1)


def shown_tables(section):
    """Without the bars of text, of which there is a figure, and without columns in which nothing stands."""
    for table in section["tables"]:
        kept = [i for i, column in enumerate(table["columns"]) if column["key"] != "bar" and
                any(i < len(row) and row[i]["text"] for row in table["rows"])]
        rows = [[row[i] for i in kept if i < len(row)] for row in table["rows"]]
        columns = [table["columns"][i] for i in kept]
        for column in columns:
            if column["key"].startswith("account_"):  # its glyph is the bar's
                column["title"] = column["title"].split(" ", 1)[-1]
            elif column["joined"]:
                column["title"] = column["title"] or column["key"].rsplit("_", 1)[-1]
        yield {"title": table["title"], "columns": columns, "rows": rows}


def main():
    if missing := MISSING + MISSING_HERE:
        print(f"it needs {' and '.join(missing)}: apt-get install "
              f"{' '.join('python3-' + name.lower() for name in missing)}, or in a virtual environment: pip install "
              f"{' '.join(missing)}", file=sys.stderr)
        return 2
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 1
    with open(sys.argv[1], encoding="utf-8") as file:
        data = json.load(file)
    for number, part in enumerate(data["parts"], 1):
        part["figures"] = figures_of(part)
        for figure in part["figures"] if len(data["parts"]) > 1 else ():
            figure.name = f"{number}-{figure.name}"
        for section in part["document"]["sections"]:
            section["tables"] = list(shown_tables(section))
    folder = pathlib.Path(__file__).resolve().parent
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True, trim_blocks=True,
                                     lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["sort_key"] = sort_key
    environment.tests["about_what_is_open"] = lambda note: note.startswith("open: ")
    environment.tests["about_what_is_not_there"] = lambda note: ": does not apply: " in note
    environment.filters["plain_svg"] = jinja2.utils.markupsafe.Markup
    page = environment.get_template("report.html").render(data)
    path = pathlib.Path(sys.argv[2])
    whole = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        whole.write_text(page, encoding="utf-8")
        os.replace(whole, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            whole.unlink()
        print(f"{path} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
