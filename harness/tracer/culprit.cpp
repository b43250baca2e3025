// harness/tracer/culprit.cpp: CPython's functions that call any other, 3.9 to 3.15.
#include "harness/tracer/culprit.h"

#include <algorithm>
#include <string_view>

namespace harness::tracer {
namespace {

constexpr std::string_view kCallers[] = {
    "_PyEval_", "PyEval_", "_PyObject_Vectorcall", "PyObject_Vectorcall", "_PyObject_Call", "PyObject_Call",
    "_PyObject_MakeTpCall", "cfunction_", "method_vectorcall", "_PyCFunction", "PyCFunction_Call",
    "call_function", "_PyVectorcall_Call", "PyVectorcall_Call", "vectorcall_", "wrapperdescr_", "wrap_",
    "slot_tp_", "type_call", "_PyFunction_Vectorcall", "builtin_exec", "run_", "_PyRun_", "PyRun_",
    "Py_RunMain", "pymain_", "Py_BytesMain", "method_call", "object_vacall", "_Py_CallBuiltin",
    "_Py_BuiltinCallFast", "_PyCallMethodDescriptor", "_Py_VectorCall",
    // What an operator or a statement comes to, whatever the objects are.
    "PyNumber_", "binary_op", "ternary_op", "PySequence_", "unpack_iterable", "PyIter_",
    "PyObject_RichCompare", "do_richcompare", "PyObject_Repr", "PyObject_Str", "PyObject_Format",
    "PyObject_Hash", "PyObject_GetItem", "PyObject_SetItem", "PyObject_DelItem", "PyObject_Size",
    "_Py_Dealloc", "_Py_HandlePending", "handle_eval_breaker", "eval_frame_handle_pending",
    "make_pending_calls", "slot_"};

/// Or it is what a program begins in.
bool is_caller(std::string_view name) {
  return name == "_start" ||
         std::ranges::any_of(kCallers, [&](std::string_view caller) { return name.starts_with(caller); });
}

/// "sleep (_planted.so)", "_planted.so", "sleep" or "".
Culprit parsed(const std::string& name) {
  const std::size_t bracket = name.rfind(" (");
  if (bracket != name.npos && name.ends_with(')')) {
    return {name.substr(0, bracket), name.substr(bracket + 2, name.size() - bracket - 3)};
  }
  if (name.find(".so") != name.npos) return {"", name};
  return {name, ""};
}

/// What calls any function of any library.
bool is_of_foreign_calls(std::string_view library) {
  return library.starts_with("harness_tracer") || library.starts_with("libffi") ||
         library.starts_with("_ctypes") || library.starts_with("_cffi");
}

bool is_of_c_library(std::string_view library) {
  return library.starts_with("libc.so") || library.starts_with("libc-") ||
         library.starts_with("libpthread") || library.starts_with("ld-linux") ||
         library.starts_with("libm.so");
}

}  // namespace

Culprit culprit_of(const std::vector<std::string>& names, bool is_blocked) {
  std::vector<Culprit> frames;
  for (const std::string& name : names) frames.push_back(parsed(name));
  // It is about to let go: its code is done.
  const auto lets_go = [](const Culprit& frame) {
    return frame.function.find("drop_gil") != std::string::npos;
  };
  if (!is_blocked && std::ranges::any_of(frames, lets_go)) return {kPythonCode, ""};
  const auto has_no_name = [](const Culprit& frame) { return frame == Culprit{}; };
  const auto is_named = [&](const Culprit& frame) {
    return !has_no_name(frame) && !is_of_c_library(frame.library) && !is_of_foreign_calls(frame.library) &&
           !is_caller(frame.function);
  };
  if (is_blocked) {
    const auto innermost = std::ranges::find_if(frames, is_named);
    if (innermost != frames.end()) return *innermost;
  } else {
    const auto outermost = std::find_if(frames.rbegin(), frames.rend(), is_named);
    // A stripped file has functions without names. One of them called what has one, unless that was called as
    // any function of any library is.
    const auto calls_foreign = [](const Culprit& frame) { return is_of_foreign_calls(frame.library); };
    const auto called_since = std::find_if(outermost.base(), frames.end(), calls_foreign);
    const bool is_called = std::any_of(outermost.base(), called_since, has_no_name);
    if (outermost != frames.rend() && is_called)
      return {"? calling " + outermost->function, outermost->library};
    if (outermost != frames.rend()) return *outermost;
  }
  if (std::ranges::any_of(frames, has_no_name)) return {"?", ""};
  return frames.empty() ? Culprit{} : frames.front();
}

}  // namespace harness::tracer
