"""The colours of a page, read from results/report.html."""
import pathlib
import re

RESULTS = pathlib.Path(__file__).resolve().parents[2] / "results"


def palettes():
    """The page's colours by their names, light and dark."""
    text = (RESULTS / "report.html").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", part)) for part in
                   re.match(r"(?s)(.*?)@media (?:screen and )?\(prefers-color-scheme: dark\)(.*?)\n\}", text).groups())
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour):
    """As page_scripts.CONTRAST has it, of "#rrggbb"."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(c * share for c, share in zip(parts, (0.2126, 0.7152, 0.0722)))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
