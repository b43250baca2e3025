#!/usr/bin/env python3
"""The figures of a study's findings: ratios of rows that ran in the same rounds, each with its interval.

    harness/benchmarks/study_findings.py STUDY

STUDY is a folder of results/study.sh with the parts workloads, contention and start, whose labels are those of
results/study-3.9-to-3.15/README.md. The intervals of one section hold together with 95 % (Student's t on the logarithms
of the rounds' own ratios, with Bonferroni's correction). It needs SciPy.
"""
import argparse
import math
import pathlib
import statistics

from scipy.stats import t as student

from ways_table import WORKLOADS, duration, ns_an_item, read, starts_of

OWN_GIL = ["3.12", "3.13", "3.14-jit-off", "3.15-jit-off"]
FREE = {"3.13t": "3.13", "3.14t": "3.14-jit-off", "3.15t": "3.15-jit-off"}
ONE, TWO = "python/threads:1", "python_threads/threads:2"


class Rows:
    """Those of one comparison."""

    def __init__(self, path):
        self.rows = {row["name"]: row for row in read(path)["rows"]}
        self.labels = [cell["label"] for cell in next(iter(self.rows.values()))["cells"]]

    def logs(self, name, label):
        """The logarithm of the time an item in each round; none where the row did not run in all."""
        return [math.log(time) for time in ns_an_item(self.rows[name], label)] if name in self.rows else []

    def over(self, name, label, other, other_label=None):
        """Of each round the logarithm of the row's time over the other's."""
        ours, theirs = self.logs(name, label), self.logs(other, other_label or label)
        return [a - b for a, b in zip(ours, theirs)] if ours and len(ours) == len(theirs) else []


def mean_of(families):
    """Several rows' logarithms, a round each."""
    return [statistics.fmean(values) for values in zip(*families)]


def said(logs, of):
    """The ratio [its interval], one of as many as the section has."""
    if len(logs) < 2:
        return "–"
    mean = statistics.fmean(logs)
    half = student.ppf(1 - 0.025 / of, len(logs) - 1) * statistics.stdev(logs) / math.sqrt(len(logs))
    return f"{math.exp(mean):.2f} [{math.exp(mean - half):.2f}, {math.exp(mean + half):.2f}]"


def section(title, ratios):
    """`ratios`: what each is called, and its logarithms a round."""
    print(f"\n## {title}\n")
    known = {name: logs for name, logs in ratios.items() if logs}
    for name, logs in known.items():
        print(f"- {name}: {said(logs, len(known))}")


def gain(rows, workload, way, label):
    return rows.over(f"{workload}/{ONE}", label, f"{workload}/{way}")


def of_workloads(rows):
    labels = rows.labels
    ones = {(workload, label): rows.over(f"{workload}/{ONE}", label, f"{workload}/{ONE}", "3.9")
            for workload in WORKLOADS for label in labels if label != "3.9"}
    twos = {(workload, label): gain(rows, workload, TWO, label) for workload in WORKLOADS for label in labels}
    print("| | " + " | ".join(f"{workload}, over 3.9" for workload in WORKLOADS) + " | " +
          " | ".join(f"two threads' gain: {workload}" for workload in WORKLOADS) + " |")
    print("|" + " --- |" * (1 + 2 * len(WORKLOADS)))
    for label in labels[1:]:
        cells = [said(ones[workload, label], len(ones)) for workload in WORKLOADS]
        cells += [said(twos[workload, label], len(twos)) for workload in WORKLOADS]
        print(f"| {label} | " + " | ".join(cells) + " |")
    section("The JIT on, over off", {
        f"{version} {workload}": rows.over(f"{workload}/{ONE}", f"{version}-jit-on", f"{workload}/{ONE}",
                                           f"{version}-jit-off")
        for version in ("3.14", "3.15") for workload in WORKLOADS})
    section("Where the JIT is, on countdown", {
        "subinterpreters of 3.15 gain, off": gain(rows, "countdown", "subinterpreters/threads:2", "3.15-jit-off"),
        "on": gain(rows, "countdown", "subinterpreters/threads:2", "3.15-jit-on"),
        "their time, on over off": rows.over("countdown/subinterpreters/threads:2", "3.15-jit-on",
                                             "countdown/subinterpreters/threads:2", "3.15-jit-off"),
        "fork gains, on": gain(rows, "countdown", "processes/threads:2/start:fork", "3.15-jit-on")})
    section("One thread without a GIL, over one with", {
        f"{free} {workload}": rows.over(f"{workload}/{ONE}", free, f"{workload}/{ONE}", gil)
        for free, gil in FREE.items() for workload in WORKLOADS})
    ways = [TWO, "subinterpreters/threads:2", "processes/threads:2/start:fork", "processes/threads:2/start:forkserver",
            "processes/threads:2/start:spawn"]
    section("Gains, means over 3.12 to 3.15 with a GIL and no JIT", {
        f"{way} {workload}": mean_of([gain(rows, workload, way, label) for label in OWN_GIL])
        for way in ways for workload in WORKLOADS})
    section("Gains of OpenMP over one native thread, means over all interpreters", {
        workload: mean_of([rows.over(f"{workload}/native/threads:1", label, f"{workload}/openmp/threads:2")
                           for label in labels]) for workload in WORKLOADS})
    section("Two threads of a kernel that keeps the GIL, over 3.9", {
        f"{label} {workload}": rows.over(f"{workload}/native_gil_held/threads:2", label,
                                         f"{workload}/native_gil_held/threads:2", "3.9")
        for label in FREE for workload in WORKLOADS})


def of_contention(rows):
    names = sorted({name.split("/")[0] for name in rows.rows})
    for newer, older in (("3.15t", "3.13t"), ("3.15t", "3.14t")):
        section(f"Two threads that share, {newer} over {older}", {
            name: rows.over(f"{name}/{TWO}", newer, f"{name}/{TWO}", older) for name in names})
    for label in FREE:
        section(f"Gains of two threads that share, {label}", {name: gain(rows, name, TWO, label) for name in names})
    section("Two threads that share, gains with a GIL, 3.9", {name: gain(rows, name, TWO, "3.9") for name in names})
    for label in ("3.12", "3.15-jit-off", "3.15-jit-on"):
        section(f"One thread, {label} over 3.9", {
            name: rows.over(f"{name}/{ONE}", label, f"{name}/{ONE}", "3.9") for name in names})


def of_starts(study, labels):
    print("\n## To enter, on two workers: until the first result, median [99th percentile]; pays from [interval]\n")
    for label in labels:
        rows = {row["name"]: row for row in read(study / label / "start/result.json")["benchmarks"]
                if "error_message" not in row}
        for way, counters in starts_of(rows).items():
            starts = [duration(counters.get(f"start_{rank}_ns", math.nan)) for rank in ("p50", "p99")]
            pays = [duration(counters[key]) if key in counters else ""
                    for key in ("break_even_ns", "break_even_low_ns", "break_even_high_ns")]
            print(f"- {label}, {way}: {starts[0]} [{starts[1]}]; " +
                  (f"{pays[0]} [{pays[1]}, {pays[2]}]" if pays[0] else "does not pay"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=pathlib.Path)
    study = parser.parse_args().study
    rows = Rows(study / "workloads/comparison.json")
    of_workloads(rows)
    of_contention(Rows(study / "contention/comparison.json"))
    of_starts(study, rows.labels)


if __name__ == "__main__":
    main()
