// harness/interpreter/guest.cpp: reads from an executable's ELF file whether it takes a guest.
#include "harness/interpreter/guest.h"

#include "harness/interpreter/elf_file.h"

namespace harness {
namespace {

// Part of the C API in every version; exported by what has CPython's code in it.
constexpr const char* kOfTheCode = "Py_GetVersion";
// All that the main() of an executable with a libpython calls (CPython, Programs/python.c).
constexpr const char* kCalledByMain = "Py_BytesMain";

std::string why_no_guest(const std::filesystem::path& executable, const std::optional<ElfFile>& elf) {
  if (!elf) return "its executable '" + executable.string() + "' is not an ELF program";
  const std::string loader = elf->loader().filename();
  const std::string own_loader = ElfFile::open("/proc/self/exe")->loader().filename();
  if (loader.empty()) return "its executable is linked without a loader (-static)";
  if (loader != own_loader) {
    return "its executable is built for another C library (its loader is " + loader + ", not " + own_loader +
           ")";
  }
  if (!elf->exports(kOfTheCode) && !elf->imports(kCalledByMain)) {
    return "its executable does not export Python's C API (it is linked without -export-dynamic)";
  }
  return {};
}

}  // namespace

Interpreter as_guest(Interpreter interpreter) {
  const auto elf = ElfFile::open(interpreter.executable);
  interpreter.guest = true;
  interpreter.unusable = why_no_guest(interpreter.executable, elf);
  if (interpreter.usable() && elf->exports(kOfTheCode)) interpreter.libpython.clear();
  return interpreter;
}

}  // namespace harness
