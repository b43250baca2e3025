// harness/interpreter/libpython.h: what a libpython is, and which one belongs to an executable.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/interpreter/interpreter.h"

namespace harness {

/// Whether the file is a shared library of CPython, judged by its contents (it defines Py_GetVersion) and not
/// by its name. False also for one of another architecture.
bool is_libpython(const std::filesystem::path& file);

/// What the file tells without being loaded: nothing of it is executed and no child is started. Sets
/// libpython (absolute), implementation, version, free_threaded, debug and, where the file is missing, no
/// libpython, of another architecture or too old, unusable.
Interpreter identify_libpython(const std::filesystem::path& file);

/// The libpython*.so* of a folder that are this program's architecture's, each once whatever its symbolic
/// links, and sorted by name. libpython3.so, which only forwards to another, is not among them.
std::vector<std::filesystem::path> libpythons_in(const std::filesystem::path& folder);

/// Where an interpreter's libpython may lie.
struct LibpythonHints {
  std::vector<std::string> mapped;   ///< files that its process had mapped: certain, so asked first
  std::vector<std::string> folders;  ///< in the order of preference; an empty one is passed over
  std::vector<std::string> names;    ///< in the order of preference; one without ".so" is passed over
};

/// The first file by those hints that is a libpython of the interpreter's version and kind of build; empty
/// when there is none.
std::filesystem::path find_libpython(const Interpreter& interpreter, const LibpythonHints& hints);

/// "libpython3.13t.so.1.0": the usual name of the interpreter's libpython.
std::string libpython_name(const Interpreter& interpreter);

}  // namespace harness
