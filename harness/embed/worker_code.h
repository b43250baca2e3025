// harness/embed/worker_code.h: what a worker does, be it another process or interpreter, or a pool's thread.
#pragma once

namespace harness::embed {

/// Run behind kBenchmarks, in the same namespace, which is that of the module `_harness`; and in each worker
/// that is another process or interpreter. Must be valid in every Python from 3.9 up.
inline constexpr const char* kWorker = R"python(
UNOPENED = "unopened", None  # what run_slice() returns where the worker knows no memory yet
WARM_UP_CALLS = 16  # as script_calls.h has it
GRACE_S = 2  # for a process to end by itself
LONG_RUN_NS = 1_000_000  # as kLongJob_ns of team.h

# Run by exec(), which any worker can be told to call, since it finds it by its name: makes the module _harness there.
BOOT = """
import marshal, sys, types
module = sys.modules["_harness"] = types.ModuleType("_harness")
script_code, prelude = marshal.loads(codes)
exec(script_code, vars(module))
module.choose_code(*choice)
exec(prelude, vars(module))
getattr(module, then)(*arguments)
"""


class NotHere(Exception):
    """What has no meaning on this interpreter. Its text says why, as a NotApplicable of the host's."""


class InWorker(Exception):
    """What was raised in a worker, as describe() has it there."""


class Own:
    """What a worker has to itself."""


class ScriptWork:
    """A script's run(), for all threads."""

    def __init__(self, path):
        self.run = load(path)

    def for_thread(self, views, no_items):
        """What the calling thread is to call, until it calls leave(), and with what first."""
        try:
            for _ in range(WARM_UP_CALLS):
                self.run(*views, no_items, no_items)
        except Exception:  # the first slice raises it again
            pass
        return self.run, views

    def leave(self, run):
        pass


class BenchmarkWork:
    """A benchmark of a user's file, set up for all threads; and what one call of it returns, where each does all."""

    def __init__(self, path, name, threads):
        open_benchmarks(path)
        self.benchmark, self.setup = prepare_benchmark(path, name, threads)
        if not self.benchmark.splits:
            take_reference(self.benchmark)

    def for_thread(self, views, no_items):
        return Repeated(self), ()

    def leave(self, run):
        end_run(run.run)


class Repeated:
    """Calls a benchmark so often."""

    def __init__(self, work):
        self.work, self.run, self.results = work, run_of(work.benchmark.function), []

    def __call__(self, loops, *slice):
        from collections import deque
        from itertools import repeat, starmap
        self.results = deque(starmap(self.run, repeat(self.work.setup + slice, loops)), 1)
        return self.results[0] if self.work.benchmark.splits else 0


class Worker:
    """What this process or interpreter does as a worker; of a pool of threads, what all of them do."""

    def __init__(self, source, memory, own):
        self.memory, self.own, self.work, self.failure = memory, own, None, None
        try:
            self.work = ScriptWork(*source) if len(source) == 1 else BenchmarkWork(*source)
        except BaseException as error:  # said by the first call
            self.failure = describe(error)

    def open(self, buffers, no_items):
        """What comes before the first slice. `buffers`: the bytes of each, and whether it is written to."""
        if self.failure is not None:
            raise InWorker(*self.failure)
        views = tuple(view_of(descriptor_of(memory), *buffer) for memory, buffer in zip(self.memory, buffers))
        self.own.run, self.own.first = self.work.for_thread(views, no_items)

    def run_slice(self, slice, with_clocks):
        """What run() returns, and what os_clocks() says of the call, where that is wanted."""
        if not hasattr(self.own, "run"):
            return UNOPENED
        try:
            if not with_clocks:
                return self.own.run(*self.own.first, *slice), None
            before = os_clocks()
            value = self.own.run(*self.own.first, *slice)
            return value, difference(before, os_clocks())
        except BaseException as error:
            raise InWorker(*describe(error)) from None

    def judge(self):
        """The verdict on what this worker's last call of the benchmark returned, if it has had one."""
        return verdict(self.work.benchmark, self.own.run.results)

    def leave(self):
        if hasattr(self.own, "run"):
            self.work.leave(self.own.run)


def view_of(descriptor, size, writable):
    import mmap
    return memoryview(mmap.mmap(descriptor, size, prot=mmap.PROT_READ | (mmap.PROT_WRITE if writable else 0)))


def descriptor_of(memory):
    return memory if isinstance(memory, int) else memory.fileno()


def os_clocks():
    """Of the calling thread: its id, CLOCK_MONOTONIC, its CPU time and, where Linux says it, its run delay; in ns."""
    import time
    from _thread import get_native_id
    try:
        with open("/proc/thread-self/schedstat", "rb", buffering=0) as file:
            delay = int(file.read().split()[1])
    except OSError:
        delay = None
    return get_native_id(), time.monotonic_ns(), time.thread_time_ns(), delay


def difference(before, after):
    """The thread, when the call began and ended, its CPU time, and its run delay or -1."""
    thread, end_ns, cpu_ns, delay = after
    return thread, before[1], end_ns, cpu_ns - before[2], -1 if delay is None or before[3] is None else delay - before[3]


worker = None
threads_of_workers = set()  # those of this process that an executor has started


def begin_work(source, memory, switch_interval_s):
    """`source`: the path of a script; or of a file of benchmarks, the name of one and the number of workers."""
    global worker
    set_switch_interval(switch_interval_s)
    worker = Worker(source, memory, Own())


def begin_work_of_threads(source, memory):
    """Each thread has views of its own: threads that shared one would contend for the count of references to it."""
    global worker
    from _thread import _local
    worker = Worker(source, memory, _local())


def begin_in_process(life, *arguments):
    """Begins the work of a process that an executor has started."""
    live_with(life)
    begin_work(*arguments)


def live_with(life):
    """Ends this process with the one that has started it, which holds the other end of the pipe `life`.

    Where that is closed the kernel sends SIGIO (fcntl(2), O_ASYNC), which ends a process. The owner of that signal
    belongs to an open file, so each worker opens its own. Ctrl-C ends a process that waits for work without a
    traceback.
    """
    import _signal
    import fcntl
    for signal in _signal.SIGINT, _signal.SIGIO:
        _signal.signal(signal, _signal.SIG_DFL)
    ours, *others = life
    for other in others:  # what a forked process has of it
        os.close(other)
    end = os.open(f"/proc/self/fd/{descriptor_of(ours)}", os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(end, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(end, fcntl.F_SETFL, fcntl.fcntl(end, fcntl.F_GETFL) | os.O_ASYNC)
    try:
        os.read(end, 1)
    except BlockingIOError:
        return
    os._exit(0)  # it has been closed before


def ask_worker(request, name, *arguments):
    """Which worker it was, and its answer. Takes a moment, so that each of several such calls finds another one.

    One that a request finds again does nothing again.
    """
    import time
    from _thread import get_ident
    own = worker.own
    if getattr(own, "request", None) != request:
        own.answer = getattr(worker, name)(*arguments)
        own.request = request
    time.sleep(0.01)
    return (os.getpid(), get_ident()), own.answer


def run_slice(*slice):
    return worker.run_slice(*slice)


def open_and_run_slice(opening, *slice):
    if not hasattr(worker.own, "run"):
        worker.open(*opening)
    return worker.run_slice(*slice)


def serve(life, connection, source, memory, switch_interval_s, others=()):
    """What a process does: answers until nobody asks any more."""
    live_with(life)
    for each in others:
        each.close()
    begin_work(source, memory, switch_interval_s)
    functions = {"open": worker.open, "run": worker.run_slice, "judge": worker.judge, "code": own_code}
    while True:
        try:
            name, arguments = connection.recv()
        except (EOFError, OSError):
            return worker.leave()
        try:
            answer = True, functions[name](*arguments)
        except InWorker as error:
            answer = False, error.args
        except BaseException as error:
            answer = False, describe(error)
        try:
            connection.send(answer)
        except OSError:
            return
        except Exception as error:  # what cannot be sent
            connection.send((False, describe(error)))


def own_code():
    """The version of the interpreter, and the file that its machine code is in."""
    file = os.readlink("/proc/self/exe")
    with open("/proc/self/maps") as maps:
        for line in maps:
            path = line.rstrip("\n").split(" ", 5)[-1].lstrip()
            if os.path.basename(path).startswith("libpython"):
                file = path
                break
    return sys.version, file
)python";

}  // namespace harness::embed
