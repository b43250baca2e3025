// harness/embed/runtime.cpp: one interpreter a process, and its errors as the host's.
#include "harness/embed/runtime.h"

#include <pthread.h>

#include <cstdlib>

namespace harness::embed {
namespace {

std::atomic<bool> is_forked_child = false;

}  // namespace

Interpreter* interpreter = nullptr;

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
  return PyDict_GetItemString(interpreter->prelude.get(), name);
}

[[noreturn]] void throw_python_error() {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  const Object owned_type(type), owned_value(value), owned_trace(trace);
  if (PyErr_GivenExceptionMatches(type, interpreter->stopped.get())) throw Stopped();
  if (trace != nullptr) PyException_SetTraceback(value, trace);
  const Object described(PyObject_CallFunctionObjArgs(prelude("describe"), value, nullptr));
  if (!described) {
    PyErr_Clear();
    throw ScriptError("an exception that cannot be described", "");
  }
  throw ScriptError(text_of(PyTuple_GetItem(described.get(), 0)),
                    text_of(PyTuple_GetItem(described.get(), 1)));
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
