"""Runs of the program that take turns, a repetition each, as the processes of a comparison do. Not run by itself."""
import json
import os
import pathlib
import signal
import socket
import struct
import tempfile

from comparisons import ROOT

INHERITED = 3  # the descriptor by which a process takes turns (harness/system/subprocess.h)


class Taker:
    def __init__(self, words, out, cpu=None):
        self.out, (self.giver, taker) = out, socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [str(ROOT / "build/harness"), *words, "--turns", f"--parent={os.getpid()}", f"--out={out}",
                   "--format=csv", "--no-pictures"]
        null = os.open(os.devnull, os.O_WRONLY)
        if cpu is not None:
            command = ["taskset", "--cpu-list", str(cpu), *command]
        self.process = os.posix_spawnp(command[0], command, os.environ, file_actions=[
            (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, taker.fileno(), INHERITED)])
        os.close(null)
        taker.close()
        self.place, self.ended = None, False
        self.wait()

    def wait(self):
        """Until it asks for its next turn, or has ended."""
        message = self.giver.recv(8)
        self.place = struct.unpack("II", message) if message else None
        self.ended = not message

    def go(self):
        self.giver.send(b"\1")

    def rows(self):
        """The times of its repetitions in nanoseconds, by the names of its rows; of one that failed, none."""
        status = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        if status not in (0, 1):
            raise SystemExit(f"a run ended with status {status}")
        rows = {}
        for row in json.loads((self.out / "result.json").read_text())["benchmarks"]:
            if row["run_type"] == "iteration" and "error_message" not in row:
                unit = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[row["time_unit"]]
                rows.setdefault(row["run_name"], []).append(row["real_time"] * unit)
        return rows


def one_cpu_a_core():
    cores = {}
    for cpu in sorted(os.sched_getaffinity(0)):
        siblings = pathlib.Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
        cores.setdefault(siblings, cpu)
    return list(cores.values())


def run_in_turns(teams):
    """Of each team the rows of each of its commands, an ordinary run's flags. The commands of a team have their turns at
    the same time, each on a core of its own. All have as many rows, and as many repetitions."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    with tempfile.TemporaryDirectory() as folder:
        teams = [[Taker(words, pathlib.Path(folder) / f"{team}-{member}", cpu)
                  for member, (words, cpu) in enumerate(zip(commands, one_cpu_a_core() if commands[1:] else [None]))]
                 for team, commands in enumerate(teams)]
        while open_ := [team for team in teams if not team[0].ended]:
            place = min(team[0].place for team in open_)
            turn = [team for team in open_ if team[0].place == place]
            members = turn[-(place[1] % 2)]
            for taker in members:
                taker.go()
            for taker in members:
                taker.wait()
        return [[taker.rows() for taker in team] for team in teams]
