#!/usr/bin/env python3
"""What `harness merge` takes for a comparison of many machines: time, memory, and how much there was to read.

    harness/benchmarks/merge_cost.py [--machines=64] [--pythons=100] [--rows=100] [--repetitions=1] [--times=3]

Runs one short part of a comparison, and makes of its journal and of one of its processes the parts of as many machines,
a round on each, with as many interpreters and rows: the files are as large as those of real processes. Rows differ by
chance and by what is planted: of interpreter i they take i per mille longer. Checks what the merge says of that, and
prints the time and the peak of the memory of each merge.
"""
import argparse
import json
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

from comparisons import ROOT


def template(folder, repetitions):
    """The journal's plan and machine of a real part, and the text of one of its processes' results."""
    part = folder / "template"
    command = [str(ROOT / "build/harness"), "--python=p0=" + sys.executable, "--python=p1=" + sys.executable,
               "--filter=^countdown/python/", "--threads=1", "--countdown-steps=1000", "--min-time=0.001",
               f"--repetitions={repetitions}", "--rounds=2", "--shard=1/2", f"--out={part}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(run.stderr)
    plan = (part / "journal.jsonl").read_text().splitlines()[0]
    process = part / "processes/0001-p0"
    return (json.loads(plan), json.loads((process / "result.json").read_text()),
            json.loads((process / "rows.json").read_text()))


def write_part(folder, number, options, plan, result, kept, chance):
    part = folder / f"part-{number}"
    plan = dict(plan, pythons=[dict(plan["pythons"][0], label=f"p{i}", text=f"p{i}=3") for i in
                               range(options.pythons)],
                shard={"part": number, "parts": options.machines, "rounds": options.machines})
    name = f"node{number}"
    lines = [plan, {"machine": {"name": name, "id": name, "boot": name}}]
    row_text = [json.dumps(row, indent=6) for row in result["benchmarks"]]
    context = json.dumps(result["context"], indent=2)
    for python in range(options.pythons):
        process = part / f"processes/{number:04}-p{python}"
        process.mkdir(parents=True)
        rows, kept_rows = [], []
        for row in range(options.rows):
            factor = (1 + python / 1000) * chance.lognormvariate(0, 0.001)
            kept_rows.append([f"work{row}/python/threads:1", "", kept["rows"][0][2], [factor * 1e-3],
                              *kept["rows"][0][4:]])
            for text, entry in zip(row_text, result["benchmarks"]):
                rows.append(text.replace("countdown/python", f"work{row}/python")
                            .replace(f'"real_time": {json.dumps(entry["real_time"])}', f'"real_time": {factor!r}'))
        (process / "result.json").write_text(f'{{"context": {context},\n"benchmarks": [{",".join(rows)}]}}')
        (process / "rows.json").write_text(json.dumps(dict(kept, rows=kept_rows), separators=(",", ":")) + "\n")
        lines.append({"round": number, "python": python, "folder": f"processes/{process.name}", "failure": "",
                      "wall_s": 1})
    (part / "journal.jsonl").write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))


def check(comparison, options):
    """Every round of every cell once, and no interpreter's effect farther from what was planted than by chance."""
    cells = [cell for row in comparison["rows"] for cell in row["cells"]]
    assert len(cells) == options.pythons * options.rows, len(cells)
    for cell in cells:
        assert len(cell["times_s"]) == options.machines, cell
        if "ratio" in cell:
            assert cell["machines"] == options.machines and cell["compared"] == options.machines, cell
            assert abs(cell["ratio"] / (1 + int(cell["label"][1:]) / 1000) - 1) < 0.002, cell
    return len(cells)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--machines", type=int, default=64)
    parser.add_argument("--pythons", type=int, default=100)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--repetitions", type=int, default=1)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        plan, result, kept = template(folder, options.repetitions)
        chance = random.Random(1)
        for number in range(1, options.machines + 1):
            write_part(folder, number, options, plan, result, kept, chance)
        parts = [str(folder / f"part-{number}") for number in range(1, options.machines + 1)]
        size = {name: sum(file.stat().st_size for part in parts for file in pathlib.Path(part).rglob(name))
                for name in ("result.json", "rows.json")}
        print(f"{options.machines} parts, {options.machines * options.pythons} processes, of which "
              f"{size['result.json'] / 1e6:.0f} MB of results and {size['rows.json'] / 1e6:.0f} MB of kept rows")
        for _ in range(options.times):
            out = folder / "merged"
            shutil.rmtree(out, ignore_errors=True)
            start = time.monotonic()
            run = subprocess.run([str(ROOT / "build/harness"), "merge", *parts, f"--out={out}"], capture_output=True,
                                 text=True, check=False)
            seconds = time.monotonic() - start
            if run.returncode != 0:
                sys.exit(run.stderr)
            cells = check(json.loads((out / "comparison.json").read_text()), options)
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"{cells} cells merged in {seconds:.1f} s, {peak:.0f} MiB at the most", flush=True)


if __name__ == "__main__":
    main()
