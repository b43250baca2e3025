// harness/tracer/python_line.h: which line of Python a thread of another process is in.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace harness::tracer {

/// A frame of Python.
struct PythonFrame {
  std::string function = {};
  std::string file = {};
  int line = 0;  ///< 0: not known

  // NOLINTNEXTLINE(modernize-use-nullptr): it takes what the compiler writes here for a 0
  auto operator<=>(const PythonFrame&) const = default;
};

/// "work (app.py:12)": the file without its folders.
std::string in_words(const PythonFrame& frame);

/// Whether the file is of the standard library, and nobody's own.
bool is_of_library(const PythonFrame& frame);

/// Reads CPython's frames from outside: by the table of offsets that 3.13 and later have in their memory for
/// that purpose (_Py_DebugOffsets, Include/internal/pycore_debug_offsets.h). The thread must stay in the
/// frame meanwhile, as one does that is in native code; of another what is read may be nonsense, which is
/// then not told, or told wrongly.
class PythonLines {
 public:
  /// So many bytes of the process's memory at an address; fewer where fewer can be read.
  using Read = std::function<std::string(std::uintptr_t address, std::size_t bytes)>;

  /// `runtime` is where _PyRuntime is.
  PythonLines(std::uintptr_t runtime, Read read);

  /// Whether the interpreter has such a table, of a version that this knows.
  bool are_known() const { return layout_ != nullptr; }

  /// The innermost frames, sixteen at most; none where they cannot be told.
  std::vector<PythonFrame> frames_of(pid_t thread) const;

 private:
  struct Layout;

  std::uint64_t offset(std::size_t at) const;
  std::uint64_t word(std::uintptr_t address) const;
  std::string text(std::uintptr_t object) const;
  bool is_code(std::uintptr_t object) const;
  std::uintptr_t frame_of(pid_t thread) const;
  PythonFrame read_frame(std::uintptr_t frame, std::uintptr_t code) const;
  int line_in(std::uintptr_t frame, std::uintptr_t code) const;

  Read read_;
  std::uintptr_t runtime_;
  std::string offsets_;
  const Layout* layout_ = nullptr;
  bool free_threaded_ = false;
};

/// The line of an instruction, by its number in code units, in a code object's table of locations (3.11 on,
/// InternalDocs/code_objects.md); nothing where it has none.
std::optional<int> line_at(std::string_view table, int first_line, std::size_t instruction);

}  // namespace harness::tracer
