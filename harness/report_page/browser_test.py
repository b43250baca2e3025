#!/usr/bin/env python3
"""The pages of `harness report` in a real browser.

    harness/report_page/browser_test.py HARNESS

Runs the program for results of every kind, has pages drawn of them, and looks at these in chromium, headless. Where
selenium, chromium or what draws is missing, it ends with status 77, which CTest counts as skipped; with 1 where the
environment's HARNESS_TEST_REQUIRE has the word browser.
"""
import contextlib
import csv
import http.server
import io
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import xml.etree.ElementTree

SKIPPED = 77
HARNESS = None
RESULTS = pathlib.Path(__file__).resolve().parents[2] / "results"

# The contrast of each visible text to what is behind it, as WCAG 2.1 has it (relative luminance, 1.4.3), of those that
# have too little; 3 is enough for large text.
CONTRAST = """
const parse = (text) => (text.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const background = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || element.closest("script")) continue;
  const style = getComputedStyle(element);
  const colour = parse(element.closest("svg") ? style.fill : style.color);
  const [a, b] = [luminance(colour), luminance(background(element))].sort((x, y) => y - x);
  const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < (large ? 3 : 4.5)) poor.push(`${ratio.toFixed(2)}: ${walker.currentNode.textContent.trim().slice(0, 60)}`);
}
return poor;
"""

# What is there for a reader who does not see, or has no mouse.
UNNAMED = """
const found = [];
const name_of = (element) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) return by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  return (element.getAttribute("aria-label") ?? element.textContent).trim();
};
for (const element of document.querySelectorAll("svg[role=img], button, a[href], [role=region], pre, summary, article")) {
  if (!name_of(element)) found.push("no name: " + element.outerHTML.slice(0, 80));
}
for (const element of document.querySelectorAll("[aria-describedby]")) {
  if (!document.getElementById(element.getAttribute("aria-describedby"))) found.push("described by nothing");
}
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
if (twice.length) found.push("ids that are there twice: " + twice.slice(0, 5));
for (const link of document.querySelectorAll("a[href^='#']")) {
  if (!document.querySelector(link.getAttribute("href"))) found.push("leads nowhere: " + link.getAttribute("href"));
}
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
  const now = Number(heading.tagName[1]);
  if (now > level + 1) found.push(`h${level} is followed by h${now}: ${heading.textContent.trim()}`);
  level = now;
}
for (const table of document.querySelectorAll("table")) {
  if ([...table.querySelectorAll("thead th")].some((cell) => cell.scope !== "col")) found.push("a column without scope");
}
for (const scrolled of document.querySelectorAll(".table, pre")) {
  if (scrolled.tabIndex !== 0) found.push("scrolls, and no key gets there");
}
if (!document.documentElement.lang || !document.title) found.push("no language, or no title");
return found;
"""

FIGURES = """
return [...document.querySelectorAll("figure")].map((figure) => {
  const shown = [...figure.querySelectorAll("svg")].filter((svg) => svg.checkVisibility());
  const box = shown[0]?.getBoundingClientRect();
  return {shown: shown.length, left: box?.left, right: box?.right, height: box?.height,
          marks: shown[0]?.querySelectorAll("path, use").length};
});
"""

# Of the figure that has the title: how many cells of its drawing have a hue, those of the legend left out.
COLOURED = """
const figure = [...document.querySelectorAll("figure")].find((one) => one.textContent.includes(arguments[0]));
const shown = [...figure.querySelectorAll("svg")].find((svg) => svg.checkVisibility());
return [...shown.querySelectorAll("path, use")].filter((path) => {
  const style = path.getAttribute("style");
  if (path.closest("[id*=legend], defs") || /fill: var\\(--(ink|soft|faint|paper)\\)/.test(style)) return false;
  const [r, g, b, a] = (getComputedStyle(path).fill.match(/[\\d.]+/g) ?? [0, 0, 0]).map(Number);
  return a !== 0 && Math.max(r, g, b) - Math.min(r, g, b) > 8;
}).length;
"""

# What of tables is not on the page: the text of cells that are wider than they have room, or reach beyond the body.
CUT = """
const right = document.body.getBoundingClientRect().right;
return [...document.querySelectorAll("th, td")].filter((cell) => cell.checkVisibility())
    .filter((cell) => cell.scrollWidth > cell.clientWidth + 1 || cell.getBoundingClientRect().right > right + 1)
    .map((cell) => cell.textContent.trim());
"""


def luminance(colour):
    """As CONTRAST has it, of "#rrggbb"."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(c * share for c, share in zip(parts, (0.2126, 0.7152, 0.0722)))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palettes():
    """The page's colours by their names, light and dark."""
    text = (RESULTS / "report.html").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", part)) for part in
                   re.match(r"(?s)(.*?)@media (?:screen and )?\(prefers-color-scheme: dark\)(.*?)\n\}", text).groups())
    return {"light": light, "dark": {**light, **dark}}


def run(*words, status=0):
    done = subprocess.run([HARNESS, *words], capture_output=True, text=True, check=False)
    if done.returncode != status:
        raise AssertionError(f"{words} ended with {done.returncode}: {done.stderr}")
    return done


def make_results():
    """Results of every kind, in the current folder."""
    quick = ["--repetitions=2", "--min-time=0.001", "--no-pictures"]
    small = ["--countdown-steps=20000", "--size=64x48", "--sum-n=2000"]
    run("--filter=countdown/(python|native)|grayscale/(python|openmp)", "--threads=1,2", "--gil-trace=gil.json.gz",
        "--out=run", *quick, *small)
    run("--filter=grayscale/native/", "--size=64x48", "--size=128x96", "--size=256x192", "--threads=1", "--out=curve",
        *quick)
    run(f"--python=a={sys.executable}", f"--python=b={sys.executable}", "--filter=countdown/(python|native/)", "--threads=1,2",
        "--rounds=3", "--out=comparison", *quick[:2], "--countdown-steps=20000")
    run("trace", "--report=trace.json", "-c", "import threading\nthreads = [threading.Thread(target=sorted, "
        "args=([*range(10**6)],)) for _ in range(3)]\n[t.start() for t in threads]\n[t.join() for t in threads]")
    wide = json.loads(pathlib.Path("comparison/comparison.json").read_text(encoding="utf-8"))
    wide["labels"] = ["few", "rounds"]
    wide["rows"][0]["cells"][1].update({"ratio": 3.2, "ratio_low": 7e-12, "ratio_high": 1.4e12})
    pathlib.Path("wide.json").write_text(json.dumps(wide), encoding="utf-8")
    many = json.loads(pathlib.Path("comparison/comparison.json").read_text(encoding="utf-8"))
    many["labels"] = ["a", *(f"python {i}" for i in range(10))]
    for row in many["rows"]:
        row["cells"] = [row["cells"][0], *({**row["cells"][1], "label": label, "ratio": 1.5, "ratio_low": 0.5,
                                            "ratio_high": 4.5, "verdict": "inconclusive"} for label in many["labels"][1:])]
    sure = many["rows"][0]["cells"]
    sure[2].update({"ratio": 0.5, "ratio_low": 0.4, "ratio_high": 0.6, "verdict": "faster"})
    sure[3].update({"ratio": 2.5, "ratio_low": 2.4, "ratio_high": 2.6, "verdict": "slower"})
    sure[4].update({"ratio": 1, "ratio_low": 0.999, "ratio_high": 1.001, "verdict": "same"})
    pathlib.Path("many.json").write_text(json.dumps(many), encoding="utf-8")
    text = pathlib.Path("run/result.json").read_text(encoding="utf-8")
    start = json.loads(text)
    rows = [dict(row) for row in start["benchmarks"][:1]]
    template = {key: rows[0][key] for key in ("run_type", "repetitions", "repetition_index", "threads", "iterations",
                                              "real_time", "cpu_time", "time_unit")}
    start["benchmarks"] = [
        {"name": name, "run_name": name, **template, **counters} for name, counters in (
            ("start/subinterpreters/threads:2", {"start_p50_ns": 2e7, "start_p99_ns": 3e7}),
            ("start/<b>script</b>/threads:2", {"start_p50_ns": 1e7, "start_p99_ns": 2e7}),
            ("start/break_even/subinterpreters",
             {"break_even_ns": 14000, "break_even_low_ns": 12000, "break_even_high_ns": 17000}),
            ("start/break_even/python_threads", {"no_break_even_ns": 2e7}))]
    pathlib.Path("start.json").write_text(json.dumps(start), encoding="utf-8")


class Palette(unittest.TestCase):
    """Colours alone tell nothing: WCAG 2.1, 1.4.1 and 1.4.11."""

    def test_parts_of_bars_that_may_be_neighbours_differ_by_more_than_their_colour(self):
        sys.path.insert(0, str(RESULTS))
        import report_drawing
        parts = [name for name, _, _ in report_drawing.PARTS]
        for scheme, colours in palettes().items():
            colour = {name: colours[name.replace("_", "-")] for name in parts}
            for one, other in itertools.combinations(parts, 2):
                hatches = [report_drawing.HATCHES.get(name) for name in (one, other)]
                self.assertTrue(hatches[0] != hatches[1] or contrast(colour[one], colour[other]) >= 3,
                                f"{scheme}: {one}, {other}")
            for name in parts:  # a hatch is drawn in the paper's colour
                if name in report_drawing.HATCHES:
                    self.assertGreaterEqual(contrast(colour[name], colours["paper"]), 3, f"{scheme}: {name}")

    def test_parts_of_bars_have_an_edge_and_points_a_marker_of_their_verdict(self):
        sys.path.insert(0, str(RESULTS))
        import report_drawing
        import report_accounts
        account = {name: 1 / len(report_drawing.PARTS) for name, _, _ in report_drawing.PARTS}
        figure = report_accounts.accounts("w", [("x", "w/x", account)])
        for svg in figure.svgs.values():
            for name in account:
                self.assertIn(f"var(--{name.replace('_', '-')})", svg)
            self.assertGreaterEqual(svg.count("stroke: var(--paper)"), len(account))
            self.assertEqual(len(set(re.findall(r'<pattern id="([^"]*)"', svg))), len(report_drawing.HATCHES))
        self.assertEqual(len({*report_drawing.MARKERS.values()}), len(report_drawing.VERDICTS))


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.before = os.getcwd()
        os.chdir(cls.folder)
        make_results()
        run("report", "run", "curve", "comparison", "wide.json", "many.json", "start.json", "gil.json.gz",
            "trace.json", "--out=all.html")
        run("report", "run", "--out=one.html")
        cls.browser = browser(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        os.chdir(cls.before)
        shutil.rmtree(cls.folder)

    def open(self, page="all.html", width=1400, scheme="light"):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": "", "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.browser.get((self.folder / page).as_uri())

    def test_says_nothing_on_the_console_and_asks_nobody(self):
        self.browser.get_log("performance")
        for page in ("all.html", "one.html"):
            self.open(page)
            self.assertEqual(self.browser.get_log("browser"), [])
        asked = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        urls = {message["params"]["request"]["url"] for message in asked
                if message["method"] == "Network.requestWillBeSent"}
        self.assertEqual({url for url in urls if not url.startswith("data:")},
                         {(self.folder / page).as_uri() for page in ("all.html", "one.html")})

    def test_has_every_figure_at_every_width(self):
        for width in (400, 1400):
            self.open(width=width)
            figures = self.browser.execute_script(FIGURES)
            # The run's two workloads and an account, the curve, three comparisons, what one gains, two of start, a
            # timeline, a trace.
            self.assertGreaterEqual(len(figures), 12)
            for figure in figures:
                self.assertEqual(figure["shown"], 1)
                self.assertGreater(figure["height"], 60)
                self.assertGreaterEqual(figure["left"], 0)
                self.assertLessEqual(figure["right"], width)
                self.assertGreater(figure["right"] - figure["left"], 0.6 * min(width, 1000))
                self.assertGreater(figure["marks"], 3)
            self.assertLessEqual(self.browser.execute_script("return document.documentElement.scrollWidth"), width)

    def test_can_be_read_in_the_light_and_in_the_dark(self):
        for scheme in ("light", "dark"):
            for width in (400, 1400):
                self.open(width=width, scheme=scheme)
                self.browser.execute_script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
                self.assertEqual(self.browser.execute_script(CONTRAST), [], f"{scheme}, {width}")
        colours = self.browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        self.assertEqual(colours, "rgb(20, 23, 27)", "the dark page is dark")

    def test_can_be_used_without_eyes_and_without_a_mouse(self):
        for page in ("all.html", "one.html"):
            self.open(page)
            self.assertEqual(self.browser.execute_script(UNNAMED), [])

    def test_tables_sort_by_the_keyboard(self):
        from selenium.webdriver.common.keys import Keys
        self.open("one.html")
        button = self.browser.execute_script(
            "return [...document.querySelectorAll('th button')].find((b) => b.textContent === 'time')")
        times = ("const cell = arguments[0].parentElement, column = [...cell.parentElement.children].indexOf(cell);"
                 "return [...cell.closest('table').tBodies[0].rows].map((r) => parseFloat(r.children[column].dataset.sort))")
        for direction, order in (("ascending", sorted), ("descending", lambda t: sorted(t, reverse=True))):
            button.send_keys(Keys.ENTER)
            sort = self.browser.execute_script("return arguments[0].parentElement.getAttribute('aria-sort')", button)
            self.assertEqual(sort, direction)
            found = self.browser.execute_script(times, button)
            self.assertGreater(len(set(found)), 1)
            self.assertEqual(found, order(found))

    def test_a_matrix_has_colours_only_where_a_difference_is_shown(self):
        for width in (400, 1400):
            self.open(width=width)
            self.assertEqual(self.browser.execute_script(COLOURED, "Each interpreter against a"), 2, "faster and slower")
        text = self.browser.execute_script(
            "return [...document.querySelectorAll('figure')].find((f) => f.textContent.includes(arguments[0])).textContent",
            "Each interpreter against a")
        for words in ("1.50?", "=1.00", "inconclusive (?)", "same (=)", "only where a difference is shown"):
            self.assertIn(words, text)
        rows = dict(self.data())["Each interpreter against a"]
        self.assertEqual(rows[0][:5], ["row", *(f"python 0 {what}" for what in ("ratio", "low", "high", "verdict"))])
        self.assertEqual(rows[1][1:13], ["1.5", "0.5", "4.5", "inconclusive", "0.5", "0.4", "0.6", "faster",
                                         "2.5", "2.4", "2.6", "slower"])

    def data(self):
        """The title of each figure of the open page, and its data."""
        figures = self.browser.execute_script(
            "return [...document.querySelectorAll('figure')].map((figure) => "
            "[figure.querySelector('.figure-title').textContent, figure.querySelector('a[download]').href])")
        return [(title, list(csv.reader(io.StringIO(urllib.parse.unquote(link.partition(",")[2]), newline=""))))
                for title, link in figures]

    def test_figures_of_every_kind_have_their_data(self):
        for page in ("all.html", "one.html"):
            self.open(page)
            figures = self.data()
            self.assertGreaterEqual(len(figures), 12 if page == "all.html" else 2)
            for title, rows in figures:
                self.assertGreater(len(rows), 1, title)
                self.assertEqual({len(row) for row in rows}, {len(rows[0])}, title)
                self.assertEqual(len(set(rows[0])), len(rows[0]), f"{title}: {rows[0]}")
                self.assertTrue(all(row[0] for row in rows), title)
                self.assertTrue(any(re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", cell) for row in rows[1:] for cell in row[1:]),
                                f"{title}: no number")

    def test_figures_are_saved_in_the_light_whatever_the_page_is_in(self):
        light = palettes()["light"]
        for scheme in ("light", "dark"):
            shutil.rmtree(self.folder / "saved", ignore_errors=True)
            self.open("one.html", scheme=scheme)
            self.browser.find_element("css selector", "button.save").click()
            deadline = time.monotonic() + 30
            while not (saved := list(self.folder.glob("saved/*.svg"))) and time.monotonic() < deadline:
                time.sleep(0.02)
            text = saved[0].read_text(encoding="utf-8")
            self.assertNotIn("var(", text)
            svg = xml.etree.ElementTree.fromstring(text)
            self.assertEqual(svg.tag, "{http://www.w3.org/2000/svg}svg")
            self.assertEqual((svg[0].tag, svg[0].attrib), ("{http://www.w3.org/2000/svg}rect",
                                                           {"width": "100%", "height": "100%", "fill": light["paper"]}))
            self.assertIn(light["ink"], text, scheme)
            self.assertNotIn(palettes()["dark"]["ink"], text, scheme)

    def test_prints_on_white_also_where_the_page_is_dark(self):
        self.open(scheme="dark")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.assertEqual(self.browser.execute_script("return getComputedStyle(document.body).backgroundColor"),
                         "rgb(255, 255, 255)")
        self.assertEqual(self.browser.execute_script(CONTRAST), [])
        shown = self.browser.execute_script(
            "return [...document.querySelectorAll('button.save, button.copy')].filter((b) => b.checkVisibility()).length")
        self.assertEqual(shown, 0)

    def test_prints_tables_whole_however_many_columns_they_have(self):
        for width in (640, 740):  # of A4 and of US Letter, without the margins
            self.open(width=width)
            self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
            self.browser.execute_script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            self.assertEqual(self.browser.execute_script(CUT), [])
            columns = self.browser.execute_script(
                "return Math.max(...[...document.querySelectorAll('table')].map((t) => t.rows[0].cells.length))")
            self.assertGreater(columns, 10)
        printed = self.browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
        self.assertTrue(printed["data"].startswith("JVBERi0"), "a PDF")  # %PDF-

    def test_asks_a_server_for_nothing_but_itself(self):
        asked = []

        class Server(http.server.SimpleHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                super().do_GET()

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.browser.get(f"http://127.0.0.1:{server.server_port}/one.html")
            self.assertEqual(self.browser.execute_script("return document.querySelector('link[rel=icon]')?.href"), "data:,")
            time.sleep(0.5)  # an icon is asked for when the page is there
            server.shutdown()
        self.assertEqual(asked, ["/one.html"])

    def test_shows_a_name_as_text_whatever_is_in_it(self):
        self.open()
        self.assertEqual(self.browser.find_elements("css selector", "td b, svg b"), [])
        self.assertIn("<b>script", self.browser.find_element("css selector", "main").text)

    def test_answers_as_the_run_did(self):
        page = (self.folder / "all.html").read_text(encoding="utf-8")
        for words in ("Is b faster than a?", "A subinterpreter pays from 14.0 µs a task.", "who waited for it?",
                      "GIL 0</strong>: It was held ",
                      "python -c …: what its threads did"):
            self.assertTrue(words in page, words)


def browser(folder):
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
    started.execute_cdp_cmd("Browser.setDownloadBehavior",
                            {"behavior": "allow", "downloadPath": str(folder / "saved")})
    return started


def missing():
    """What of the test's needs is not there."""
    for module in ("selenium", "matplotlib", "jinja2"):
        with contextlib.suppress(ImportError):
            __import__(module)
            continue
        yield module
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            yield program


if __name__ == "__main__":
    HARNESS = os.path.abspath(sys.argv.pop(1))
    if lacks := list(missing()):
        print(f"there is no {', '.join(lacks)}", file=sys.stderr)
        sys.exit(1 if "browser" in os.environ.get("HARNESS_TEST_REQUIRE", "").split(",") else SKIPPED)
    unittest.main()
