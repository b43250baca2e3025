#!/usr/bin/env python3
"""Programs that trace_cost.py runs with a trace and without: each does a fixed amount of work for about a second.

    python harness/benchmarks/traced_programs.py NAME [WORK]

WORK is how much of it (default 1). The last line of standard output has the seconds that the work took, as the
program itself has measured them: without its start, its end and the import of what it needs.
"""
import asyncio
import collections
import importlib
import json
import math
import os
import pickle
import queue
import random
import re
import sys
import threading
import time

THREADS = 4


def bodies(work):
    """Five bodies attract each other: floats in lists, in plain loops."""
    places = [[math.cos(i) * (i + 1), math.sin(i) * (i + 1), i / 3] for i in range(5)]
    speeds = [[-y / 9, x / 9, 0.0] for x, y, _ in places]
    masses = [4.0, 0.1, 0.2, 0.05, 0.02]
    pairs = [(i, j) for i in range(5) for j in range(i)]
    for _ in range(int(40_000 * work)):
        for i, j in pairs:
            apart = [a - b for a, b in zip(places[i], places[j])]
            pull = 0.001 / (apart[0] * apart[0] + apart[1] * apart[1] + apart[2] * apart[2] + 0.01) ** 1.5
            for axis in range(3):
                speeds[i][axis] -= apart[axis] * masses[j] * pull
                speeds[j][axis] += apart[axis] * masses[i] * pull
        for place, speed in zip(places, speeds):
            for axis in range(3):
                place[axis] += 0.001 * speed[axis]


def json_texts(work):
    """It writes and reads one document over and over."""
    document = {f"key {i}": {"number": i, "ratio": i / 7, "words": ["one", "two", str(i)], "none": None, "yes": True}
                for i in range(300)}
    for _ in range(int(600 * work)):
        if json.loads(json.dumps(document)) != document:
            raise SystemExit("json has changed the document")


def regular_expressions(work):
    """It searches lines of a log, and replaces in them."""
    order = random.Random(1)
    lines = [f"2024-05-{i % 28 + 1:02} host{order.randrange(9)} GET /item/{order.randrange(10**6)}?q={i} {i % 5}00"
             for i in range(1000)]
    line = re.compile(r"(?P<day>\d{4}-\d\d-\d\d) (?P<host>\w+) (GET|POST) (?P<path>\S+) (?P<status>\d+)")
    digits = re.compile(r"\d+")
    for _ in range(int(220 * work)):
        for text in lines:
            if not line.match(text):
                raise SystemExit(f"no match: {text}")
            digits.sub("#", text)


class Account:
    """An object among others that call each other's methods."""

    def __init__(self, number):
        self.number, self.balance, self.listeners = number, 100, []

    def pay(self, other, amount):
        if self.balance >= amount:
            self.balance -= amount
            other.receive(self, amount)

    def receive(self, other, amount):
        self.balance += amount
        for listener in self.listeners:
            listener.note(other, amount)


class Ledger:
    """The objects that an account tells."""

    def __init__(self):
        self.total, self.count = 0, collections.Counter()

    def note(self, account, amount):
        self.total += amount
        self.count[account.number] += 1


def objects(work):
    """Objects call each other's methods and change attributes."""
    order = random.Random(1)
    accounts, ledgers = [Account(i) for i in range(50)], [Ledger() for _ in range(3)]
    for account in accounts:
        account.listeners = order.sample(ledgers, 2)
    moves = [(order.choice(accounts), order.choice(accounts), order.randrange(40)) for _ in range(10_000)]
    for _ in range(int(130 * work)):
        for payer, payee, amount in moves:
            payer.pay(payee, amount)


def pickling(work):
    """It pickles and reads back dicts and objects."""
    things = [collections.OrderedDict(name=f"thing {i}", place=(i, i / 3), parts=list(range(i % 20)))
              for i in range(1000)]
    for _ in range(int(220 * work)):
        if pickle.loads(pickle.dumps(things)) != things:
            raise SystemExit("pickle has changed the things")


def floats(work):
    """The power method on a matrix that functions compute: calls of small functions, and floats."""
    def entry(i, j):
        return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1)

    size = 120
    vector = [1.0] * size
    for _ in range(int(250 * work)):
        vector = [sum(entry(i, j) * vector[j] for j in range(size)) for i in range(size)]
        length = math.sqrt(sum(value * value for value in vector))
        vector = [value / length for value in vector]


def generators(work):
    """Generators that draw from generators: the walk of a tree, again and again."""
    def tree(depth):
        return (tree(depth - 1), depth, tree(depth - 1)) if depth else None

    def walk(node):
        if node:
            yield from walk(node[0])
            yield node[1]
            yield from walk(node[2])

    top = tree(12)
    for _ in range(int(500 * work)):
        if sum(1 for _ in walk(top)) != 4095:
            raise SystemExit("the walk has missed a node")


MODULES = ("argparse", "ast", "calendar", "configparser", "csv", "dataclasses", "difflib", "dis", "doctest",
           "email.message", "fractions", "ftplib", "gettext", "html.parser", "http.client", "inspect", "ipaddress",
           "logging.config", "mailbox", "optparse", "pdb", "plistlib", "pprint", "pydoc", "shlex", "smtplib",
           "statistics", "tarfile", "textwrap", "tokenize", "trace", "unittest", "urllib.request", "wave",
           "xml.dom.minidom", "xml.etree.ElementTree", "zipfile")


def imports(work):
    """It imports modules of the standard library anew, as the start of a large program does."""
    known = set(sys.modules)
    for _ in range(max(1, int(8 * work))):
        for name in MODULES:
            importlib.import_module(name)
        for name in set(sys.modules) - known:
            del sys.modules[name]


def run_threads(function):
    threads = [threading.Thread(target=function, args=(i,)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def computing_threads(work):
    """Four threads compute, and hand over the GIL whenever the switch interval has passed."""
    def compute(_):
        total = 0
        for i in range(int(5_000_000 * work)):
            total += i & 7

    run_threads(compute)


def short_calls(work):
    """Four threads make short system calls, and let go of the GIL for each."""
    def look(_):
        for _ in range(int(100_000 * work)):
            os.stat("/")

    run_threads(look)


def hand_over(turns, steps):
    """Two pairs of threads: each waits for its partner's word, works for some steps, and answers."""
    pairs = [(queue.SimpleQueue(), queue.SimpleQueue()) for _ in range(THREADS // 2)]

    def play(number):
        own, partners = pairs[number // 2][:: 1 if number % 2 else -1]
        if number % 2:
            partners.put(None)
        for _ in range(turns):
            own.get()
            for _ in range(steps):
                pass
            partners.put(None)

    run_threads(play)


def handing_over(work):
    """Four threads hand over the GIL as often as the machine allows, on all of its cores."""
    hand_over(int(20_000 * work), 0)


def handing_over_on_one_core(work):
    """Four threads of one core hand over the GIL about 100,000 times a second."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    hand_over(int(25_000 * work), 400)


def waiting_threads(work):
    """Four threads sleep for a millisecond, as a server's wait for input, and then work for a twentieth of that."""
    def serve(_):
        for _ in range(int(700 * work)):
            time.sleep(0.001)
            for _ in range(1500):
                pass

    run_threads(serve)


def asyncio_tasks(work):
    """Tasks of one event loop pass words through queues, with a timer and a pause among them."""
    async def serve(requests, answers):
        while (word := await requests.get()) is not None:
            await asyncio.sleep(0)
            await answers.put(word + 1)

    async def ask(count):
        requests, answers = asyncio.Queue(), asyncio.Queue()
        server = asyncio.ensure_future(serve(requests, answers))
        for i in range(count):
            await requests.put(i)
            if await asyncio.wait_for(answers.get(), 10) != i + 1:
                raise SystemExit("a word has changed")
        await requests.put(None)
        await server

    async def run():
        await asyncio.gather(*(ask(int(6000 * work)) for _ in range(10)))

    asyncio.run(run())


def contending_threads(work):
    """Four threads store into one dict and take one lock: on a free-threaded build they wait for each other."""
    shared, lock, total = {}, threading.Lock(), 0

    def store(number):
        nonlocal total
        for i in range(int(450_000 * work)):
            shared[i & 255] = number
            with lock:
                total += 1

    run_threads(store)
    if total != THREADS * int(450_000 * work):
        raise SystemExit("the lock has let in two threads")


PROGRAMS = {function.__name__: function for function in (
    bodies, json_texts, regular_expressions, objects, pickling, floats, generators, imports, asyncio_tasks,
    computing_threads, short_calls, handing_over, handing_over_on_one_core, waiting_threads, contending_threads)}


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in PROGRAMS:
        raise SystemExit(f"usage: {sys.argv[0]} NAME [WORK], where NAME is one of {', '.join(PROGRAMS)}")
    work = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    begun_s = time.perf_counter()
    PROGRAMS[sys.argv[1]](work)
    print(f"{time.perf_counter() - begun_s:.6f}")


if __name__ == "__main__":
    main()
