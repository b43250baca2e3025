// harness/embed/api.h: what the host asks of CPython, in terms that need no Python.h.
//
// Everything that calls CPython is in one module, which is loaded after a libpython and bound to it. This
// table is all that the executable knows of that module. Unless a function says otherwise, it is called by an
// attached thread, throws ScriptError for an error raised by Python code, and keeps no pointer it is given.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/error.h"

namespace harness::embed {

/// A thread's own Python thread state, kept while the thread is detached.
struct ThreadState;
/// A workload script that has been loaded and has a callable `run`.
struct Script;
/// One call of a script's run() with its arguments made, to be repeated.
struct Call;

/// Memory of the host's that Python sees as a memoryview of unsigned bytes. Must outlive every Call it is in.
struct Buffer {
  void* data;
  std::int64_t bytes;
  bool writable;
};

/// What a script's run() is to return.
enum class Returns {
  nothing,
  integer,
  anything,  ///< kept by the Call until its next one, for Api::verdict
};

/// A run()'s result: 0 where it returns nothing.
__extension__ using Integer = unsigned __int128;

/// An exception in Python code: what() is its last line, `traceback` the whole text that Python would print.
struct ScriptError : ExperimentError {
  ScriptError(const std::string& message, std::string text)
      : ExperimentError(message), traceback(std::move(text)) {}
  std::string traceback;
};

/// A run() that was ended by Api::stop. Not an error of the script's.
struct Stopped : ExperimentError {
  Stopped() : ExperimentError("stopped") {}
};

struct StartConfig {
  std::string program = {};  ///< what sys.executable is to be; decides prefix, sys.path and venv
  std::optional<double> switch_interval_s = {};  ///< sys.setswitchinterval; CPython's default where absent
  /// Whether a script, and each module without a .pyc that it imports, is unmarshalled as from one; else it
  /// is what import has just compiled.
  bool code_from_pyc = true;
  /// The folder that keeps those .pyc, made when it is needed; empty: none is kept. What cannot be read or
  /// written there costs time only.
  std::string pyc_cache = {};
};

/// The interpreter as it says of itself, once started.
struct Facts {
  std::string version;         ///< sys.version
  std::string implementation;  ///< sys.implementation.name
  std::string executable;      ///< sys.executable
  std::string prefix;          ///< sys.prefix
  std::string config_args;     ///< ./configure's arguments, from sysconfig; empty where unknown
  std::string cflags;          ///< the compiler flags it was built with, from sysconfig; empty where unknown
  bool debug = false;          ///< built with Py_DEBUG
  bool free_threaded = false;  ///< built with Py_GIL_DISABLED
  bool gil_enabled = true;     ///< sys._is_gil_enabled(); true where that does not exist (before 3.13)
  std::string
      jit;  ///< "on", "off", "none" where this build has none, "unknown" where it cannot be asked (3.13)
  double switch_interval_s = 0;
};

/// One thing that a user's file measures.
struct BenchmarkFacts {
  std::string name;    ///< NAME of bench_NAME(); "" of a file whose run(begin, end) is measured
  std::int64_t items;  ///< what a call does, or all calls together where it splits; 0: the file says none
  bool splits;         ///< the threads share the items; else each does the whole job
};

/// What came of comparing results with the one that a single thread had.
struct Verdict {
  std::string wrong;  ///< what is; "" where nothing is
  /// Why nobody can tell: "nothing" where that is what was returned; "" where it was compared.
  std::string unverified;
};

/// What the calling interpreter's Python code runs with. A script may change the first two.
struct Settings {
  double switch_interval_s = 0;
  std::string
      watchers;  ///< what looks on at the calling thread: "sys.settrace", "sys.monitoring by coverage"
  bool jit_is_on = false;
};

/// Workers that Python's own libraries have started: processes, or the pool of an executor.
struct Workers;

struct WorkersConfig {
  std::string way;  ///< "processes" of multiprocessing; "thread_pool", "interpreter_pool", "process_pool"
                    ///< of concurrent.futures
  std::string start_method;  ///< multiprocessing's: "fork", …; "" is Python's own choice
  int count = 1;
  std::string script;  ///< the path of what each of them loads
  std::optional<std::string> benchmark =
      {};  ///< what of it they call, where it is a user's file that is open; else it is a script
  std::span<const int> memory = {};  ///< descriptors of files, which must stay open; none is read yet
  double patience_s =
      30;  ///< how long they may all use no CPU time, once they have work, before they count as hung
};

/// Memory of the host's that workers see as a memoryview: all of one of the files of WorkersConfig::memory.
struct SharedBuffer {
  std::int64_t bytes;
  bool writable;
};

/// What a worker's own clocks say of the slice that it did.
struct WorkerTime {
  std::int64_t os_id;     ///< gettid()
  std::int64_t begin_ns;  ///< it was begun; CLOCK_MONOTONIC
  std::int64_t end_ns;    ///< it was done; CLOCK_MONOTONIC
  std::int64_t cpu_ns;    ///< CPU time of its thread in between
  std::optional<std::int64_t>
      run_delay_ns;  ///< how long it could run and had no core; absent where Linux is silent
};

struct Api {
  /// Starts the interpreter in this process and detaches the calling thread, from then on the main thread.
  /// Once a process, not attached. Throws UserError where the interpreter cannot start.
  void (*start)(const StartConfig&);
  /// Ends the interpreter. By the main thread, detached, when no other thread has a state.
  void (*finish)();

  /// Makes the calling thread known to Python and leaves it detached. Also by the main thread, whose state is
  /// then shared, and what stop() does to the one does not outlast it. Throws ExperimentError.
  ThreadState* (*enter_thread)();
  /// Likewise, in an isolated interpreter that is made for it, with a GIL of its own and the switch interval
  /// of the main one. What is loaded, prepared or called by the thread is that interpreter's, and nobody
  /// else's. By a thread that has not entered. Throws NotApplicable where this CPython has none such, or
  /// ExperimentError.
  ThreadState* (*enter_interpreter)();
  /// Undoes either, by the same thread, detached. The interpreter that was made for it ends: nothing of it
  /// may be left.
  void (*leave_thread)(ThreadState*);
  /// The state of the main thread. From any thread.
  ThreadState* (*main_thread)();

  /// PyEval_RestoreThread: with a GIL, returns when the calling thread holds it.
  void (*attach)(ThreadState*);
  /// PyEval_SaveThread.
  void (*detach)(ThreadState*);
  /// Runs `native` between Py_BEGIN_ALLOW_THREADS and Py_END_ALLOW_THREADS; passes on what it throws.
  void (*released)(const std::function<void()>& native);

  /// PyGILState_Ensure and PyGILState_Release, as a thread does that calls back into Python. Detached.
  void (*ensure_release)();

  Facts (*facts)();
  /// sys.setswitchinterval; returns the interval that was set before.
  double (*set_switch_interval)(double seconds);
  Settings (*settings)();
  /// How many threads, besides the main one, have left. From any thread.
  int (*left_threads)();
  /// Asks anew: importing an extension module may turn the GIL on.
  bool (*gil_enabled)();
  /// The files of the modules that scripts have imported, absolute, a line each; without those of the
  /// standard library.
  std::string (*imported_files)();
  /// The names of the threads that scripts have started and that finish() would wait for, or of daemons, too;
  /// "" where there is none.
  std::string (*running_threads)(bool and_daemons);
  /// Runs the file as a module, as `import` would, with its folder first on sys.path. Its code, and that of
  /// what is imported from its folder, is made of the file's text as it is now, and no .pyc is written there.
  Script* (*load)(const std::string& path);
  void (*unload)(Script*);
  /// Imports the module `name` of the interpreter's own: "" where that is possible, else what it raised.
  std::string (*import_error)(const std::string& name);
  /// A script of the host's own, to be unloaded like any other: run(stop, steps, member, end) computes in
  /// pure Python until stop[0] is set, and keeps how many steps it has done in the member's 8 bytes of
  /// `steps`.
  Script* (*spinner)();

  /// Imports a user's file, as load() does, and tells what it measures. Once a file; the module is kept.
  std::vector<BenchmarkFacts> (*open_benchmarks)(const std::string& path);
  /// Runs the setup of the benchmark `name` of such a file for that many threads, where it has one. To be
  /// unloaded; a Call of it, with no integers but for one that splits, passes on what the setup returned.
  Script* (*benchmark)(const std::string& path, const std::string& name, int threads);
  /// Has the calling thread do the whole job of the benchmark, unless one has in this process. May throw
  /// Stopped.
  void (*take_reference)(Script*);
  /// Compares what these calls of the benchmark returned last with the reference, which has been taken.
  Verdict (*verdict)(Script*, std::span<Call* const>);
  /// Of a benchmark that splits: what the Call returned last, for verdict_on_parts() in another interpreter.
  std::string (*part)(Call*);
  /// verdict() of such parts.
  Verdict (*verdict_on_parts)(Script*, std::span<const std::string>);
  /// The module whose import turned the GIL on, since the first open_benchmarks(); "" where none has.
  std::string (*gil_enabled_by)();

  /// Starts such workers, whose processes and interpreters load the script at once; of a benchmark, each runs
  /// the setup and, where it does not split, takes its own reference. By the main thread, as all that
  /// follows; with processes, while this one has no other thread. Throws NotApplicable where this CPython has
  /// none such.
  Workers* (*start_workers)(const WorkersConfig&);
  /// A Call of what this returns has each of them do one of the slices, of which there are as many, and
  /// returns the sum of what they returned. A slice is the integers that run() is given. Before its first, a
  /// worker maps the first of the files, as `buffers` say, and runs a script on empty slices behind
  /// `no_items`. Of a benchmark, the Call has one integer: how often each worker calls it. To be unloaded.
  /// Throws what the script raised.
  Script* (*open_workers)(Workers*, std::span<const SharedBuffer> buffers,
                          std::span<const std::vector<std::int64_t>> slices, std::int64_t no_items);
  /// Has each of them, whichever gets a task, map the files and run the script so now and not when it gets
  /// its first slice; then what must be known of their processes: how they were started, and where they run
  /// other machine code. Throws where that is another Python.
  std::string (*warm_up_workers)(Workers*);
  /// The ids of their processes; none where they have none.
  std::vector<std::int64_t> (*worker_processes)(Workers*);
  /// gettid() of those that are threads of this process.
  std::vector<std::int64_t> (*worker_threads)(Workers*);
  /// Of the last call; none where the call before took less than a millisecond.
  std::vector<WorkerTime> (*worker_times)(Workers*);
  /// Of a benchmark that does not split: each worker compares what it returned last with its own reference.
  Verdict (*workers_verdict)(Workers*);
  /// Ends them; those that hang are killed.
  void (*end_workers)(Workers*);

  /// A call of run(*buffers as memoryviews, *integers). Made, called and discarded by the same thread.
  Call* (*prepare)(Script*, std::span<const Buffer> buffers, std::span<const std::int64_t> integers, Returns);
  /// May throw Stopped.
  Integer (*call)(Call*);
  /// call() so often, one right after the other; what the last one returns counts. May throw Stopped.
  void (*call_times)(Call*, std::int64_t times);
  void (*discard)(Call*);

  /// Ends the call() that each of these threads is in at its next step (PyThreadState_SetAsyncExc), and every
  /// one that it begins from then on. By any thread that is not attached; it attaches for the moment, so it
  /// may have to wait for the GIL.
  void (*stop)(std::span<ThreadState* const> threads);
};

/// The one symbol that the module exports.
using GetApi = const Api* (*)();
inline constexpr const char* kGetApiSymbol = "harness_embed_api";

}  // namespace harness::embed
