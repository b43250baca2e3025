#!/usr/bin/env python3
"""The pages of `harness report` in a real browser.

    harness/report_page/browser_test.py HARNESS

Runs the program for results of every kind, has pages drawn of them, and looks at these in chromium, headless. Where
selenium, chromium or what draws is missing, it ends with status 77, which CTest counts as skipped; with 1 where the
environment's HARNESS_TEST_REQUIRE has the word browser.
"""
import csv
import http.server
import io
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import xml.etree.ElementTree

from page_needs import end_without
from page_results import make_results, run
from page_scripts import COLOURED, CONTRAST, CUT, FIGURES, UNNAMED
from palette import palettes

HARNESS = None


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


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.before = os.getcwd()
        os.chdir(cls.folder)
        make_results(HARNESS)
        run(HARNESS, "report", "run", "curve", "comparison", "wide.json", "many.json", "start.json",
            "gil.json.gz", "trace.json", "--out=all.html")
        run(HARNESS, "report", "run", "--out=one.html")
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

    def test_shows_an_interval_as_open_where_its_end_is_not_known(self):
        self.open()
        title = "From which task on two workers pay"
        ends = [row[2:] for each, rows in self.data() if each == title for row in rows[1:]]
        self.assertEqual([[end != "" for end in row] for row in ends], [[True, True], [True, False]])
        self.assertIn("An arrow is an end", self.browser.find_element("css selector", "main").text)

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
        for words in ("Is b faster than a?", "A subinterpreter pays from 14.0 µs a task, a process (fork) from 60.0 µs.", "who waited for it?",
                      "GIL 0</strong>: It was held ",
                      "python -c …: what its threads did"):
            self.assertTrue(words in page, words)


if __name__ == "__main__":
    HARNESS = os.path.abspath(sys.argv.pop(1))
    end_without(["selenium", "matplotlib", "jinja2"], ["chromium", "chromedriver"])
    unittest.main()
