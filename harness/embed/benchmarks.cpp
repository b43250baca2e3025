// harness/embed/benchmarks.cpp: files of benchmarks, by the functions of benchmarks_code.h.
#include "harness/embed/benchmarks.h"

#include <memory>

namespace harness::embed {
namespace {

/// A new list of these objects, which are borrowed.
Object list_of(std::span<Call* const> calls) {
  Object list = checked(PyList_New(0));
  for (const Call* const call : calls) {
    PyObject* const result = call->result ? call->result.get() : Py_None;
    if (PyList_Append(list.get(), result) != 0) throw_python_error();
  }
  return list;
}

}  // namespace

std::vector<BenchmarkFacts> open_benchmarks(const std::string& path) {
  const Object file = checked(PyUnicode_DecodeFSDefault(path.c_str()));
  PyObject* const opened = PyObject_CallFunctionObjArgs(prelude("open_benchmarks"), file.get(), nullptr);
  end_forked_child();
  const Object list = checked(opened);
  std::vector<BenchmarkFacts> found;
  for (Py_ssize_t i = 0; i < PyList_Size(list.get()); ++i) {
    PyObject* const facts = PyList_GetItem(list.get(), i);
    found.push_back({.name = text_of(PyTuple_GetItem(facts, 0)),
                     .items = PyLong_AsLongLong(PyTuple_GetItem(facts, 1)),
                     .splits = PyObject_IsTrue(PyTuple_GetItem(facts, 2)) == 1});
  }
  return found;
}

Script* benchmark(const std::string& path, const std::string& name, int threads) {
  const Object file = checked(PyUnicode_DecodeFSDefault(path.c_str()));
  const Object wanted = checked(PyUnicode_FromString(name.c_str()));
  const Object count = checked(PyLong_FromLong(threads));
  PyObject* const prepared = PyObject_CallFunctionObjArgs(prelude("prepare_benchmark"), file.get(),
                                                          wanted.get(), count.get(), nullptr);
  end_forked_child();
  const Object pair = checked(prepared);
  PyObject* const found = PyTuple_GetItem(pair.get(), 0);
  return new Script{checked(PyObject_GetAttrString(found, "function")), Object::borrowed(found),
                    Object::borrowed(PyTuple_GetItem(pair.get(), 1))};
}

void take_reference(Script* script) {
  PyObject* taken = nullptr;
  {
    const Stoppable scope;
    taken = PyObject_CallFunctionObjArgs(prelude("take_reference"), script->benchmark.get(), nullptr);
    end_forked_child();
  }
  checked(taken);
}

Verdict verdict(Script* script, std::span<Call* const> calls) {
  const Object results = list_of(calls);
  return verdict_of(checked(
      PyObject_CallFunctionObjArgs(prelude("verdict"), script->benchmark.get(), results.get(), nullptr)));
}

std::string part(Call* call) {
  const Object bytes = checked(PyObject_CallFunctionObjArgs(prelude("part_of"), call->result.get(), nullptr));
  char* begin = nullptr;
  Py_ssize_t size = 0;
  if (PyBytes_AsStringAndSize(bytes.get(), &begin, &size) != 0) throw_python_error();
  return {begin, static_cast<std::size_t>(size)};
}

Verdict verdict_on_parts(Script* script, std::span<const std::string> parts) {
  const Object list = checked(PyList_New(0));
  for (const std::string& each : parts) {
    const Object bytes =
        checked(PyBytes_FromStringAndSize(each.data(), static_cast<Py_ssize_t>(each.size())));
    if (PyList_Append(list.get(), bytes.get()) != 0) throw_python_error();
  }
  return verdict_of(checked(PyObject_CallFunctionObjArgs(prelude("verdict_on_parts"), script->benchmark.get(),
                                                         list.get(), nullptr)));
}

Verdict verdict_of(const Object& pair) {
  return {.wrong = text_of(PyTuple_GetItem(pair.get(), 0)),
          .unverified = text_of(PyTuple_GetItem(pair.get(), 1))};
}

std::string gil_enabled_by() {
  return text_of(checked(PyObject_CallObject(prelude("gil_enabled_by"), nullptr)).get());
}

Object run_of(const Script& script) {
  return checked(PyObject_CallFunctionObjArgs(prelude("run_of"), script.run.get(), nullptr));
}

void end_run(const Call& call) {
  if (!Object(PyObject_CallFunctionObjArgs(prelude("end_run"), call.run.get(), nullptr))) PyErr_Clear();
}

Object with_setup(const Script& script, Object arguments) {
  return checked(PySequence_Concat(script.setup.get(), arguments.get()));
}

}  // namespace harness::embed
