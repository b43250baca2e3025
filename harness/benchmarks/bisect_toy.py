#!/usr/bin/env python3
"""Bisections of a toy history: how often harness bisect-run finds the commit that a slowdown was planted in.

    harness/benchmarks/bisect_toy.py [--python=SPEC] [--slowdown=PERCENT] [--bisections=20] [--commits=16]
                                     [--rounds=10] [--budget=SECONDS] [--confidence=PERCENT]

Makes a git history in a temporary folder, each commit of which changes something that does not matter for speed, and
one, chosen by chance, makes a function take that many percent more steps. Has `git bisect run` look for it, with half
of that for the limit: as far from the good commits as from the bad ones. Prints what each bisection came to, what each
step that went wrong or was skipped said, and in how many the commit was found.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

from comparisons import ROOT

WORK = '''"""Note {note} of the toy's."""


def run(begin, end):
    """A little of everything, so that no one accident of a process's memory decides its time."""
    words, total = {{}}, 0
    for i in range(begin, end + round((end - begin) * {percent} / 100)):
        key = f"word {{i & 63}}"
        words[key] = words.get(key, 0) + i
        total += len(key.split()) + i * 3 % 7
        if i & 15 == 0:
            total += sum(sorted(words.values())) & 255
    return total


def not_called():
    return {note}
'''
BENCHMARK = "from work import run\n\nITEMS = {steps}\n"
BUILD = "mkdir -p built && cp work.py built/ && echo built\n"
STEP = re.compile(r"^([0-9a-f]+) is (good|bad|skipped): (.*)", re.MULTILINE)
FIRST_BAD = re.compile(r"^([0-9a-f]{40}) is the first bad commit", re.MULTILINE)


@dataclasses.dataclass
class Bisection:
    planted: int
    found: int | None  # the number of the commit; None where git bisect named none
    steps: list  # (number of the commit, finding, sentence) each
    seconds: float
    ratios: list  # of each step's comparison, with the commit's number

    def wrong(self):
        """The steps that said of a commit what it is not."""
        return [step for step in self.steps if step[1] not in ("skipped", "bad" if step[0] >= self.planted else "good")]


def git(folder, *words):
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "toy", f"GIT_{role}_EMAIL": "toy@example.org"}
    run = subprocess.run(["git", *words], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True)
    return run.stdout + run.stderr if words[0] == "bisect" else checked(run, words)


def checked(run, words):
    if run.returncode != 0:
        sys.exit(f"{' '.join(words)}\nended with status {run.returncode}:\n{run.stderr}")
    return run.stdout


def make_history(folder, arguments, planted, chance):
    """The commits' names: first the good one that the slowdown comes after, by as many commits as `planted` says."""
    (folder / "benchmarks").mkdir(parents=True)
    (folder / "benchmarks/bench.py").write_text(BENCHMARK.format(steps=arguments.steps))
    (folder / "build.sh").write_text(BUILD)
    (folder / ".gitignore").write_text("/built/\n")
    git(folder, "init", "--quiet")
    commits = []
    note = 0
    for number in range(arguments.commits + 1):
        if number == 0 or number == planted or chance.random() < 0.5:
            note += 1
            percent = arguments.slowdown if number >= planted else 0
            (folder / "work.py").write_text(WORK.format(note=note, percent=percent))
        (folder / "README").write_text(f"as of commit {number}\n")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", f"commit {number}")
        commits.append(git(folder, "rev-parse", "HEAD").strip())
    return commits


def bisect(arguments, number):
    chance = random.Random(arguments.seed + number)
    planted = chance.randint(1, arguments.commits)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        repository, good, out = folder / "repository", folder / "good", folder / "steps"
        commits = make_history(repository, arguments, planted, chance)
        git(repository, "worktree", "add", "--quiet", str(good), commits[0])
        checked(subprocess.run(["sh", "build.sh"], cwd=good, capture_output=True, text=True), ["build.sh"])
        git(repository, "bisect", "start", commits[-1], commits[0], "--")
        start = time.monotonic()
        text = git(repository, "bisect", "run", str(arguments.harness), "bisect-run",
                   f"--python=good={arguments.python},PYTHONPATH={good}/built",
                   f"--python=new={arguments.python},PYTHONPATH=built", "--workload=benchmarks/bench.py",
                   "--filter=^bench/python/", "--threads=1", f"--repetitions={arguments.repetitions}",
                   "--min-time=0.0001", "--no-gil-trace", "--no-lock-trace", f"--rounds={arguments.rounds}",
                   f"--budget={arguments.budget}", f"--confidence={arguments.confidence}%",
                   f"--bad-if=slower:{arguments.slowdown / 2:g}%", f"--out={out}", "--", "sh", "build.sh")
        seconds = time.monotonic() - start

        def number_of(name):
            return next(i for i, commit in enumerate(commits) if commit.startswith(name))

        ratios = []
        for file in sorted(out.glob("*/comparison.json")):
            cell = json.loads(file.read_text())["rows"][0]["cells"][1]
            if "ratio" in cell:
                ratios.append((number_of(file.parent.name.split("-")[2]), cell["ratio"]))
        found = FIRST_BAD.search(text)
        steps = [(number_of(name), finding, sentence) for name, finding, sentence in STEP.findall(text)]
        if not steps:
            sys.exit(f"no step said anything:\n{text}")
        return Bisection(planted, number_of(found[1]) if found else None, steps, seconds, ratios)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default="3.11")
    parser.add_argument("--harness", type=pathlib.Path, default=ROOT / "build/harness")
    parser.add_argument("--slowdown", type=float, default=5, metavar="PERCENT")
    parser.add_argument("--bisections", type=int, default=20)
    parser.add_argument("--commits", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--budget", type=float, default=60, metavar="SECONDS")
    parser.add_argument("--confidence", type=float, default=97.5, metavar="PERCENT")
    parser.add_argument("--repetitions", type=int, default=100)
    parser.add_argument("--steps", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    bisections = []
    for number in range(1, arguments.bisections + 1):
        done = bisect(arguments, number)
        bisections.append(done)
        skipped = sum(finding == "skipped" for _, finding, _ in done.steps)
        print(f"bisection {number}: planted in commit {done.planted}, found {done.found or 'none'}; {len(done.steps)} "
              f"steps, {skipped} skipped, {done.seconds:.0f} s", flush=True)
        for commit, finding, sentence in done.steps:
            if finding == "skipped" or (commit, finding, sentence) in done.wrong():
                print(f"    commit {commit}, {finding}: {sentence}", flush=True)
    steps = [step for done in bisections for step in done.steps]
    seconds = [done.seconds for done in bisections]
    slower = [ratio for done in bisections for commit, ratio in done.ratios if commit >= done.planted]
    print(f"{arguments.slowdown:g} % slower: found in {sum(done.found == done.planted for done in bisections)} of "
          f"{len(bisections)} bisections of {arguments.commits} commits; {len(steps)} steps, "
          f"{sum(finding == 'skipped' for _, finding, _ in steps)} skipped, "
          f"{sum(len(done.wrong()) for done in bisections)} wrong; a bisection {statistics.median(seconds):.0f} s "
          f"(median; {min(seconds):.0f} to {max(seconds):.0f}); the planted one's ratio "
          + (f"{statistics.median(slower):.4f} (median of {len(slower)} steps)" if slower else "was not measured"))


if __name__ == "__main__":
    main()
