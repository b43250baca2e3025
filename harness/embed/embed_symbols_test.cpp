// harness/embed/embed_symbols_test.cpp: the module calls only functions that every CPython from 3.9 on has.
//
// A macro such as Py_DECREF reads the object's layout, which differs on a free-threaded build, and leaves a
// trace: it needs _Py_Dealloc. A function that came later than 3.9 would fail to bind on an old interpreter.
#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <sstream>
#include <string>

#include "harness/system/subprocess.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

// Each in Doc/data/stable_abi.dat of CPython 3.9 or before ("Contents of Limited API").
const std::set<std::string> kAllowed{
    "PyBool_FromLong",
    "PyBytes_AsStringAndSize",
    "PyBytes_FromString",
    "PyBytes_FromStringAndSize",
    "PyDict_Copy",
    "PyDict_GetItemString",
    "PyDict_New",
    "PyDict_SetItemString",
    "PyErr_Clear",
    "PyErr_Fetch",
    "PyErr_GivenExceptionMatches",
    "PyErr_NormalizeException",
    "PyErr_Occurred",
    "PyErr_Print",
    "PyEval_EvalCode",
    "PyEval_GetBuiltins",
    "PyEval_RestoreThread",
    "PyEval_SaveThread",
    "PyException_SetTraceback",
    "PyFloat_AsDouble",
    "PyFloat_FromDouble",
    "PyGILState_Ensure",
    "PyGILState_Release",
    "PyImport_AddModule",
    "PyImport_ImportModule",
    "PyInterpreterState_Get",
    "PyList_Append",
    "PyList_GetItem",
    "PyList_New",
    "PyList_Size",
    "PyLong_AsLong",
    "PyLong_AsLongLong",
    "PyLong_AsUnsignedLongLong",
    "PyLong_AsUnsignedLongLongMask",
    "PyLong_FromLong",
    "PyLong_FromLongLong",
    "PyLong_Type",
    "PyMemoryView_FromMemory",
    "PyModule_GetDict",
    "PyNumber_Rshift",
    "PyObject_Call",
    "PyObject_CallFunctionObjArgs",
    "PyObject_CallObject",
    "PyObject_GetAttrString",
    "PyObject_IsInstance",
    "PyObject_IsTrue",
    "PyObject_Repr",
    "PyObject_Str",
    "PySequence_Concat",
    "PyThreadState_Clear",
    "PyThreadState_Delete",
    "PyThreadState_Get",
    "PyThreadState_New",
    "PyThreadState_SetAsyncExc",
    "PyThread_get_thread_ident",
    "PyTuple_GetItem",
    "PyTuple_New",
    "PyTuple_SetItem",
    "PyUnicode_AsEncodedString",
    "PyUnicode_DecodeFSDefault",
    "PyUnicode_FromString",
    "Py_CompileString",
    "Py_DecRef",
    "Py_DecodeLocale",
    "Py_EndInterpreter",
    "Py_FinalizeEx",
    "Py_IncRef",
    "Py_InitializeEx",
    "_Py_NoneStruct",
};

std::set<std::string> python_symbols() {
  const ProcessResult nm =
      run_subprocess({.argv = {"/usr/bin/nm", "-D", "--undefined-only", HARNESS_EMBED}}, 30s);
  EXPECT_TRUE(nm.succeeded()) << nm.standard_error;
  std::set<std::string> symbols;
  std::istringstream lines(nm.standard_output);
  for (std::string kind, name; lines >> kind >> name;) {
    if (name.starts_with("Py") || name.starts_with("_Py")) symbols.insert(name);
  }
  return symbols;
}

TEST(EmbedSymbols, AreFunctionsOfTheStableAbiOf39) {
  if (::access("/usr/bin/nm", X_OK) != 0) {
    return skip_for_want_of(kNm, "there is no /usr/bin/nm (Debian: binutils)");
  }
  const std::set<std::string> symbols = python_symbols();
  EXPECT_FALSE(symbols.empty());
  for (const std::string& symbol : symbols) EXPECT_TRUE(kAllowed.contains(symbol)) << symbol;
}

}  // namespace
}  // namespace harness
