"""What threads can share, one function each: does a second thread double the work, or does it wait?

    ./harness --python=3.14t --workload=../scripts/contention.py

Every thread does the whole job. What a function shares with the others is in its name and made once, at import; what it
changes it changes back or replaces, so that each call returns the same. `nothing` shares nothing: it is what this
machine gives two threads at best.
"""
import functools
import importlib
import json
import logging
import queue
import random
import re
import threading

ROUNDS = 20_000
# How often a call does what its name says.
ITEMS = {"import_module": ROUNDS // 10, "logging_handled": ROUNDS // 10, "re": ROUNDS // 10, "json": ROUNDS // 100}

numbers = list(range(1000))
counts = dict.fromkeys(range(1000), 1)
members = set(range(1000))
total = 1
lock = threading.Lock()
waiting = queue.SimpleQueue()
digits = re.compile(r"(\d+)-(\d+)")
text = json.dumps({"name": "harness", "values": list(range(20))})
shared_random = random.Random(1)
silent = logging.getLogger("contention")
silent.setLevel(logging.WARNING)
silent.propagate = False
handled = logging.getLogger("contention.handled")
handled.addHandler(logging.NullHandler())


class Point:
    """Whose instances have a dict, as most classes' have."""
    scale = 3

    def __init__(self, x):
        self.x = x

    def scaled(self):
        return self.x * self.scale


class Slotted:
    __slots__ = ("x",)

    def __init__(self, x):
        self.x = x


point = Point(7)


def make_counter():
    step = 1

    def count(value):
        return value + step
    return count


count_by_closure = make_counter()


@functools.lru_cache(maxsize=128)
def cached(number):
    return number * number


@functools.cache
def cached_for_ever(number):
    return number * number


def bench_nothing():
    found = 0
    for i in range(ROUNDS):
        found += i & 7
    return found


def bench_list_read():
    found = 0
    for i in range(ROUNDS):
        found += numbers[i % 1000]
    return found


def bench_list_write():
    for i in range(ROUNDS):
        numbers[i % 1000] = i % 1000
    return len(numbers)


def bench_dict_read():
    found = 0
    for i in range(ROUNDS):
        found += counts[i % 1000]
    return found


def bench_dict_write():
    for i in range(ROUNDS):
        counts[i % 1000] = 1
    return len(counts)


def bench_set_contains():
    found = 0
    for i in range(ROUNDS):
        found += i % 2000 in members
    return found


def bench_attribute_read():
    found = 0
    for _ in range(ROUNDS):
        found += point.x
    return found


def bench_attribute_write():
    for _ in range(ROUNDS):
        point.x = 7
    return point.x


def bench_method():
    found = 0
    for _ in range(ROUNDS):
        found += point.scaled()
    return found


def bench_global_read():
    found = 0
    for _ in range(ROUNDS):
        found += total
    return found


def bench_global_write():
    global total
    for _ in range(ROUNDS):
        total = 1
    return total


def bench_closure():
    value = 0
    for _ in range(ROUNDS):
        value = count_by_closure(value)
    return value


def bench_constant():
    found = 0.0
    for _ in range(ROUNDS):
        found += 12345.678
    return round(found)


def bench_generator():
    return sum(i & 7 for i in range(ROUNDS))


def bench_lock():
    found = 0
    for _ in range(ROUNDS):
        with lock:
            found += 1
    return found


def bench_queue():
    found = 0
    for _ in range(ROUNDS):
        waiting.put(1)
        found += waiting.get()
    return found


def bench_type_attribute():
    found = 0
    for _ in range(ROUNDS):
        found += Point.scale
    return found


def bench_instance():
    found = 0
    for i in range(ROUNDS):
        found += Point(i & 7).x
    return found


def bench_instance_with_slots():
    found = 0
    for i in range(ROUNDS):
        found += Slotted(i & 7).x
    return found


def bench_import():
    found = 0
    for _ in range(ROUNDS):
        import math
        found += math.floor(1.5)
    return found


def bench_import_module():
    found = 0
    for _ in range(ROUNDS // 10):
        found += importlib.import_module("math").floor(1.5)
    return found


def bench_exception():
    found = 0
    for _ in range(ROUNDS):
        try:
            raise ValueError
        except ValueError:
            found += 1
    return found


def bench_logging_below_level():
    for _ in range(ROUNDS):
        silent.debug("nobody sees this")
    return silent.level


def bench_logging_handled():
    for _ in range(ROUNDS // 10):
        handled.warning("the handler drops %s", "this")
    return len(handled.handlers)


def bench_re():
    found = 0
    for _ in range(ROUNDS // 10):
        found += len(digits.sub(r"\2-\1", "12-34 56-78"))
    return found


def bench_json():
    found = 0
    for _ in range(ROUNDS // 100):
        found += len(json.dumps(json.loads(text)))
    return found


def bench_random_shared():
    found = 0
    for _ in range(ROUNDS):
        found += shared_random.random() < 2
    return found


def bench_random_own():
    own = random.Random(1)
    found = 0
    for _ in range(ROUNDS):
        found += own.random() < 2
    return found


def bench_lru_cache():
    found = 0
    for i in range(ROUNDS):
        found += cached(i % 100)
    return found


def bench_cache():
    found = 0
    for i in range(ROUNDS):
        found += cached_for_ever(i % 100)
    return found


for name in [name for name in globals() if name.startswith("bench_")]:
    ITEMS.setdefault(name[len("bench_"):], ROUNDS)
