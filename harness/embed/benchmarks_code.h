// harness/embed/benchmarks_code.h: what a file of benchmarks measures, and whether its results are right.
#pragma once

namespace harness::embed {

/// Run behind kPrelude, in the same namespace. Must be valid in every Python from 3.9 up.
inline constexpr const char* kBenchmarks = R"python(
PREFIX = "bench_"
SETUP = "setup_"
MOST_ITEMS = (1 << 53) - 1
NO_PART = "which is neither None nor an integer, whose sum would be compared"


class Benchmark:
    """A function of a user's file that is measured; or its run(begin, end), where the threads share the items."""

    def __init__(self, name, function, setup=None, items=0, splits=False):
        self.name, self.function, self.setup, self.items, self.splits = name, function, setup, items, splits
        self.reference = []  # what one thread's call returned, once there was one
        self.reference_arguments = None

    def prepared(self, threads):
        """What each call is given first."""
        return () if self.setup is None else (ran_once(self.setup, threads),)


benchmarks = {}  # of each file, by name


def open_benchmarks(path):
    """The name, the items (0 where the file says none) and whether the threads share them, of each benchmark."""
    if path not in benchmarks:
        notice_gil()
        benchmarks[path] = {one.name: one for one in benchmarks_of(import_file(path, is_users=True), path)}
    return [(one.name, one.items, one.splits) for one in benchmarks[path].values()]


def benchmarks_of(module, path):
    import inspect
    setups = named_so(SETUP, module)
    functions = functions_of(module, setups)
    if not functions:
        if not callable(getattr(module, "run", None)):
            raise Refused("it has no function bench_NAME(), no run(begin, end), and no mapping of functions by "
                          "their names")
        return [Benchmark("", module.run, items=items_of(module, {"run"}, must=True)["run"], splits=True)]
    for name in functions:
        if not name.isprintable() or set(name) & set(" /:"):
            raise Refused(f"rows cannot be named after its function {name!r}")
    refuse_doubles(path, functions)
    for name, setup in setups.items():
        if is_of_kind(inspect.isgeneratorfunction, setup) or is_of_kind(inspect.isasyncgenfunction, setup):
            raise Refused(f"{SETUP}{name}() is a generator, which runs nothing when it is called; have it return")
    for name in setups.keys() - functions.keys() if named_so(PREFIX, module) else ():
        raise Refused(f"it has {SETUP}{name}() and no {PREFIX}{name}()")
    items = items_of(module, functions)
    return [Benchmark(name, function, setups.get(name), items.get(name, 0)) for name, function in functions.items()]


def named_so(prefix, module):
    named = {name[len(prefix):]: value for name, value in vars(module).items()
             if name.startswith(prefix) and name != prefix}
    for name, value in named.items():
        if not callable(value):
            raise Refused(f"{prefix}{name} is {short(value)}, and no function")
    return named


def functions_of(module, setups):
    """Those to be measured, by name: named so, or else registered by themselves, in a mapping."""
    named = named_so(PREFIX, module)
    wrong = [name for name, function in named.items() if not takes(function, 1 if name in setups else 0)]
    if len(wrong) == len(named):  # such as a helper of theirs that is handed one
        registered = {}
        for name, value in vars(module).items():
            if not name.startswith("__") and is_registry(value):
                registered.update(value)
        if registered or not named:
            return registered
    for name in wrong:
        raise Refused(f"{PREFIX}{name}() does not take the one argument that {SETUP}{name}() returns"
                      if name in setups else
                      f"{PREFIX}{name}() takes arguments, and there is no {SETUP}{name}() that makes them")
    return named


def is_registry(value):
    from collections.abc import Mapping
    return isinstance(value, Mapping) and len(value) > 0 and all(
        isinstance(key, str) and getattr(function, "__name__", None) == key and not isinstance(function, type)
        and callable(function) and takes(function, 0) for key, function in value.items())


def takes(function, count):
    """Whether it can be called with so many arguments, as far as it says."""
    import inspect
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # it has no signature
        pass
    return True


def refuse_doubles(path, functions):
    """Of two functions of one name Python keeps the second, and nobody would see that the first is not measured."""
    import ast
    seen = {}
    for node in ast.parse(SourceFileLoader("", path).get_data(path), path).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            name = node.name[len(PREFIX):] if node.name.startswith(PREFIX) else node.name
            if name in seen and name in functions:
                raise Refused(f"it has {node.name}() twice: in line {seen[name]} and in line {node.lineno}")
            seen[name] = node.lineno


def items_of(module, names, must=False):
    """How many items a call does, of those that say it."""
    from collections.abc import Mapping
    said = getattr(module, "ITEMS", None)
    if said is None:
        if must:
            raise Refused("it has run(begin, end) and no ITEMS: give the number of items that the threads share")
        return {}
    items = said if isinstance(said, Mapping) else dict.fromkeys(names, said)
    for name, number in items.items():
        if name not in names:
            raise Refused(f"ITEMS has {name!r}, and there is no such function")
        if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= MOST_ITEMS:
            raise Refused(f"ITEMS of {name} is {short(number)}, which is no whole number from 1 to {MOST_ITEMS}")
    return items


def prepare_benchmark(path, name, threads):
    """By the main thread, where a setup may do what no other thread may."""
    benchmark = benchmarks[path][name]
    if benchmark.reference_arguments is None:
        benchmark.reference_arguments = (0, benchmark.items) if benchmark.splits else benchmark.prepared(1)
    return benchmark, benchmark.prepared(threads)


def ran_once(function, *arguments):
    run = run_of(function)
    try:
        return run(*arguments)
    finally:
        end_run(run)


def end_run(run):
    """Ends what run_of() began, in the same thread."""
    if type(run) is OnLoop:
        run.close()


def run_of(function):
    """What a thread is to call so that all of the function's work is done when it returns."""
    import inspect
    if is_of_kind(inspect.iscoroutinefunction, function):
        return OnLoop(function)
    if is_of_kind(inspect.isasyncgenfunction, function):
        raise Refused("it is an asynchronous generator, which runs nothing when it is called; write it as "
                      "async def without yield")
    if is_of_kind(inspect.isgeneratorfunction, function):
        return exhausting(function)
    return function


def exhausting(function):
    def exhaust(*arguments):
        for _ in function(*arguments):
            pass
    return exhaust


def is_of_kind(is_kind, function):
    return is_kind(function) or is_kind(getattr(function, "__call__", None))


class OnLoop:
    """A coroutine's function, run to completion on an event loop of the thread that has made this."""

    def __init__(self, function):
        import asyncio
        self.function, self.loop = function, asyncio.new_event_loop()

    def __call__(self, *arguments):
        return self.loop.run_until_complete(self.function(*arguments))

    def close(self):
        import asyncio
        wait = self.loop.run_until_complete
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            wait(asyncio.gather(*tasks, return_exceptions=True))
        wait(self.loop.shutdown_asyncgens())
        wait(self.loop.shutdown_default_executor())
        self.loop.close()


def take_reference(benchmark):
    """Has the calling thread do the whole job once, where none has yet."""
    if not benchmark.reference:
        benchmark.reference.append(ran_once(benchmark.function, *benchmark.reference_arguments))


def part_of(result):
    """What a run(begin, end) returned, for another interpreter."""
    import marshal
    if result is None or isinstance(result, int):
        return marshal.dumps(result if result is None else int(result))
    raise Refused(f"the function returned {short(result)}, {NO_PART}")


def verdict_on_parts(benchmark, parts):
    import marshal
    return verdict(benchmark, [marshal.loads(part) for part in parts])


def verdict(benchmark, results):
    """What is wrong with the results, which the threads' calls returned, and why nobody can tell; else ""."""
    import inspect
    reference, = benchmark.reference
    if any(inspect.isawaitable(one) for one in (reference, *results)):
        return "returned a coroutine that nobody has run: declare the function as async def", ""
    if reference is None and all(one is None for one in results):
        return "", "nothing"
    if benchmark.splits:
        if not all(isinstance(one, int) for one in (reference, *results)):
            other = next((one for one in results if not isinstance(one, int)), reference)
            return f"returned {short(other)}, {NO_PART}", ""
        total = sum(results)
        if total == reference:
            return "", ""
        return f"returned {short(total)} in all, and {short(reference)} on one thread", ""
    for number, one in enumerate(results):
        if type(one) is type(reference) and one is not reference and type(one).__eq__ is object.__eq__:
            return "", f"objects of {type(one).__qualname__} cannot be compared"
        if not is_same(one, reference):
            who = "" if len(results) == 1 else f" on thread {number}"
            return f"returned {short(one)}{who}, and {short(reference)} before on one thread{where(one, reference)}", ""
    return "", ""


def is_same(one, other):
    if one is other:
        return True
    equal = one == other
    try:
        if equal:
            return True
    except (TypeError, ValueError):  # of arrays it is an array
        if not hasattr(equal, "all"):
            raise
        return getattr(one, "shape", None) == getattr(other, "shape", None) and bool(equal.all())
    is_plain = type(one) is type(other) and isinstance(one, (float, complex, list, tuple, dict))
    return is_plain and repr(one) == repr(other)  # NaN is not equal to itself, and may be within


def short(value):
    import reprlib
    if type(value) is int and value.bit_length() > 1000:  # of which the decimal digits may be too many
        return f"an integer of {value.bit_length()} bits"
    try:
        return reprlib.repr(value)
    except Exception:
        return f"an object of {type(value).__qualname__}"


def where(one, other):
    """The first difference, where what is shown of the two may be the same."""
    if short(one) != short(other):
        return ""
    if type(one) is int and type(other) is int:
        return f", which differ by {short(abs(one - other))}"
    try:
        for key in one if isinstance(one, dict) else range(min(len(one), len(other))):
            if not is_same(one[key], other[key]):
                return f"; of [{key!r}] they have {short(one[key])} and {short(other[key])}"
        return f"; of {len(one)} and {len(other)} items"
    except Exception:
        return ""


gil_enabled_by_module = ""


def gil_enabled_by():
    return gil_enabled_by_module


def notice_gil():
    """From now on notes which module's import turns the GIL on: what CPython warns of names it."""
    if gil_enabled() or not hasattr(sys, "_is_gil_enabled"):
        return
    import re
    import warnings
    show = warnings.showwarning

    def note(message, *more, **named):
        global gil_enabled_by_module
        found = re.search(r"GIL\) has been enabled to load module '([^']*)'", str(message))
        if found:
            gil_enabled_by_module = found[1]
        show(message, *more, **named)
    warnings.showwarning = note
)python";

}  // namespace harness::embed
