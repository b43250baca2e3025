// harness/embed/interpreter_start.h: starting CPython, which differs between its versions.
#pragma once

#include <Python.h>

#include <string>

namespace harness::embed {

/// Starts the interpreter with `program` as its executable, from which CPython derives its prefix, sys.path
/// and virtual environment as it does when that executable is run; the environment (PYTHONPATH, PYTHON_GIL,
/// …) counts as it does there, too. No signal handlers are installed. Throws UserError.
void start_interpreter(const std::string& program);

/// A further interpreter, isolated and with a GIL of its own (Py_NewInterpreterFromConfig, PEP 684). The
/// calling thread, which is attached to the main one, is attached to the new one instead, by the state that
/// is returned. Throws NotApplicable where this CPython has no such interpreters, or ExperimentError; the
/// thread is attached as before then.
PyThreadState* start_own_interpreter();

}  // namespace harness::embed
