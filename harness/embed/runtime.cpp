// harness/embed/runtime.cpp: what belongs to a process or a thread, and Python's errors as the host's.
#include "harness/embed/runtime.h"

#include <pthread.h>

#include <cstdlib>

#include "harness/embed/benchmarks_code.h"
#include "harness/embed/prelude.h"
#include "harness/embed/script_code.h"
#include "harness/embed/worker_code.h"
#include "harness/embed/workers_code.h"

namespace harness::embed {
namespace {

std::atomic<bool> is_forked_child = false;

/// The namespace of a new module `_harness`, in which kScriptCode and the host's other code were run; none
/// where an exception is set.
Object run_prelude(const StartConfig& config) {
  PyObject* const module = PyImport_AddModule("_harness");
  Object names = module == nullptr ? Object() : Object::borrowed(PyModule_GetDict(module));
  const Object builtins(PyDict_Copy(PyEval_GetBuiltins()));
  if (!names || !builtins) return {};
  PyDict_SetItemString(names.get(), "__builtins__", builtins.get());
  const auto run = [&](const Object& code) {
    return Object(code ? PyEval_EvalCode(code.get(), names.get(), names.get()) : nullptr);
  };
  const auto call = [&](const char* function, const Object& first, const Object& second) {
    PyObject* const called = PyDict_GetItemString(names.get(), function);
    return Object(first && second ? PyObject_CallFunctionObjArgs(called, first.get(), second.get(), nullptr)
                                  : nullptr);
  };
  const Object script_code(Py_CompileString(kScriptCode, "harness/embed/script_code.h", Py_file_input));
  if (!run(script_code)) return {};
  const Object cache(PyUnicode_DecodeFSDefault(config.pyc_cache.c_str()));
  if (!call("choose_code", Object(PyBool_FromLong(config.code_from_pyc)), cache)) return {};
  const std::string text = std::string(kPrelude) + kBenchmarks + kWorker + kWorkers;
  const Object code = call("code_of_host", Object(PyBytes_FromString(text.c_str())),
                           Object(PyUnicode_FromString("harness/embed/prelude.h")));
  if (!run(code)) return {};
  const Object codes(PyTuple_New(2));
  if (!codes) return {};
  PyTuple_SetItem(codes.get(), 0, Object::borrowed(script_code.get()).release());
  PyTuple_SetItem(codes.get(), 1, Object::borrowed(code.get()).release());
  PyDict_SetItemString(names.get(), "own_codes", codes.get());
  return names;
}

}  // namespace

Runtime* runtime = nullptr;

bool set_up(Interpreter& interpreter, const StartConfig& config) {
  interpreter.state = PyInterpreterState_Get();
  interpreter.prelude = run_prelude(config);
  if (!interpreter.prelude) return false;
  interpreter.stopped = Object::borrowed(PyDict_GetItemString(interpreter.prelude.get(), "Stopped"));
  return true;
}

thread_local ThreadState* this_thread = nullptr;

Stoppable::Stoppable() {
  const std::lock_guard guard(this_thread->lock);
  if (this_thread->stopped) throw Stopped();
  this_thread->in_run = true;
}

Stoppable::~Stoppable() {
  {
    const std::lock_guard guard(this_thread->lock);
    this_thread->in_run = false;
    if (!this_thread->stopped) return;
  }
  // This takes back what came too late to be raised. It must not be done without need: up to 3.12 CPython
  // then looks for an exception that is not there, at every backward jump from then on
  // (PyThreadState_SetAsyncExc, _Py_HandlePending).
  PyThreadState_SetAsyncExc(this_thread->id, nullptr);
}

std::string text_of(PyObject* string) {
  const Object bytes(PyUnicode_AsEncodedString(string, "utf-8", "backslashreplace"));
  char* text = nullptr;
  Py_ssize_t size = 0;
  if (bytes && PyBytes_AsStringAndSize(bytes.get(), &text, &size) == 0) {
    return {text, static_cast<std::size_t>(size)};
  }
  PyErr_Clear();
  return "(text that cannot be shown)";
}

PyObject* prelude(const char* name) {
  return PyDict_GetItemString(this_thread->interpreter->prelude.get(), name);
}

[[noreturn]] void throw_python_error() {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  const Object owned_type(type), owned_value(value), owned_trace(trace);
  if (PyErr_GivenExceptionMatches(type, this_thread->interpreter->stopped.get())) throw Stopped();
  if (PyErr_GivenExceptionMatches(type, prelude("NotHere"))) {
    throw NotApplicable(text_of(checked(PyObject_Str(value)).get()));
  }
  if (trace != nullptr) PyException_SetTraceback(value, trace);
  const Object described(PyObject_CallFunctionObjArgs(prelude("describe"), value, nullptr));
  if (!described) {
    PyErr_Clear();
    throw ScriptError("an exception that cannot be described", "");
  }
  throw ScriptError(text_of(PyTuple_GetItem(described.get(), 0)),
                    text_of(PyTuple_GetItem(described.get(), 1)));
}

double switch_interval_of(const Interpreter& interpreter) {
  PyObject* const switch_interval = PyDict_GetItemString(interpreter.prelude.get(), "switch_interval");
  return PyFloat_AsDouble(checked(PyObject_CallObject(switch_interval, nullptr)).get());
}

double set_switch_interval(double seconds) {
  const Object interval = checked(PyFloat_FromDouble(seconds));
  const Object before =
      checked(PyObject_CallFunctionObjArgs(prelude("set_switch_interval"), interval.get(), nullptr));
  return PyFloat_AsDouble(before.get());
}

Object checked(PyObject* result) {
  if (result == nullptr) throw_python_error();
  return Object(result);
}

void watch_for_forked_children() {
  pthread_atfork(nullptr, nullptr, [] { is_forked_child = true; });
}

void end_forked_child() {
  if (!is_forked_child.load(std::memory_order_relaxed)) return;
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (value != nullptr && trace != nullptr) PyException_SetTraceback(value, trace);
  PyObject* const error = value == nullptr ? Py_None : value;
  PyObject_CallFunctionObjArgs(prelude("leave_child"), error, nullptr);
  std::abort();  // it does not return
}

}  // namespace harness::embed
