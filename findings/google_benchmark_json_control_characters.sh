#!/bin/sh
# Google Benchmark 1.9.5 (PyPI's google_benchmark, Python bindings of the C++ library): its JSON reporter escapes the
# control characters that JSON has short names for (\b \f \n \r \t) and writes all others as they are. An error message
# with a colour in it, as a wrapped exception or a compiler's diagnostic has, makes the whole file no JSON, which no
# strict reader takes (RFC 8259, section 7): not the rows before it either.
#
# Seen: python's json says "Invalid control character"; with that one byte escaped the file is read, and every row is
# there. Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check google_benchmark==1.9.5
cat >"$folder/rows.py" <<'END'
import google_benchmark


@google_benchmark.register
def fine(state):
    while state:
        pass


@google_benchmark.register
def failed(state):
    state.skip_with_error("expected \x1b[32mgreen\x1b[0m,\tgot red")


google_benchmark.main()
END
"$folder/venv/bin/python" "$folder/rows.py" --benchmark_min_time=1x --benchmark_format=json >"$folder/rows.json" 2>/dev/null
python3 - "$folder/rows.json" <<'END'
import json
import sys

text = open(sys.argv[1], encoding="utf-8").read()
assert text.count("\x1b") == 2 and r",\tgot red" in text, "a tab is escaped and ESC is not"
try:
    json.loads(text)
except json.JSONDecodeError as error:
    print(f"google_benchmark 1.9.5: {error.msg}")
else:
    sys.exit("the file is JSON: this finding no longer holds")
rows = json.loads(text.replace("\x1b", r"\u001b"))["benchmarks"]
assert [row["name"] for row in rows] == ["fine", "failed"], rows
END
