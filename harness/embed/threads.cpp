// harness/embed/threads.cpp: threads that come and go, and interpreters of their own.
#include "harness/embed/threads.h"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "harness/embed/interpreter_start.h"

namespace harness::embed {
namespace {

/// The calling thread's state in the main interpreter, to which it is attached.
std::unique_ptr<ThreadState> ensured_thread() {
  auto thread = std::make_unique<ThreadState>();
  thread->ensured = PyGILState_Ensure();
  thread->interpreter = &runtime->interpreter;
  thread->id = PyThread_get_thread_ident();
  return thread;
}

/// The calling thread attached to an interpreter in which it may have no state.
class AttachedTo {
 public:
  explicit AttachedTo(const Interpreter& interpreter) {
    if (&interpreter == &runtime->interpreter) {
      ensured_ = PyGILState_Ensure();
    } else {
      own_ = PyThreadState_New(interpreter.state);
      PyEval_RestoreThread(own_);
    }
  }
  ~AttachedTo() {
    if (own_ == nullptr) {
      PyGILState_Release(ensured_);
    } else {
      PyThreadState_Clear(own_);
      PyThreadState_Delete(PyEval_SaveThread());
    }
  }
  AttachedTo(const AttachedTo&) = delete;
  AttachedTo& operator=(const AttachedTo&) = delete;

 private:
  PyGILState_STATE ensured_{};
  PyThreadState* own_ = nullptr;
};

/// Takes `thread` out of the calling thread's, which may leave in any order.
void forget(const ThreadState* thread) {
  ThreadState** inner = &this_thread;
  while (*inner != thread) inner = &(*inner)->outer;
  *inner = thread->outer;
}

}  // namespace

ThreadState* enter_thread() {
  std::unique_ptr<ThreadState> thread = ensured_thread();
  // A traceback is made by a module that takes its time to import. Threads that compute in Python would draw
  // that out to seconds, so it is there before they begin; a thread by itself does without.
  if (runtime->entered.fetch_add(1) == 1 && !Object(PyImport_ImportModule("traceback"))) PyErr_Clear();
  thread->state = PyEval_SaveThread();
  thread->outer = std::exchange(this_thread, thread.get());
  return thread.release();
}

ThreadState* enter_interpreter() {
  std::unique_ptr<ThreadState> thread = ensured_thread();
  const double switch_interval_s = switch_interval_of(runtime->interpreter);
  thread->in_main = PyThreadState_Get();
  try {
    thread->state = start_own_interpreter();
  } catch (...) {
    PyGILState_Release(thread->ensured);
    throw;
  }
  ++runtime->entered;
  thread->own = std::make_unique<Interpreter>();
  thread->interpreter = thread->own.get();
  thread->outer = std::exchange(this_thread, thread.get());
  const bool works = set_up(*thread->own, runtime->config);
  if (works) {
    set_switch_interval(switch_interval_s);
  } else {
    PyErr_Print();
  }
  PyEval_SaveThread();
  if (works) return thread.release();
  leave_thread(thread.release());
  throw ExperimentError(
      "the standard library does not work in a subinterpreter (the error above is Python's)");
}

void leave_thread(ThreadState* thread) {
  PyEval_RestoreThread(thread->state);
  --runtime->entered;
  if (thread->outer == nullptr) ++runtime->left;
  if (thread->own != nullptr) {
    thread->own.reset();
    Py_EndInterpreter(thread->state);  // no thread state is the current one then
    PyEval_RestoreThread(thread->in_main);
  }
  PyGILState_Release(thread->ensured);
  forget(thread);
  delete thread;
}

ThreadState* main_thread() {
  return &runtime->main;
}

void stop(std::span<ThreadState* const> threads) {
  std::optional<AttachedTo> attached;
  const Interpreter* to = nullptr;
  for (ThreadState* const thread : threads) {
    if (std::exchange(to, thread->interpreter) != thread->interpreter) {
      attached.reset();
      attached.emplace(*thread->interpreter);
    }
    const std::lock_guard guard(thread->lock);
    thread->stopped = true;
    if (thread->in_run) PyThreadState_SetAsyncExc(thread->id, thread->interpreter->stopped.get());
  }
}

}  // namespace harness::embed
