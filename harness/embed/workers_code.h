// harness/embed/workers_code.h: workers of Python's own: processes, and the pools of concurrent.futures.
#pragma once

namespace harness::embed {

/// Run behind kWorker, in the same namespace. Must be valid in every Python from 3.9 up.
inline constexpr const char* kWorkers = R"python(
class Workers:
    """So many workers of one way. For the main thread."""

    def __init__(self, count, patience_s):
        self.count, self.patience_s = count, patience_s
        self.slices, self.clocks, self.with_clocks = [], [], False
        self.busy = False  # where a call has not come back, its workers may be at it for ever
        self.idle_since, self.idle_cpu = None, None
        self.life = ()  # a pipe, as live_with() has it

    def run(self, *first):
        """One slice for each worker, behind `first`: the sum of what they returned, or what first is no integer."""
        import time
        begin_ns = time.monotonic_ns()
        self.busy = True
        answers = self.run_slices([(first + slice, self.with_clocks) for slice in self.slices])
        self.busy = False
        self.with_clocks = time.monotonic_ns() - begin_ns >= LONG_RUN_NS
        self.clocks = [clocks for _, clocks in answers if clocks is not None]
        values = [value for value, _ in answers]
        if all(isinstance(value, int) for value in values):
            return sum(values)
        return next(value for value in values if not isinstance(value, int))

    def waited_in_vain(self):
        """Raises, where the workers have not computed for a while: they hang."""
        import time
        cpu, now = self.cpu_s(), time.monotonic()
        if cpu != self.idle_cpu:
            self.idle_cpu, self.idle_since = cpu, now
        elif now - self.idle_since >= self.patience_s:
            raise Refused(f"its workers hang: for {self.patience_s:g} s none of them has computed (--patience)")

    def cpu_s(self):
        import time
        # clock_getcpuclockid(3), pthread_getcpuclockid(3): CPUCLOCK_SCHED of a process, and of a thread
        clocks = [~process << 3 | 2 for process in self.processes()] + [~thread << 3 | 6 for thread in self.threads()]
        return sum(cpu_of(clock, time.clock_gettime) for clock in clocks)

    def end_of_life(self):
        """Ends the processes that still are there."""
        for end in self.life:
            os.close(end)
        self.life = ()

    def verdict(self):
        """On what each worker's last call of the benchmark returned."""
        verdicts = self.ask_each("judge")
        for number, (wrong, _) in enumerate(verdicts):
            if wrong:
                return wrong + (f" (worker {number})" if self.count > 1 else ""), ""
        return "", next((unverified for _, unverified in verdicts if unverified), "")

    def processes(self):
        return []

    def threads(self):
        """The ids, as the system has them, of those of this process that work."""
        return []

    def remark(self):
        return ""


def cpu_of(clock, clock_gettime):
    try:
        return clock_gettime(clock)
    except OSError:  # it has ended
        return 0


WITHOUT_JIT = "workers without the JIT: CPython's main interpreter alone has it"


def remark_on(code):
    """Whether other processes run what this one does."""
    ours = own_code()
    if code[0] != ours[0]:
        raise Refused(f"its processes run {code[1]}, which is another Python: {code[0]}")
    return "" if code[1] == ours[1] else f"other machine code: its processes run {code[1]}, this one {ours[1]}"


def context_of(method):
    """Of multiprocessing; "" is Python's own choice."""
    import multiprocessing
    context = multiprocessing.get_context(method or None)
    if context.get_start_method() != "fork" and not os.access(sys.executable or "", os.X_OK):
        raise NotHere("it needs the interpreter's executable (by which processes are started); to get it: "
                      '--python="$(command -v python3)"')
    return context


def boot_names(then, *arguments):
    import marshal
    return {"codes": marshal.dumps(own_codes), "choice": code_choice, "then": then, "arguments": arguments}


def sendable(memory):
    """Descriptors as something that multiprocessing hands to a process that it starts."""
    from multiprocessing.connection import Connection
    return [Connection(os.dup(descriptor)) for descriptor in memory]


class Processes(Workers):
    """multiprocessing.Process, with a pipe each."""

    def __init__(self, method, count, source, memory, patience_s):
        super().__init__(count, patience_s)
        context = context_of(method)
        self.life = os.pipe()
        interval = switch_interval()
        self.pipes, self.started = [], []
        try:
            for number in range(count):
                here, there = context.Pipe()
                self.pipes.append(here)
                wake_up_each_second(here)
                if context.get_start_method() == "fork":
                    target, arguments = serve, (self.life, there, source, memory, interval, list(self.pipes))
                else:
                    target = exec
                    life = sendable(self.life[:1])
                    arguments = BOOT, boot_names("serve", life, there, source, sendable(memory), interval)
                process = context.Process(target=target, args=arguments, name=f"worker {number}")
                try:
                    process.start()
                except BrokenPipeError:
                    raise Refused(f"worker {number} ended while it was started") from None
                self.started.append(process)
                there.close()
        except BaseException:
            self.close()
            raise

    def open(self, buffers, slices, no_items):
        self.slices = slices
        self.ask_each("open", buffers, no_items)

    def open_all(self):
        pass

    def remark(self):
        return remark_on(self.ask("code", [()] * self.count)[0])

    def run_slices(self, slices):
        return self.ask("run", slices)

    def ask_each(self, function, *arguments):
        self.busy = True
        answers = self.ask(function, [arguments] * self.count)
        self.busy = False
        return answers

    def ask(self, function, arguments):
        for number, each in enumerate(arguments):
            try:
                self.pipes[number].send((function, each))
            except OSError:
                pass  # the answer is missing, too
        early = {}  # what has come while a worker before was waited for
        return [early[number] if number in early else self.answer(number, early) for number in range(len(arguments))]

    def answer(self, number, early):
        while True:
            try:
                return self.received(number)
            except BlockingIOError:
                self.hear_those_behind(number, early)
                self.waited_in_vain()

    def hear_those_behind(self, number, early):
        """Where one of them has failed or ended, this worker need not be waited for."""
        from multiprocessing.connection import wait
        numbers = {self.pipes[each]: each for each in range(number + 1, self.count) if each not in early}
        for pipe in wait(list(numbers), 0):
            early[numbers[pipe]] = self.received(numbers[pipe])

    def received(self, number):
        try:
            succeeded, value = self.pipes[number].recv()
        except BlockingIOError:
            raise
        except (EOFError, OSError):
            raise Refused(self.end_of(number)) from None
        if not succeeded:
            raise InWorker(*value)
        return value

    def end_of(self, number):
        process = self.started[number]
        process.join(1)
        code = process.exitcode
        how = "closed its pipe" if code is None else f"was killed by signal {-code}" if code < 0 else \
            f"ended with exit status {code}"
        return f"worker {number} (process {process.pid}) {how}"

    def processes(self):
        return [process.pid for process in self.started]

    def close(self):
        for pipe in self.pipes:
            pipe.close()
        join_all(self.started, 0 if self.busy else GRACE_S)
        self.end_of_life()
        left = join_all(self.started, GRACE_S)
        for process in left:
            process.kill()
        join_all(left, GRACE_S)


def join_all(processes, limit_s):
    """Waits for all of them, for so long at most. Returns those that go on."""
    import time
    until = time.monotonic() + limit_s
    for process in processes:
        process.join(max(until - time.monotonic(), 0))
    return [process for process in processes if process.is_alive()]


def wake_up_each_second(pipe):
    """Has recv() raise BlockingIOError after a second without an answer, which costs nothing until then."""
    import socket
    import struct
    with socket.socket(fileno=os.dup(pipe.fileno())) as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", 1, 0))


class Pool(Workers):
    """An executor of concurrent.futures."""

    def __init__(self, way, method, count, source, memory, patience_s):
        super().__init__(count, patience_s)
        import concurrent.futures
        import threading
        work = source, memory, switch_interval()
        self.method = None
        self.requests = 0
        self.has_to_leave = len(source) > 1  # a benchmark may have an event loop for each worker
        self.others = set(threading.enumerate())
        if way == "thread_pool":
            begin_work_of_threads(source, memory)
            self.others = set(threading.enumerate())  # those that the script has started among them
            self.executor = concurrent.futures.ThreadPoolExecutor(count)
        elif way == "interpreter_pool":
            executor = getattr(concurrent.futures, "InterpreterPoolExecutor", None)
            if executor is None:
                raise NotHere("it needs 3.14 (the first CPython with InterpreterPoolExecutor); to get it: "
                              '--python="$(harness/get_cpython.sh 3.14.7)/bin/python3"')
            self.executor = executor(count, initializer=exec, initargs=(BOOT, boot_names("begin_work", *work)))
        else:
            context = context_of(method)
            self.method = context.get_start_method()
            self.life = os.pipe()
            if self.method == "fork":
                begin = begin_in_process, (self.life, *work)
            else:
                life = sendable(self.life[:1])
                begin = exec, (BOOT, boot_names("begin_in_process", life, source, sendable(memory), work[2]))
            self.executor = concurrent.futures.ProcessPoolExecutor(count, mp_context=context, initializer=begin[0],
                                                                   initargs=begin[1])
            self.executor.submit(os.getpid)  # it starts processes only when there is something to do

    def open(self, buffers, slices, no_items):
        """Nobody can say which worker gets a task, so each is opened by the first that it gets."""
        self.slices, self.opening = slices, (buffers, no_items)

    def open_all(self):
        self.ask_each("open", *self.opening)
        self.note_threads()

    def ask_each(self, function, *arguments):
        self.busy = True
        self.requests += 1
        answers = {}
        for _ in range(100):
            futures = [self.executor.submit(ask_worker, self.requests, function, *arguments) for _ in range(self.count)]
            answers.update(self.results(futures))
            if len(answers) >= self.count:
                self.busy = False
                return list(answers.values())
        raise Refused(f"only {len(answers)} of its {self.count} workers work")

    def note_threads(self):
        import threading
        threads_of_workers.update(set(threading.enumerate()) - self.others)

    def remark(self):
        if self.method is None:
            return WITHOUT_JIT if jit_is_on() and not self.result(self.executor.submit(jit_is_on)) else ""
        what = remark_on(self.result(self.executor.submit(own_code)))
        return f"start method {self.method}" + (f"; {what}" if what else "")

    def run_slices(self, slices):
        futures = [self.executor.submit(run_slice, *each) for each in slices]
        answers = self.results(futures)
        if UNOPENED in answers:
            self.note_threads()
            answers = [answer if answer != UNOPENED else
                       self.result(self.executor.submit(open_and_run_slice, self.opening, *each))
                       for answer, each in zip(answers, slices)]
        return answers

    def results(self, futures):
        return [self.result(future, futures) for future in futures]

    def result(self, future, others=()):
        """Raises what one of the others has failed by, where this one, which may be among them, is not done."""
        from concurrent.futures import TimeoutError
        while True:
            try:
                return future.result(1)
            except TimeoutError:
                if future.done():
                    return future.result()  # what a worker has raised
                for other in others:
                    if other.done():
                        other.result()
                self.waited_in_vain()

    def processes(self):
        return list(getattr(self.executor, "_processes", None) or ())

    def threads(self):
        return [thread.native_id for thread in getattr(self.executor, "_threads", ())]

    def close(self):
        if self.has_to_leave and not self.busy:
            try:
                self.ask_each("leave")
            except Exception:  # it has been said that they are broken
                pass
        manager = getattr(self.executor, "_executor_manager_thread", None)
        processes = list((getattr(self.executor, "_processes", None) or {}).values())
        self.executor.shutdown(wait=False, cancel_futures=True)
        if manager is not None:
            manager.join(0 if self.busy else GRACE_S)
        self.end_of_life()
        if manager is not None:
            manager.join(GRACE_S)
            if manager.is_alive():
                for process in processes:
                    process.kill()
                manager.join(GRACE_S)
        elif not self.busy:
            self.executor.shutdown(wait=True)
        threads_of_workers.clear()


def start_workers(way, method, count, path, benchmark, memory, patience_s):
    """`benchmark`: the name of one, where the path is that of a user's file; else None."""
    source = (path,) if benchmark is None else (path, benchmark, count)
    if way == "processes":
        return Processes(method, count, source, memory, patience_s)
    return Pool(way, method, count, source, memory, patience_s)
)python";

}  // namespace harness::embed
