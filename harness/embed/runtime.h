// harness/embed/runtime.h: what the functions of the Api share: interpreters, and how their errors are told.
//
// For an attached thread, unless a line says otherwise.
#pragma once

#include <Python.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "harness/embed/api.h"
#include "harness/embed/object.h"

namespace harness::embed {

// One of CPython's interpreters, with what it has of ours. Destroyed by a thread that is attached to it.
struct Interpreter {
  PyInterpreterState* state = nullptr;
  Object prelude = {};  // the dictionary that kScriptCode and kPrelude were run in
  Object stopped = {};  // its class Stopped
};

struct ThreadState {
  PyThreadState* state = nullptr;
  Interpreter* interpreter = nullptr;  // that it belongs to
  unsigned long id = 0;                // as PyThreadState_SetAsyncExc knows the thread
  PyGILState_STATE ensured{};
  // Of a thread with an interpreter of its own: that one, and the state which `ensured` was had with.
  std::unique_ptr<Interpreter> own = {};
  PyThreadState* in_main = nullptr;
  ThreadState* outer = nullptr;  // the thread's own before this one: the main thread's, or none
  // Only a run() may be stopped. Elsewhere, for instance within an import that formatting a traceback needs,
  // the exception would leave an import lock held for ever.
  std::mutex lock;
  bool in_run = false;
  bool stopped = false;  // for good: a stop that comes before its run() begins is not lost
};

struct Script {
  Object run;
  // Of a user's benchmark:
  Object benchmark = {};  // the prelude's Benchmark
  Object setup = {};      // a tuple of what each call is given first
};

struct Call {
  Object run;
  Object arguments;
  Returns returns;
  Object result = {};  // of the last call, where it returns anything
  bool of_benchmark = false;
};

// What belongs to the process, as CPython's runtime does: it has a main interpreter, and may have others.
struct Runtime {
  StartConfig config = {};
  Interpreter interpreter = {};
  ThreadState main = {};
  std::atomic<int> entered = 0;  // threads that are between enter_thread() and leave_thread()
  std::atomic<int> left = 0;     // threads that are beyond, but for the main one
};
// Not destroyed when the process exits without finish(): no thread would be attached then.
extern Runtime* runtime;

extern thread_local ThreadState* this_thread;

/// Gives the interpreter that the calling thread is attached to what it is to have of ours. False where an
/// exception is set: its standard library does not work.
bool set_up(Interpreter& interpreter, const StartConfig& config);

/// The scope of a run(), within which stop() reaches the thread. Throws Stopped where it came before.
class Stoppable {
 public:
  Stoppable();
  ~Stoppable();
  Stoppable(const Stoppable&) = delete;
  Stoppable& operator=(const Stoppable&) = delete;
};

std::string text_of(PyObject* string);

/// The `name` of the prelude that the thread's interpreter has. Borrowed.
PyObject* prelude(const char* name);

/// Turns the exception that is set into a ScriptError, or Stopped, and clears it.
[[noreturn]] void throw_python_error();

/// Takes a new reference that a call returned, or throws what the call raised.
Object checked(PyObject* result);

/// sys.getswitchinterval() of the interpreter that the thread is attached to, in seconds.
double switch_interval_of(const Interpreter& interpreter);

/// As Api has it.
double set_switch_interval(double seconds);

/// From then on a process that a script forks is told from this one. Once.
void watch_for_forked_children();

/// Ends this process where a script has forked it: what comes after run() is the parent's.
void end_forked_child();

}  // namespace harness::embed
