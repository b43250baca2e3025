// harness/interpreter/interpreter.h: one CPython, resolved to its files and the facts about its build.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace harness {

/// The oldest CPython that the embedding module is built for: its Py_LIMITED_API is 0x03090000.
inline constexpr int kOldestMajor = 3;
inline constexpr int kOldestMinor = 9;

/// What is known of one interpreter. Facts that only its executable can tell are empty where none was run.
struct Interpreter {
  /// As sys.executable says, so that a virtual environment's own is kept and an interpreter embedded under
  /// this program name finds its pyvenv.cfg. Empty when only a libpython was found.
  std::filesystem::path executable;
  /// The shared library that its code is in, absolute. Empty when there is none: a CPython that is linked
  /// statically, whose code is in the executable.
  std::filesystem::path libpython;
  /// Whether harness runs as a guest in the executable. Else it is the host and loads the libpython.
  bool guest = false;

  std::string implementation;  ///< sys.implementation.name: "cpython"
  std::string version;         ///< "3.13.0", "3.14.0rc2"; "3.13" where the last part could not be found out
  int major = 0;
  int minor = 0;
  bool free_threaded = false;  ///< as built (Py_GIL_DISABLED), whether or not its GIL is on
  bool debug = false;          ///< as built (Py_DEBUG)

  std::string prefix;
  std::string exec_prefix;
  std::string base_prefix;  ///< differs from prefix in a virtual environment
  std::string platform;     ///< sysconfig.get_platform(): "linux-x86_64"
  std::string machine;      ///< os.uname().machine
  std::string config_args;  ///< what ./configure was given
  std::string compiler;     ///< platform.python_compiler(): "GCC 12.2.0"
  std::string cflags;       ///< what the C files were compiled with
  std::vector<std::string> sys_path;

  /// Why harness cannot run it, and the mend; empty when it can.
  std::string unusable;

  bool usable() const noexcept { return unusable.empty(); }
};

/// "3.13.5t": the version as a SPEC of --python names it.
std::string version_name(const Interpreter& interpreter);

/// The file that its code is in: the libpython, or the executable itself, without symbolic links.
std::filesystem::path code_file(const Interpreter& interpreter);

/// One line for people: version, GIL or free-threaded, files, and what is wrong with it, if anything.
std::string describe(const Interpreter& interpreter);

/// Why harness cannot run an interpreter of this implementation and version, and the mend; empty when it can.
std::string why_unsupported(const Interpreter& interpreter);

}  // namespace harness
