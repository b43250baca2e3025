#!/usr/bin/env python3
"""What tells the parts of a page's figures apart.

    harness/report_page/palette_test.py

Draws figures, and ends as browser_test.py does where what draws is missing.
"""
import itertools
import re
import sys
import unittest

from page_needs import end_without
from palette import RESULTS, contrast, palettes


class Palette(unittest.TestCase):
    """Colours alone tell nothing: WCAG 2.1, 1.4.1 and 1.4.11."""

    def test_parts_of_bars_that_may_be_neighbours_differ_by_more_than_their_colour(self):
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


if __name__ == "__main__":
    end_without(["matplotlib"])
    sys.path.insert(0, str(RESULTS))
    unittest.main()
