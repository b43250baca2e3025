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
    def __init__(self, words, out):
        self.out, (self.giver, taker) = out, socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [str(ROOT / "build/harness"), *words, "--turns", f"--parent={os.getpid()}", f"--out={out}",
                   "--format=csv", "--no-pictures"]
        null = os.open(os.devnull, os.O_WRONLY)
        self.process = os.posix_spawn(command[0], command, os.environ, file_actions=[
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
        self.wait()

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


def run_in_turns(commands):
    """The rows of each command, an ordinary run's flags; they have as many rows each, and as many repetitions."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    with tempfile.TemporaryDirectory() as folder:
        takers = [Taker(words, pathlib.Path(folder) / str(number)) for number, words in enumerate(commands)]
        while open_ := [taker for taker in takers if not taker.ended]:
            place = min(taker.place for taker in open_)
            turn = [taker for taker in open_ if taker.place == place]
            turn[-(place[1] % 2)].go()
        return [taker.rows() for taker in takers]
