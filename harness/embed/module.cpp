// harness/embed/module.cpp: the Api's table; the only code, with its neighbours here, that calls CPython.
//
// Compiled for the limited API of 3.9 and linked against no libpython: one build binds to whichever libpython
// the host has loaded. On a free-threaded build objects are laid out otherwise, so only functions are called.
#include <exception>
#include <memory>

#include "harness/embed/benchmarks.h"
#include "harness/embed/interpreter_start.h"
#include "harness/embed/runtime.h"
#include "harness/embed/threads.h"
#include "harness/embed/workers.h"

namespace harness::embed {

namespace {

void start(const StartConfig& config) {
  start_interpreter(config.program);
  runtime = new Runtime{.config = config};
  this_thread = &runtime->main;
  this_thread->interpreter = &runtime->interpreter;
  this_thread->id = PyThread_get_thread_ident();
  if (!set_up(runtime->interpreter, config)) {
    PyErr_Print();
    throw UserError("--python: its standard library does not work (the error above is Python's own)");
  }
  watch_for_forked_children();
  if (config.switch_interval_s) set_switch_interval(*config.switch_interval_s);
  this_thread->state = PyEval_SaveThread();
}

void finish() {
  PyEval_RestoreThread(runtime->main.state);
  delete std::exchange(runtime, nullptr);
  Py_FinalizeEx();
}

void attach(ThreadState* thread) {
  PyEval_RestoreThread(thread->state);
}

void detach(ThreadState*) {
  PyEval_SaveThread();
}

void released(const std::function<void()>& native) {
  std::exception_ptr error;
  Py_BEGIN_ALLOW_THREADS;
  try {
    native();
  } catch (...) {
    error = std::current_exception();
  }
  Py_END_ALLOW_THREADS;
  if (error) std::rethrow_exception(error);
}

void ensure_release() {
  PyGILState_Release(PyGILState_Ensure());
}

Facts facts() {
  const Object values = checked(PyObject_CallObject(prelude("facts"), nullptr));
  const auto item = [&](Py_ssize_t i) { return PyTuple_GetItem(values.get(), i); };
  return {.version = text_of(item(0)),
          .implementation = text_of(item(1)),
          .executable = text_of(item(2)),
          .prefix = text_of(item(3)),
          .config_args = text_of(item(4)),
          .cflags = text_of(item(5)),
          .debug = PyLong_AsLong(item(6)) != 0,
          .free_threaded = PyLong_AsLong(item(7)) != 0,
          .gil_enabled = PyLong_AsLong(item(8)) != 0,
          .jit = text_of(item(10)),
          .switch_interval_s = PyFloat_AsDouble(item(9))};
}

Settings settings() {
  const Object values = checked(PyObject_CallObject(prelude("settings"), nullptr));
  return {.switch_interval_s = PyFloat_AsDouble(PyTuple_GetItem(values.get(), 0)),
          .watchers = text_of(PyTuple_GetItem(values.get(), 1)),
          .jit_is_on = PyObject_IsTrue(PyTuple_GetItem(values.get(), 2)) == 1};
}

int left_threads() {
  return runtime->left;
}

bool gil_enabled() {
  return PyObject_IsTrue(checked(PyObject_CallObject(prelude("gil_enabled"), nullptr)).get()) == 1;
}

std::string imported_files() {
  return text_of(checked(PyObject_CallObject(prelude("imported_files"), nullptr)).get());
}

std::string running_threads(bool and_daemons) {
  const Object all = checked(PyBool_FromLong(and_daemons));
  return text_of(checked(PyObject_CallFunctionObjArgs(prelude("running_threads"), all.get(), nullptr)).get());
}

Script* load(const std::string& path) {
  const Object name = checked(PyUnicode_DecodeFSDefault(path.c_str()));
  PyObject* const run = PyObject_CallFunctionObjArgs(prelude("load"), name.get(), nullptr);
  end_forked_child();
  return new Script{checked(run)};
}

std::string import_error(const std::string& name) {
  const Object imported(PyImport_ImportModule(name.c_str()));
  if (imported) return "";
  try {
    throw_python_error();
  } catch (const ScriptError& error) {
    return error.what();
  }
}

Script* spinner() {
  return new Script{Object::borrowed(prelude("spin"))};
}

void unload(Script* script) {
  delete script;
}

// PyBUF_READ and PyBUF_WRITE, which the limited API names only from 3.11 on (Include/pybuffer.h).
constexpr int kRead = 0x100;
constexpr int kWrite = 0x200;

Call* prepare(Script* script, std::span<const Buffer> buffers, std::span<const std::int64_t> integers,
              Returns returns) {
  // Each call has memoryviews of its own: threads that shared one would contend for its reference count on a
  // free-threaded build, which is a cost of the host's and not of the script's.
  Object arguments = checked(PyTuple_New(static_cast<Py_ssize_t>(buffers.size() + integers.size())));
  Py_ssize_t next = 0;
  const auto append = [&](Object argument) { PyTuple_SetItem(arguments.get(), next++, argument.release()); };
  for (const Buffer& buffer : buffers) {
    append(checked(PyMemoryView_FromMemory(static_cast<char*>(buffer.data), buffer.bytes,
                                           buffer.writable ? kWrite : kRead)));
  }
  for (const std::int64_t integer : integers) append(checked(PyLong_FromLongLong(integer)));
  if (script->benchmark) {
    return new Call{run_of(*script), with_setup(*script, std::move(arguments)), returns, {}, true};
  }
  return new Call{Object::borrowed(script->run.get()), std::move(arguments), returns};
}

/// A Python integer as an Integer; throws ScriptError where it is none, or does not fit.
Integer integer_of(PyObject* result) {
  static_assert(sizeof(Integer) == 2 * sizeof(unsigned long long));
  if (PyObject_IsInstance(result, reinterpret_cast<PyObject*>(&PyLong_Type)) != 1) {
    const Object shown = checked(PyObject_Repr(result));
    throw ScriptError("run() returned " + text_of(shown.get()) + ", which is not an integer", "");
  }
  const Object width = checked(PyLong_FromLong(64));
  const Object high = checked(PyNumber_Rshift(result, width.get()));
  const unsigned long long high_bits = PyLong_AsUnsignedLongLong(high.get());
  if (PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    throw ScriptError("run() returned an integer that is negative or over 128 bits", "");
  }
  return Integer{high_bits} << 64 | PyLong_AsUnsignedLongLongMask(result);
}

Integer call(Call* call) {
  PyObject* owned = nullptr;
  {
    const Stoppable scope;
    owned = PyObject_Call(call->run.get(), call->arguments.get(), nullptr);
    end_forked_child();
  }
  Object result = checked(owned);
  if (call->returns == Returns::integer) return integer_of(result.get());
  if (call->returns == Returns::anything) {
    call->result = std::move(result);
    return 0;
  }
  if (result.get() == Py_None) return 0;
  const Object shown = checked(PyObject_Repr(result.get()));
  throw ScriptError("run() returned " + text_of(shown.get()) + ", but is to write its result and return None",
                    "");
}

void call_times(Call* call, std::int64_t times) {
  PyObject* owned = nullptr;
  {
    const Stoppable scope;
    for (std::int64_t i = 0; i < times; ++i) {
      Py_DecRef(owned);
      owned = PyObject_Call(call->run.get(), call->arguments.get(), nullptr);
      end_forked_child();
      if (owned == nullptr) break;
    }
  }
  call->result = checked(owned);
}

void discard(Call* call) {
  if (call->of_benchmark) end_run(*call);
  delete call;
}

}  // namespace
}  // namespace harness::embed

extern "C" __attribute__((visibility("default"))) const harness::embed::Api* harness_embed_api() {
  using namespace harness::embed;
  static constexpr Api api = {.start = start,
                              .finish = finish,
                              .enter_thread = enter_thread,
                              .enter_interpreter = enter_interpreter,
                              .leave_thread = leave_thread,
                              .main_thread = main_thread,
                              .attach = attach,
                              .detach = detach,
                              .released = released,
                              .ensure_release = ensure_release,
                              .facts = facts,
                              .set_switch_interval = set_switch_interval,
                              .settings = settings,
                              .left_threads = left_threads,
                              .gil_enabled = gil_enabled,
                              .imported_files = imported_files,
                              .running_threads = running_threads,
                              .load = load,
                              .unload = unload,
                              .import_error = import_error,
                              .spinner = spinner,
                              .open_benchmarks = open_benchmarks,
                              .benchmark = benchmark,
                              .take_reference = take_reference,
                              .verdict = verdict,
                              .part = part,
                              .verdict_on_parts = verdict_on_parts,
                              .gil_enabled_by = gil_enabled_by,
                              .start_workers = start_workers,
                              .open_workers = open_workers,
                              .warm_up_workers = warm_up_workers,
                              .worker_processes = worker_processes,
                              .worker_threads = worker_threads,
                              .worker_times = worker_times,
                              .workers_verdict = workers_verdict,
                              .end_workers = end_workers,
                              .prepare = prepare,
                              .call = call,
                              .call_times = call_times,
                              .discard = discard,
                              .stop = stop};
  return &api;
}
