// harness/embed/workers.cpp: workers of Python's own, by the classes of workers_code.h.
#include "harness/embed/workers.h"

#include <array>
#include <memory>

#include "harness/embed/benchmarks.h"

namespace harness::embed {

struct Workers {
  Object workers;  // the prelude's Workers
};

namespace {

/// A tuple of what `object_of` makes of each.
template <typename Range, typename ObjectOf>
Object tuple_of(const Range& range, ObjectOf object_of) {
  Object tuple = checked(PyTuple_New(static_cast<Py_ssize_t>(range.size())));
  Py_ssize_t next = 0;
  for (const auto& each : range) PyTuple_SetItem(tuple.get(), next++, object_of(each).release());
  return tuple;
}

Object integer(std::int64_t value) {
  return checked(PyLong_FromLongLong(value));
}

std::vector<std::int64_t> integers_of(const Object& list) {
  std::vector<std::int64_t> integers;
  for (Py_ssize_t i = 0; i < PyList_Size(list.get()); ++i) {
    integers.push_back(PyLong_AsLongLong(PyList_GetItem(list.get(), i)));
  }
  return integers;
}

/// What the method of that name returns for the arguments.
template <typename... Objects>
PyObject* called(const Workers& workers, const char* method, const Objects&... arguments) {
  const Object bound = checked(PyObject_GetAttrString(workers.workers.get(), method));
  return PyObject_CallFunctionObjArgs(bound.get(), arguments.get()..., nullptr);
}

}  // namespace

Workers* start_workers(const WorkersConfig& config) {
  const Object way = checked(PyUnicode_FromString(config.way.c_str()));
  const Object method = checked(PyUnicode_FromString(config.start_method.c_str()));
  const Object path = checked(PyUnicode_DecodeFSDefault(config.script.c_str()));
  const Object benchmark =
      config.benchmark ? checked(PyUnicode_FromString(config.benchmark->c_str())) : Object::borrowed(Py_None);
  const Object patience = checked(PyFloat_FromDouble(config.patience_s));
  return new Workers{checked(PyObject_CallFunctionObjArgs(
      prelude("start_workers"), way.get(), method.get(), integer(config.count).get(), path.get(),
      benchmark.get(), tuple_of(config.memory, integer).get(), patience.get(), nullptr))};
}

Script* open_workers(Workers* workers, std::span<const SharedBuffer> buffers,
                     std::span<const std::vector<std::int64_t>> slices, std::int64_t no_items) {
  const Object sizes = tuple_of(buffers, [](const SharedBuffer& buffer) {
    return tuple_of(std::array{buffer.bytes, std::int64_t{buffer.writable}}, integer);
  });
  const Object parts =
      tuple_of(slices, [](const std::vector<std::int64_t>& slice) { return tuple_of(slice, integer); });
  checked(called(*workers, "open", sizes, parts, integer(no_items)));
  return new Script{checked(PyObject_GetAttrString(workers->workers.get(), "run"))};
}

std::vector<std::int64_t> worker_processes(Workers* workers) {
  return integers_of(checked(called(*workers, "processes")));
}

std::vector<std::int64_t> worker_threads(Workers* workers) {
  return integers_of(checked(called(*workers, "threads")));
}

std::vector<WorkerTime> worker_times(Workers* workers) {
  const Object list = checked(PyObject_GetAttrString(workers->workers.get(), "clocks"));
  std::vector<WorkerTime> times;
  for (Py_ssize_t i = 0; i < PyList_Size(list.get()); ++i) {
    const auto item = [&](Py_ssize_t j) {
      return PyLong_AsLongLong(PyTuple_GetItem(PyList_GetItem(list.get(), i), j));
    };
    const std::int64_t run_delay_ns = item(4);
    times.push_back({.os_id = item(0),
                     .begin_ns = item(1),
                     .end_ns = item(2),
                     .cpu_ns = item(3),
                     .run_delay_ns = run_delay_ns < 0 ? std::nullopt : std::optional(run_delay_ns)});
  }
  return times;
}

std::string warm_up_workers(Workers* workers) {
  checked(called(*workers, "open_all"));
  return text_of(checked(called(*workers, "remark")).get());
}

Verdict workers_verdict(Workers* workers) {
  return verdict_of(checked(called(*workers, "verdict")));
}

void end_workers(Workers* workers) {
  const std::unique_ptr<Workers> owned(workers);
  if (!Object(called(*workers, "close"))) PyErr_Clear();
}

}  // namespace harness::embed
