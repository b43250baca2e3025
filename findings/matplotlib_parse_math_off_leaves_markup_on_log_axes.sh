#!/bin/sh
# matplotlib 3.10.7 (PyPI): text.parse_math = False, which has "$" in names shown as it stands, does not reach whoever
# makes the labels of a logarithmic axis: the default formatter goes on writing mathtext, and nobody reads it any more.
# So such an axis has its markup for numbers, "$\mathdefault{10^{2}}$"; over less than a decade or two its minor ticks
# have it, too. A formatter that is no mathtext's mends it: LogFormatter, or a function, for major and minor ticks.
#
# Seen: the texts of an SVG of a figure with a title that has two dollar signs, by the default formatter and by
# LogFormatter. Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check matplotlib==3.10.7
cat >"$folder/draw.py" <<'END'
import io
import re
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

plt.rcParams.update({"svg.fonttype": "none", "text.parse_math": False})
figure, axes = plt.subplots()
axes.plot([1, 10, 100], [3, 4, 5])
axes.set_xscale("log")
if sys.argv[1] == "LogFormatter":
    axes.xaxis.set_major_formatter(matplotlib.ticker.LogFormatter())
axes.set_title("from $1 to $2")
file = io.StringIO()
figure.savefig(file, format="svg")
texts = re.findall(r"<text[^>]*>([^<]*)</text>", file.getvalue())
print(f"{sys.argv[1]}:", *(text for text in texts if "10" in text or "$" in text), sep=" | ")
END
for formatter in default LogFormatter; do
    MPLCONFIGDIR=$folder "$folder/venv/bin/python" "$folder/draw.py" "$formatter"
done | tee "$folder/seen"
cat >"$folder/wanted" <<'END'
default: | $\mathdefault{10^{0}}$ | $\mathdefault{10^{1}}$ | $\mathdefault{10^{2}}$ | from $1 to $2
LogFormatter: | 10 | 100 | from $1 to $2
END
cmp "$folder/seen" "$folder/wanted"
