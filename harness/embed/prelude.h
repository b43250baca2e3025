// harness/embed/prelude.h: the few things that are plainer in Python than in calls of its C API.
#pragma once

namespace harness::embed {

/// Run once at start, after kScriptCode and in the same namespace. Must be valid in every Python from 3.9 up.
inline constexpr const char* kPrelude = R"python(
import importlib.util
import os
import sys

# A script may put something else in their place, and in that of builtins, of which this module has its own.
getprofile, gettrace, getswitchinterval, setswitchinterval = (
    sys.getprofile, sys.gettrace, sys.getswitchinterval, sys.setswitchinterval)
gil_enabled = getattr(sys, "_is_gil_enabled", lambda: True)  # from 3.13 on

# Standard output belongs to the report, which may be JSON: what a script prints goes to standard error.
sys.stdout = sys.stderr
sys.dont_write_bytecode = True


class Stopped(BaseException):
    """Raised in a thread whose experiment has ended; not an Exception, so that scripts do not catch it."""


def facts():
    try:
        import sysconfig
        config = sysconfig.get_config_var
        config_args, cflags = config("CONFIG_ARGS"), config("CFLAGS")
        free_threaded, debug = bool(config("Py_GIL_DISABLED")), bool(config("Py_DEBUG"))
    except Exception:  # a Python without its build data (Debian keeps it in a package of its own)
        config_args = cflags = None
        free_threaded, debug = "free-threading" in sys.version, hasattr(sys, "gettotalrefcount")
    return (sys.version, sys.implementation.name, sys.executable or "", sys.prefix, config_args or "", cflags or "",
            int(debug), int(free_threaded), int(gil_enabled()), switch_interval(), jit(config_args or ""))


def jit(config_args):
    asked = getattr(sys, "_jit", None)  # from 3.14 on
    if asked is not None:
        return "on" if asked.is_enabled() else "off" if asked.is_available() else "none"
    return "unknown" if "--enable-experimental-jit" in config_args else "none"


def jit_is_on():
    """In the calling interpreter: CPython's subinterpreters have none (init_interp_main in Python/pylifecycle.c)."""
    asked = getattr(sys, "_jit", None)
    return asked is not None and asked.is_enabled()


def switch_interval():
    return round(getswitchinterval() * 1e6) / 1e6


def set_switch_interval(seconds):
    """CPython cuts the microseconds off after its own multiplication: what it says is 100 would be set as 99."""
    before = switch_interval()
    setswitchinterval((round(seconds * 1e6) + 0.5) / 1e6)
    return before


def settings():
    """The switch interval, what looks on at the calling thread's Python code, and whether a JIT compiles it."""
    watchers = [name for name, function in (("sys.settrace", gettrace()), ("sys.setprofile", getprofile()))
                if function is not None]
    monitoring = getattr(sys, "monitoring", None)  # from 3.12 on
    if monitoring is not None:
        tools = filter(None, map(monitoring.get_tool, range(6)))
        watchers += [f"sys.monitoring by {tool}" for tool in tools]
    try:
        if sys.modules["tracemalloc"].is_tracing():
            watchers.append("tracemalloc")
    except Exception:  # not imported, or a script has put something else in its place
        pass
    return switch_interval(), ", ".join(watchers), jit_is_on()


def spin(stop, steps, member, end):
    steps = steps.cast("Q")
    done = 0
    while not stop[0]:
        done += 1
        steps[member] = done
    return done


modules_of_no_script = set(sys.modules)


def imported_files():
    """Those of the modules that were imported since, a line each: neither scripts nor what comes with Python."""
    files = set()
    of_python = os.path.join(os.path.dirname(os.path.abspath(os.__file__)), "")
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name not in modules_of_no_script and isinstance(file, str) and file.isprintable():
            file = os.path.abspath(file)
            if not file.startswith(of_python) or "-packages" in file[len(of_python):]:
                files.add(file)
    return "\n".join(sorted(files))


def running_threads(and_daemons):
    """Names of those that a script has started and that Python would wait for at its end, or of all of them.

    A thread that a thread of the host's has started is a daemon, unless the script says otherwise.
    """
    threading = sys.modules.get("threading")
    if threading is None:
        return ""
    try:
        main = threading.main_thread()
        return ", ".join(thread.name for thread in threading.enumerate()
                         if (and_daemons or not thread.daemon) and thread is not main
                         and thread not in threads_of_workers
                         and not isinstance(thread, threading._DummyThread))
    except Exception:  # a script may have put something else in its place
        return ""


class Refused(Exception):
    """What this program has against a script. Its text says all."""


def load(path):
    module = import_file(path)
    if not callable(getattr(module, "run", None)):
        raise Refused(f"{path} does not define a function run()")
    return module.run


def standard_modules():
    if sys.version_info >= (3, 10):
        return sys.stdlib_module_names
    import pkgutil
    library = os.path.dirname(os.__file__)
    folders = [library, os.path.join(library, "lib-dynload")]
    return {*sys.builtin_module_names, *(each.name for each in pkgutil.iter_modules(folders))}


def import_file(path, is_users=False):
    folder, file = os.path.split(os.path.abspath(path))
    name = os.path.splitext(file)[0]
    if is_users and (name in sys.modules or name in standard_modules()):
        raise Refused(f"there is a module {name} already, which other modules may import: give the file another name")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    script_folders.add(folder)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    modules_of_no_script.add(name)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def leave_child(error):
    """Ends a process that a script has forked and that comes back from it, as python3 would have ended it."""
    status = 0
    try:
        if isinstance(error, SystemExit):
            status = error.code
            if status is not None and not isinstance(status, int):
                print(status, file=sys.stderr)
                status = 1
        elif error is not None:
            sys.excepthook(type(error), error, error.__traceback__)
            status = 1
        import atexit
        atexit._run_exitfuncs()
        sys.stderr.flush()
    finally:
        os._exit((status or 0) & 0xFF)


def drop_frames(error):
    """Leaves the script's frames of its traceback, and of those of its causes; import's where there are no others."""
    seen, errors = set(), [error]
    while errors:
        each = errors.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        errors += [each.__cause__, each.__context__]
        frames, trace = [], each.__traceback__
        while trace is not None:
            if trace.tb_frame.f_globals is not globals():
                frames.append(trace)
            trace = trace.tb_next
        of_script = [trace for trace in frames
                     if not trace.tb_frame.f_code.co_filename.startswith("<frozen importlib")]
        trace = None
        for earlier in reversed(of_script or frames):
            earlier.tb_next, trace = trace, earlier
        each.__traceback__ = trace


def describe(error):
    """The exception's last line, and its whole traceback."""
    if isinstance(error, InWorker):
        return error.args
    if isinstance(error, Refused):
        return str(error), ""
    import traceback
    drop_frames(error)
    if isinstance(error, SystemExit):
        last = f"called sys.exit({error.code!r})"
    else:
        notes = getattr(error, "__notes__", None)  # from 3.11 on: a part a line, behind the last one
        notes = sum(str(note).count("\n") + 1 for note in notes) if isinstance(notes, list) else 0
        parts = traceback.format_exception_only(type(error), error)
        last = parts[max(len(parts) - 1 - notes, 0)].strip()
    last = last.replace("\0", r"\x00")
    return last, "".join(traceback.format_exception(type(error), error, error.__traceback__))
)python";

}  // namespace harness::embed
