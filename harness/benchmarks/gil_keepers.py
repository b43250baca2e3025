#!/usr/bin/env python3
"""Which functions of real modules keep the GIL, for how long, and on which interpreters: a table from `harness trace`.

    harness/benchmarks/gil_keepers.py [--python=SPEC ...] [--filter=REGEX] [--calls=N] [--out=FILE]

Each function is called in a process of its own under `harness trace`. The program makes the input larger until one
call by itself takes --call-seconds. Then one thread, which has nothing else to do, calls the function several times,
while the main thread runs a loop of Python and so asks for the GIL after each switch interval of a millisecond.

A cell has the longest hold of the thread that calls, which the report has for each thread; the program tells that
thread's number, since threads have names only in 3.14 and later. The function kept the GIL if that hold is long, which
is --limit and a tenth of what a call takes by itself, or more, and if the report has long holds by functions other than
the loop, of that length at most, for half of the calls or more and for half of the limit a call, even without the
longest. The native function that kept it for the most time is named. It keeps the GIL "in part" where a call by itself
takes over twice as long. Otherwise it lets go. A hold that was long but once is said, if it is there in each of --tries
runs. On a free-threaded interpreter nobody keeps a GIL; a cell has the longest stop of the world where that reaches the
limit. A cell is empty where the interpreter lacks the module. In a call that goes back to Python code, the garbage
collector may be what keeps the GIL: from 3.12 on, `_Py_HandlePending` runs it. It writes Markdown.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from contention_table import ROOT, write_table

SWITCH_S = 0.001
LONGEST_RUN_S = 180

# What is called: modules, what is made ready for the size n, the call. One line each, or several by semicolons.
FUNCTIONS = {
    "re.search": ("re", "text = 'ab ' * n", "re.search('x[0-9]+y', text)"),
    "re.findall": ("re", "text = 'ab1 ' * n", "re.findall('[0-9]', text)"),
    "re.sub": ("re", "text = 'ab1 ' * n", "re.sub('[0-9]', '#', text)"),
    "str.replace": ("", "text = 'ab1 ' * n", "text.replace('b1', 'c')"),
    "str.split": ("", "text = 'ab1 ' * n", "text.split()"),
    "str.encode": ("", "text = 'a\\u00e4' * n", "text.encode()"),
    "str.join": ("", "words = ['word'] * n", "'-'.join(words)"),
    "bytes.join": ("", "words = [b'word'] * n", "b'-'.join(words)"),
    "bytes.translate": ("", "data = bytes(n); table = bytes(range(256))", "data.translate(table)"),
    "json.dumps": ("json", "data = [{'key': i, 'text': str(i)} for i in range(n)]", "json.dumps(data)"),
    "json.loads": ("json", "text = json.dumps([{'key': i, 'text': str(i)} for i in range(n)])", "json.loads(text)"),
    "pickle.dumps": ("pickle", "data = [(i, str(i)) for i in range(n)]", "pickle.dumps(data)"),
    "pickle.loads": ("pickle", "text = pickle.dumps([(i, str(i)) for i in range(n)])", "pickle.loads(text)"),
    "marshal.loads": ("marshal", "text = marshal.dumps([(i, str(i)) for i in range(n)])", "marshal.loads(text)"),
    "list(csv.reader)": ("csv", "lines = ['one,2,\"three\"'] * n", "list(csv.reader(lines))"),
    "copy.deepcopy": ("copy", "data = [[i] for i in range(n)]", "copy.deepcopy(data)"),
    "xml.etree.ElementTree.fromstring": ("xml.etree.ElementTree", "text = '<a>' + '<b c=\"d\">e</b>' * n + '</a>'",
                                         "xml.etree.ElementTree.fromstring(text)"),
    "compile": ("", "text = 'x = y + 1\\n' * n", "compile(text, 'text', 'exec')"),
    "gc.collect": ("gc", "kept = [[i] for i in range(n)]", "gc.collect()"),
    "sorted": ("random", "data = [random.random() for _ in range(n)]", "sorted(data)"),
    "sorted with a key in Python": ("random", "data = [random.random() for _ in range(n)]",
                                    "sorted(data, key=lambda value: -value)"),
    "list.index": ("", "data = list(range(n))", "data.index(n - 1)"),
    "dict.copy": ("", "data = dict.fromkeys(range(n)); del data[0]", "data.copy()"),
    "set of a list": ("", "data = list(range(n))", "set(data)"),
    "sum(range())": ("", "", "sum(range(n))"),
    "a sum of a generator": ("", "", "sum(i for i in range(n))"),
    "int * int": ("", "one, other = 3 ** n, 7 ** n", "one * other"),
    "str(int)": ("", "getattr(sys, 'set_int_max_str_digits', abs)(0); number = 3 ** n", "str(number)"),
    "int(str)": ("", "getattr(sys, 'set_int_max_str_digits', abs)(0); digits = '7' * n", "int(digits)"),
    "math.factorial": ("math", "", "math.factorial(n)"),
    "struct.unpack": ("struct", "data, form = bytes(4 * n), f'<{n}i'", "struct.unpack(form, data)"),
    "array.array of a list": ("array", "data = list(range(n))", "array.array('q', data)"),
    "base64.b64encode": ("base64", "data = bytes(n)", "base64.b64encode(data)"),
    "zlib.crc32": ("zlib", "data = bytes(n)", "zlib.crc32(data)"),
    "zlib.compress": ("zlib", "data = str(list(range(n))).encode()", "zlib.compress(data)"),
    "zlib.decompress": ("zlib", "data = zlib.compress(str(list(range(n))).encode())", "zlib.decompress(data)"),
    "bz2.compress": ("bz2", "data = str(list(range(n))).encode()", "bz2.compress(data)"),
    "lzma.compress": ("lzma", "data = str(list(range(n))).encode()", "lzma.compress(data)"),
    "hashlib.sha256": ("hashlib", "data = bytes(n)", "hashlib.sha256(data)"),
    "hashlib.pbkdf2_hmac": ("hashlib", "", "hashlib.pbkdf2_hmac('sha256', b'word', b'salt', n)"),
    "sqlite3, a query that scans": (
        "sqlite3", "base = sqlite3.connect(':memory:', check_same_thread=False); base.execute('create table t (a)'); "
        "base.executemany('insert into t values (?)', ((i,) for i in range(n)))",
        "base.execute('select sum(a * a % 7) from t').fetchone()"),
    "sqlite3, fetchall": (
        "sqlite3", "base = sqlite3.connect(':memory:', check_same_thread=False); base.execute('create table t (a)'); "
        "base.executemany('insert into t values (?)', ((i,) for i in range(n)))",
        "base.execute('select a from t').fetchall()"),
    "time.sleep": ("time", "", "time.sleep(n * 1e-6)"),
    "a file's read": ("tempfile", "file = tempfile.TemporaryFile(buffering=0); file.write(bytes(n))",
                      "(file.seek(0), file.read())[1]"),
    "socket.recv that waits": ("socket", "own, other = socket.socketpair(); own.settimeout(n * 1e-6)", "received(own)"),
    "numpy, astype(object)": ("numpy", "data = numpy.arange(n)", "data.astype(object)"),
    "numpy, tolist": ("numpy", "data = numpy.arange(n)", "data.tolist()"),
    "numpy.array of a list": ("numpy", "data = list(range(n))", "numpy.array(data)"),
    "numpy, sort": ("numpy", "data = numpy.random.default_rng(1).random(n)", "numpy.sort(data)"),
    "numpy, dot": ("numpy", "side = int(n ** 0.5) + 1; data = numpy.ones((side, side))", "data.dot(data)"),
    "numpy, dot of int64": ("numpy", "side = int(n ** 0.5) + 1; data = numpy.ones((side, side), int)",
                            "data.dot(data)"),
    "numpy, sum": ("numpy", "data = numpy.ones(n)", "data.sum()"),
    "numpy, sum of objects": ("numpy", "data = numpy.arange(n).astype(object)", "data.sum()"),
    "numpy, a[indices]": ("numpy", "data = numpy.arange(n); at = data[::-1].copy()", "data[at]"),
    "numpy.unique": ("numpy", "data = numpy.random.default_rng(1).integers(0, 1000, n)", "numpy.unique(data)"),
    "numpy.loadtxt": ("io, numpy", "text = '1 2.5 3\\n' * n", "numpy.loadtxt(io.StringIO(text))"),
    "numpy, Generator.shuffle of a list": ("numpy", "order, data = numpy.random.default_rng(1), list(range(n))",
                                           "order.shuffle(data)"),
    "numpy, Generator.normal": ("numpy", "order = numpy.random.default_rng(1)", "order.normal(size=n)"),
    "Pillow, resize": ("PIL.Image", "image = PIL.Image.new('RGB', (1000, n // 1000 + 1))",
                       "image.resize((500, n // 2000 + 1), PIL.Image.Resampling.LANCZOS)"),
    "Pillow, convert": ("PIL.Image", "image = PIL.Image.new('RGB', (1000, n // 1000 + 1))", "image.convert('L')"),
    "Pillow, save as PNG": ("io, PIL.Image", "image = PIL.Image.effect_noise((1000, n // 1000 + 1), 50)",
                            "image.save(io.BytesIO(), 'PNG')"),
    "Pillow, tobytes": ("PIL.Image", "image = PIL.Image.new('RGB', (1000, n // 1000 + 1))", "image.tobytes()"),
}

PROGRAM = """import json, sys, sysconfig, threading, time
try:
    {imports}
except ImportError as error:
    print(json.dumps({{"missing": str(error)}}))
    raise SystemExit


def received(own):
    try:
        return own.recv(1)
    except OSError:
        return None


def prepared(n):
    {setup}
    return lambda kept=dict(locals()): ({call})


def seconds():
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def call_often():
    facts["thread"] = threading.get_native_id()
    for _ in range({calls}):
        call()


def want_gil(caller):
    caller.start()
    while caller.is_alive():
        for _ in range(1000):
            pass
    caller.join()


n, took = 1000, 0
while took < {call_s}:
    n = int(n * max(1.2, min(8, 1.1 * {call_s} / took))) if took else n
    call = prepared(n)
    took = min(seconds() for _ in range(3))
facts = {{"version": sys.version.split()[0] + ("t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""),
         "has_gil": getattr(sys, "_is_gil_enabled", lambda: True)(), "alone_s": took}}
sys.setswitchinterval({switch_s})
caller = threading.Thread(target=call_often, name="calls")
want_gil(caller)
print(json.dumps(facts))
"""


def ms(ns):
    return f"{ns / 1e6:.3g} ms"


def measure(options, python, function, folder):
    """What the program says of itself, and the report."""
    modules, setup, call = FUNCTIONS[function]
    program, file = folder / "program.py", folder / "report.json"
    text = PROGRAM.format(imports=f"import {modules}" if modules else "pass", setup=setup or "pass", call=call,
                          calls=options.calls, call_s=options.call_seconds, switch_s=SWITCH_S)
    program.write_text(text, encoding="utf-8")
    file.unlink(missing_ok=True)
    command = [options.program, "trace", *([f"--python={python}"] if python else []), f"--report={file}",
               "--long-hold=0.001", str(program)]
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")  # its own threads would take the cores
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True,
                              timeout=LONGEST_RUN_S)
    except subprocess.TimeoutExpired:
        return {"failed": f"has not ended within {LONGEST_RUN_S} s"}, None
    if done.returncode != 0 or not file.exists():
        print(f"{' '.join(command)}\nended with status {done.returncode}:\n{done.stderr}", file=sys.stderr)
        return {"failed": f"ended with status {done.returncode}"}, None
    facts = json.loads(done.stdout.splitlines()[-1])
    if options.reports:
        name = re.sub(r"\W+", "_", f"{function} {facts.get('version', 'missing')} {time.time_ns()}") + ".json"
        shutil.copy(file, pathlib.Path(options.reports) / name)
    return facts, json.loads(file.read_text(encoding="utf-8"))


def name_of(hold):
    """The function, with its library where that is not CPython's own."""
    function, library = hold.get("function", ""), hold.get("library", "").split(".so")[0].split(".cpython")[0]
    if function in ("", "?"):
        return f"a function of `{library}` without a name" if library else "a function that is not known"
    return f"`{function}`" + ("" if re.match(r"libpython|python|$", library) else f" of `{library}`")


def long_holds_of(report, longest_ns, limit_ns):
    """The report's long holds that may be the calling thread's own, whose longest hold is known."""
    # Their lengths may be told from when another thread first asked.
    return [hold for hold in report["long_holds"] if hold["longest_ns"] <= longest_ns + 1000
            and hold["total_ns"] / hold["count"] >= limit_ns / 2
            and not hold.get("python", "").startswith("want_gil")]


def cell(options, facts, report):
    """What the table says, and whether it is plain: otherwise, another run may tell more."""
    if "missing" in facts:
        return "", True
    if "failed" in facts:
        return facts["failed"], True
    limit_ns = max(options.limit, facts["alone_s"] / 10) * 1e9
    if not facts["has_gil"]:
        longest_ns = max((stop["longest_ns"] for stop in report.get("world_stops", [])), default=0)
        return "no GIL" + (f"; the world stopped, {ms(longest_ns)}" if longest_ns >= limit_ns else ""), True
    callers = [thread for thread in report["threads"] if thread.get("os_id") == facts["thread"]]
    if len(callers) != 1 or "gil" not in callers[0]:
        return "the report lacks the thread", False
    longest_ns = callers[0]["gil"]["longest_hold_ns"]
    if longest_ns < limit_ns:
        return f"lets go ({ms(longest_ns)})", True
    in_part = longest_ns < facts["alone_s"] * 1e9 / 2
    text = f"{ms(longest_ns)} of {ms(facts['alone_s'] * 1e9)}" if in_part else ms(longest_ns)
    holds = long_holds_of(report, longest_ns, limit_ns)
    if not holds:
        return f"lets go (but once {text}, which the report lacks)", False
    most = max(holds, key=lambda hold: hold["total_ns"])
    text += f": {name_of(most)}" + (f" in {most['system_call']}" if most.get("system_call") else "")
    # One long hold among short ones tells of a thread that had no core.
    others_ns = sum(hold["total_ns"] for hold in holds) - max(hold["longest_ns"] for hold in holds)
    often = 2 * sum(hold["count"] for hold in holds) >= options.calls
    if options.calls > 1 and not (often and others_ns / (options.calls - 1) >= limit_ns / 2):
        return f"lets go (but once {text})", False
    return ("keeps it in part, " if in_part else "keeps it, ") + text, True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build/harness"), help="harness (default: %(default)s)")
    parser.add_argument("--python", action="append", help="an interpreter, as harness takes it")
    parser.add_argument("--filter", default="", help="only functions in whose name this is found")
    parser.add_argument("--calls", type=int, default=7, help="of each function beside the loop")
    parser.add_argument("--call-seconds", type=float, default=0.08, help="how long one call takes by itself, at least")
    parser.add_argument("--limit", type=float, default=0.01, metavar="SECONDS",
                        help="from which on a hold is a function that keeps the GIL (default %(default)s)")
    parser.add_argument("--tries", type=int, default=3, help="runs of a function whose answer is not plain, at most")
    parser.add_argument("--reports", metavar="DIR", help="where the reports are kept, a file a run")
    parser.add_argument("--out", help="where the table goes (default: standard output)")
    options = parser.parse_args()
    options.program = str(pathlib.Path(options.program).resolve())
    if options.reports:
        pathlib.Path(options.reports).mkdir(parents=True, exist_ok=True)
    pythons = options.python or [""]
    rows, names = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for function in FUNCTIONS:
            if not re.search(options.filter, function):
                continue
            cells = rows[f"`{function}`" if re.fullmatch(r"[\w.]+", function) else function] = []
            for python in pythons:
                for _ in range(options.tries):
                    facts, report = measure(options, python, function, pathlib.Path(folder))
                    text, is_plain = cell(options, facts, report)
                    if is_plain:
                        break
                cells.append(text)
                names[python] = facts.get("version", names.get(python, python))
                said = f"left out: {facts['missing']}" if "missing" in facts else text
                print(f"{function}, {names[python]}: {said}", file=sys.stderr)
    write_table([names[python] for python in pythons], rows, options.out, "function")


if __name__ == "__main__":
    main()
