#!/bin/sh
# Google Benchmark 1.9.5 (PyPI's google_benchmark, Python bindings of the C++ library): a user counter that only some
# repetitions of a benchmark set has aggregates of those alone, and nothing in the aggregate's row says of how many. One
# repetition of four that sets it makes a standard deviation of 0 and a coefficient of variation of 0 %, as if four
# repetitions had agreed exactly: "repetitions" says 4, "iterations" says 4. A tool that reads a row's spread from its cv
# takes what was seen once for the steadiest of all.
#
# Seen: the counter "in_one", of the second repetition alone, has mean 100, stddev 0 and cv 0; "in_two" has the mean of
# two; "in_all" that of four; each aggregate's row says "repetitions": 4 and "iterations": 4. Fails where that has
# changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check google_benchmark==1.9.5
cat >"$folder/counters.py" <<'END'
import google_benchmark

finished = 0


@google_benchmark.register
@google_benchmark.option.iterations(2)
@google_benchmark.option.repetitions(4)
def row(state):
    global finished
    while state:
        pass
    finished += 1
    state.counters["in_all"] = finished
    if finished == 2:
        state.counters["in_one"] = 100.0
    if finished in (2, 4):
        state.counters["in_two"] = 100.0 * finished


google_benchmark.main()
END
"$folder/venv/bin/python" "$folder/counters.py" --benchmark_format=json >"$folder/rows.json" 2>/dev/null
python3 - "$folder/rows.json" <<'END'
import json
import sys

rows = json.load(open(sys.argv[1], encoding="utf-8"))["benchmarks"]
repetitions = [row for row in rows if row["run_type"] == "iteration"]
assert [row.get("in_one") for row in repetitions] == [None, 100.0, None, None], repetitions
aggregates = {row["aggregate_name"]: row for row in rows if row["run_type"] == "aggregate"}
for name, row in aggregates.items():
    print(f"google_benchmark 1.9.5, {name}: in_one {row['in_one']}, in_two {row['in_two']}, in_all {row['in_all']}; "
          f"of {row['repetitions']} repetitions and {row['iterations']} iterations, it says")
assert aggregates["mean"]["in_two"] == 300 and aggregates["mean"]["in_all"] == 2.5, aggregates["mean"]
if aggregates["stddev"]["in_one"] != 0 or aggregates["cv"]["in_one"] != 0:
    sys.exit("what one repetition has is no longer said to vary by 0: this finding no longer holds")
if any((row["repetitions"], row["iterations"]) != (4, 4) for row in aggregates.values()):
    sys.exit("an aggregate says of how many values it is: this finding no longer holds")
END
