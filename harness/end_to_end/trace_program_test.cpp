// harness/end_to_end/trace_program_test.cpp: a program does under `harness trace` what it does under python.
#include <filesystem>

#include "harness/end_to_end/trace_fixture.h"
#include "harness/system/text.h"

namespace harness {
namespace {

class TracedPrograms : public TraceTest {
 protected:
  void expect_same(const Interpreter& python, const Arguments& words,
                   const Environment& environment = {}) const {
    SCOPED_TRACE(testing::PrintToString(words));
    expect_as_under_python(run_subprocess(traced(python, words, environment), kPatience),
                           run_subprocess(plain(python, words, environment), kPatience));
  }

  /// The same, started by a line of a shell's, which finds the command line in "$@".
  void expect_same_in_shell(const Interpreter& python, const std::string& script,
                            const Arguments& words) const {
    SCOPED_TRACE(script);
    expect_as_under_python(run_subprocess(in_shell(script, traced(python, words)), kPatience),
                           run_subprocess(in_shell(script, plain(python, words)), kPatience));
  }
};

// All that a program can see of how it was started. Its parent is another one, of the same process group.
constexpr const char* kState =
    "import os, resource, signal, sys, threading\n"
    "def lines_of(name, *begins):\n"
    "    with open(f'/proc/self/{name}') as file:\n"
    "        return [line for line in file if line.startswith(begins)]\n"
    "print(__name__, sys.argv, sys.executable, sys.prefix, sys.base_prefix)\n"
    "print(getattr(sys, 'orig_argv', None), sys.flags, sys._xoptions, sys.warnoptions)\n"
    "print(sorted(os.environ.items()), os.getcwd(), sys.path, os.umask(0o22))\n"
    "print(sorted(map(int, os.listdir('/proc/self/fd'))), sys.stdin, sys.stdout, sys.stderr)\n"
    "print([repr(signal.getsignal(number)) for number in sorted(signal.valid_signals())])\n"
    "ignored = int(lines_of('status', 'SigIgn')[0].split()[1], 16)\n"
    "print(signal.pthread_sigmask(signal.SIG_BLOCK, []), lines_of('status', 'SigBlk'))\n"
    "print(f'{ignored & ~(3 << 31):x}')  # but for glibc's own signals, 32 and 33\n"
    "print([resource.getrlimit(kind) for kind in range(8)], os.getpriority(os.PRIO_PROCESS, 0))\n"
    "print(threading.enumerate()[0].name, len(os.listdir('/proc/self/task')), lines_of('comm', ''))\n"
    "print(os.getpgrp() == os.getpgid(os.getppid()) or os.getpgrp() == os.getpid(), os.getsid(0))\n";

TEST_F(TracedPrograms, SeeWhatTheyAreStartedWith) {
  folder().write("state.py", kState);
  on_each(kAnyPython, [&](const Interpreter& python) {
    expect_same(python, {"state.py", "word", "--report=theirs", "", "--help"});
    expect_same(python, {"-m", "state", "-c"});
    expect_same(python, {"-X", "dev", "-W", "error", "-B", "state.py", "-"});
    expect_same(python, {"-Isu", "-c", "exec(open('state.py').read())", "--python=theirs"});
    expect_same(python, {"state.py"}, {{"PYTHONPATH", "/some/folder"}, {"LD_PRELOAD", "libm.so.6"}});
  });
}

TEST_F(TracedPrograms, AreReadFromStandardInput) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const std::string print = "echo 'import sys; print(sys.argv, __name__)' | \"$@\"";
    expect_same_in_shell(python, print, {"-", "word"});
    expect_same_in_shell(python, print, {});
    expect_same_in_shell(python, "echo given | \"$@\"", {"-c", "print(input())"});
  });
}

TEST_F(TracedPrograms, AreNoneWherePythonOnlyAnswers) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    for (const char* const word : {"-V", "--threads=2", "-c", "nosuch.py"}) expect_same(python, {word});
    expect_same(python, {"-m", "no_such_module"});
    expect_same(python, {"-W", "error", "-c", "1 +"});
  });
}

TEST_F(TracedPrograms, MayHaveClosedStreams) {
  const std::string code =
      "import os, sys\n"
      "os.write(os.open('seen', os.O_WRONLY | os.O_CREAT | os.O_TRUNC),\n"
      "         repr((sys.stdin, sys.stdout, sys.stderr, os.listdir('/proc/self/fd'))).encode())\n"
      "sys.exit(7)\n";
  on_each(kAnyPython, [&](const Interpreter& python) {
    for (const char* const closed : {"<&-", ">&-", "2>&-", "<&- >&- 2>&-"}) {
      SCOPED_TRACE(closed);
      const std::string script = "\"$@\" " + std::string(closed);
      const auto usual = run_subprocess(in_shell(script, plain(python, {"-c", code})), kPatience);
      const auto seen = read_text_file(folder().path() / "seen");
      const auto under_trace = run_subprocess(in_shell(script, traced(python, {"-c", code})), kPatience);
      EXPECT_EQ(under_trace.exit_code, 7);
      EXPECT_EQ(usual.exit_code, 7);
      EXPECT_EQ(read_text_file(folder().path() / "seen"), seen);
      EXPECT_EQ(under_trace.standard_output, usual.standard_output);
      EXPECT_EQ(report().text("end", ""), "exit status 7");
    }
  });
}

TEST_F(TracedPrograms, HaveTheDescriptorsThatAreOpen) {
  folder().write("state.py", kState);
  on_each(kAnyPython, [&](const Interpreter& python) {
    expect_same_in_shell(python, "exec 3</dev/null 7>/dev/null; \"$@\"", {"state.py"});
    expect_same_in_shell(python, "ulimit -n 24; exec 9</dev/null; \"$@\"", {"state.py"});
    expect_same(python, {"-c", "import os; os.closerange(3, 1000); print(os.listdir('/proc/self/fd'))"});
  });
}

TEST_F(TracedPrograms, HaveTheSignalsThatAreBlockedOrIgnored) {
  folder().write("state.py", kState);
  const std::string start =
      "import os, signal, sys\n"
      "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2, signal.SIGCHLD, signal.SIGTERM])\n"
      "signal.signal(signal.SIGUSR1, signal.SIG_IGN)\n"
      "os.execv(sys.argv[1], sys.argv[1:])\n";
  on_each(kAnyPython, [&](const Interpreter& python) {
    expect_same_in_shell(python, "trap '' INT HUP QUIT; \"$@\"", {"state.py"});
    const auto started = [&](Command program) {
      program.argv.insert(program.argv.begin(), {python.executable.string(), "-c", start});
      return run_subprocess(program, kPatience);
    };
    expect_as_under_python(started(traced(python, {"state.py"})), started(plain(python, {"state.py"})));
  });
}

TEST_F(TracedPrograms, MayBeInAVirtualEnvironment) {
  folder().write("state.py", kState);
  on_each(kAnyPython, [&](const Interpreter& python) {
    std::filesystem::remove_all(folder().path() / "venv");
    const auto made = run_subprocess(plain(python, {"-m", "venv", "--without-pip", "venv"}), kPatience);
    ASSERT_TRUE(made.succeeded()) << made.standard_error;
    Interpreter inside = python;
    inside.executable = folder().path() / "venv/bin/python";
    expect_same(inside, {"state.py", "word"});
    EXPECT_EQ(report().at("program").at(0).text(), inside.executable);
  });
}

// 3.9 takes its own path from argv[0], later versions from the process.
TEST_F(TracedPrograms, HaveTheInterpretersNameAsItIsGiven) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    std::filesystem::remove(folder().path() / "mine");
    std::filesystem::create_symlink(python.executable, folder().path() / "mine");
    Interpreter named = python;
    named.executable = "./mine";
    expect_same(named, {"-c", "import sys; print(sys.executable, sys.prefix)"});
  });
}

TEST_F(TracedPrograms, StartOthersWithoutATrace) {
  folder().write("state.py", kState);
  on_each(kAnyPython, [&](const Interpreter& python) {
    expect_same(python,
                {"-c",
                 "import os, subprocess, sys\n"
                 "def run(**more):\n"
                 "    command = [sys.executable, 'state.py']\n"
                 "    print(subprocess.run(command, stdout=subprocess.PIPE, **more).stdout.decode())\n"
                 "run()\n"
                 "run(preexec_fn=lambda: None)\n"
                 "run(close_fds=False)\n"
                 "sys.stdout.flush()\n"
                 "os.system(sys.executable + ' -c \"import os; print(os.environ)\"')\n"
                 "print(os.posix_spawn('/bin/true', ['true'], os.environ) > 0, os.wait()[1])\n"});
    EXPECT_EQ(notes_of(report()).find("exec"), std::string::npos) << notes_of(report());
  });
}

TEST_F(TracedPrograms, MayHavePoolsOfProcesses) {
  folder().write("program.py",
                 "import asyncio, concurrent.futures, multiprocessing, sys, warnings\n"
                 "def square(x):\n"
                 "    return x * x\n"
                 "async def ask():\n"
                 "    child = await asyncio.create_subprocess_exec(\n"
                 "        sys.executable, '-c', 'print(1)', stdout=asyncio.subprocess.PIPE)\n"
                 "    return await child.communicate(), await asyncio.to_thread(square, 4)\n"
                 "if __name__ == '__main__':\n"
                 "    warnings.simplefilter('ignore')\n"
                 "    for how in ('fork', 'spawn', 'forkserver'):\n"
                 "        with multiprocessing.get_context(how).Pool(1) as pool:\n"
                 "            print(how, pool.map(square, range(5)))\n"
                 "    with concurrent.futures.ThreadPoolExecutor(3) as pool:\n"
                 "        print(list(pool.map(square, range(5))))\n"
                 "    print(asyncio.run(ask()))\n");
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace(python, {"program.py"});
    EXPECT_EQ(run.result.exit_code, 0) << run.result.standard_error;
    EXPECT_EQ(run.result.standard_output,
              "fork [0, 1, 4, 9, 16]\n"
              "spawn [0, 1, 4, 9, 16]\n"
              "forkserver [0, 1, 4, 9, 16]\n"
              "[0, 1, 4, 9, 16]\n"
              "((b'1\\n', None), 16)\n");
    EXPECT_TRUE(run.result.standard_error.starts_with("\nharness trace\n")) << run.result.standard_error;
  });
}

TEST_F(TracedPrograms, MayHaveThreadsOfAllKinds) {
  folder().write("program.py",
                 "import atexit, ctypes, faulthandler, sys, threading, time\n"
                 "gate = threading.Event()\n"
                 "many = [threading.Thread(target=gate.wait) for _ in range(200)]\n"
                 "for thread in many: thread.start()\n"
                 "gate.set()\n"
                 "for thread in many: thread.join()\n"
                 "called = []\n"
                 "@ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)\n"
                 "def attached(argument):\n"
                 "    called.append(argument)\n"
                 "    return 0\n"
                 "library, native = ctypes.CDLL(None), ctypes.c_ulong()\n"
                 "for _ in range(20):\n"
                 "    library.pthread_create(ctypes.byref(native), None, attached, None)\n"
                 "    library.pthread_join(native, None)\n"
                 "print(len(called))\n"
                 "def depth(n): return n and 1 + depth(n - 1)\n"
                 "sys.setrecursionlimit(20_000)\n"
                 "threading.stack_size(128 << 20)\n"
                 "deep = threading.Thread(target=lambda: print(depth(10_000)))\n"
                 "deep.start(); deep.join()\n"
                 "threading.stack_size(0)\n"
                 "faulthandler.enable()\n"
                 "faulthandler.dump_traceback_later(60)\n"
                 "faulthandler.cancel_dump_traceback_later()\n"
                 "def spin():\n"
                 "    while True: pass\n"
                 "for target in (spin, spin, threading.Event().wait):\n"
                 "    threading.Thread(target=target, daemon=True).start()\n"
                 "atexit.register(lambda: print(threading.active_count(), faulthandler.is_enabled()))\n");
  on_each(kAnyPython, [&](const Interpreter& python) { expect_same(python, {"program.py"}); });
}

TEST_F(TracedPrograms, KeepTheirErrnoAndTheirSignalHandlers) {
  folder().write("program.py",
                 "import ctypes, os, signal, threading, time\n"
                 "told = []\n"
                 "signal.signal(signal.SIGALRM, lambda number, frame: told.append(number))\n"
                 "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\n"
                 "library = ctypes.CDLL(None, use_errno=True)\n"
                 "while len(told) < 20:\n"
                 "    ctypes.set_errno(0)\n"
                 "    library.close(-1)\n"
                 "    assert ctypes.get_errno() == 9\n"
                 "signal.setitimer(signal.ITIMER_REAL, 0)\n"
                 "signal.signal(signal.SIGUSR1, lambda number, frame: print('told'))\n"
                 "signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)\n"
                 "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])\n"
                 "os.kill(os.getpid(), signal.SIGUSR2)\n"
                 "print(signal.sigwait([signal.SIGUSR2]))\n");
  on_each(kAnyPython, [&](const Interpreter& python) { expect_same(python, {"program.py"}); });
}

// LD_PRELOAD cannot name a file in a folder with a space.
TEST_F(TracedPrograms, AreTracedFromBelowAnyPrefix) {
  const auto prefix = folder().path() / "any prefix";
  const auto installed = run_subprocess(
      {.argv = {CMAKE_PROGRAM, "--install", HARNESS_BUILD_FOLDER, "--prefix", prefix.string()}}, kPatience);
  ASSERT_EQ(installed.exit_code, 0) << installed.standard_error;
  on_each(kAnyPython, [&](const Interpreter& python) {
    const Arguments words{"-c", "import os; print(os.environ.get('LD_PRELOAD'))"};
    Command elsewhere = traced(python, words, {{"LD_PRELOAD", "libm.so.6"}});
    elsewhere.argv.front() = prefix / "bin/harness";
    const auto result = run_subprocess(elsewhere, kPatience);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(result.standard_output, "libm.so.6\n");
    EXPECT_EQ(report().text("end", ""), "exit status 0");
  });
}

// As where a libpython is installed without an executable: then a launcher of this program's runs it.
TEST_F(TracedPrograms, MayRunInALibpython) {
  on_each({"CPython with a libpython", [](const Interpreter& python) { return !python.libpython.empty(); }},
          [&](const Interpreter& python) {
            Interpreter library = python;
            library.executable = python.libpython;
            const auto result = run_subprocess(
                traced(library, {"-c",
                                 "import os, sys; print(sys.version_info[:2], sys.argv, 'LD_PRELOAD' in "
                                 "os.environ); sys.exit(7)",
                                 "word"}),
                kPatience);
            EXPECT_EQ(result.exit_code, 7) << result.standard_error;
            EXPECT_EQ(result.standard_output,
                      "(3, " + std::to_string(python.minor) + ") ['-c', 'word'] False\n");
            EXPECT_GE(report().at("threads_ever").number(), 1);
          });
}

}  // namespace
}  // namespace harness
