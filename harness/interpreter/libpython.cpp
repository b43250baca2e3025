// harness/interpreter/libpython.cpp: identifies libpythons by their names, symbols and string constants.
#include "harness/interpreter/libpython.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>

#include "harness/interpreter/elf_file.h"
#include "harness/interpreter/version.h"

namespace harness {
namespace {

constexpr std::string_view kPrefix = "libpython";

bool is_digit_or_dot(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.';
}

// The whole version "3.11.2" among a library's string constants, given that it starts with "3.11.". It is the
// literal PY_VERSION of Py_GetVersion() (Python/getversion.c). The linker may have merged it with the end of
// a longer one, such as the prefix ".../versions/3.11.2"; a string of its own counts for more.
std::string find_full_version(std::string_view constants, const std::string& start) {
  std::string at_an_end;
  for (auto at = constants.find(start); at != std::string_view::npos; at = constants.find(start, at + 1)) {
    const char before = at == 0 ? '\0' : constants[at - 1];
    const std::string_view literal = constants.substr(at, constants.find('\0', at) - at);
    if (is_digit_or_dot(before)) continue;
    std::string_view rest;
    const auto version = leading_version(literal, rest);
    if (!version || !version->patch || version->free_threaded || (!rest.empty() && rest != "+")) continue;
    std::string found(literal.substr(0, literal.size() - rest.size()));
    if (before == '\0') return found;
    at_an_end = std::move(found);
  }
  return at_an_end;
}

// Takes "libpython3.13td.so.1.0" apart; false when it is no such name. The letters are CPython's ABI flags:
// t free-threaded, d debug, and before 3.8 m, which says nothing that matters here.
bool read_name(std::string_view name, Interpreter& interpreter) {
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  std::string_view rest;
  const auto version = leading_version(name, rest);
  if (!version || !version->minor || rest.find(".so") == std::string_view::npos) return false;
  interpreter.major = version->major;
  interpreter.minor = *version->minor;
  interpreter.version = std::to_string(version->major) + "." + std::to_string(*version->minor);
  interpreter.free_threaded = version->free_threaded;
  interpreter.debug = rest.substr(0, rest.find('.')).find('d') != std::string_view::npos;
  return true;
}

std::string why_no_libpython(const std::filesystem::path& file, const std::optional<ElfFile>& elf) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return "no such file: check the path";
  if (std::filesystem::is_directory(file, ignored)) return "it is a folder: name the libpython*.so in it";
  if (!elf) return "it is not an ELF shared library: name a libpython*.so";
  if (elf->architecture() != own_architecture()) {
    return "it is built for " + describe(elf->architecture()) + " and this harness for " +
           describe(own_architecture()) + ": name one of the same architecture";
  }
  if (!elf->is_shared_library() || !elf->exports("Py_GetVersion")) {
    return "it is not a libpython (it does not define Py_GetVersion): name a libpython3.X.so";
  }
  return {};
}

bool belongs_to(const Interpreter& library, const Interpreter& interpreter) {
  return library.usable() && library.debug == interpreter.debug &&
         may_be(version_of(library), version_of(interpreter));
}

}  // namespace

bool is_libpython(const std::filesystem::path& file) {
  return why_no_libpython(file, ElfFile::open(file)).empty();
}

Interpreter identify_libpython(const std::filesystem::path& file) {
  Interpreter interpreter;
  interpreter.libpython = std::filesystem::absolute(file).lexically_normal();
  const auto elf = ElfFile::open(file);
  interpreter.unusable = why_no_libpython(file, elf);
  if (!interpreter.usable()) return interpreter;
  if (!read_name(elf->soname(), interpreter) && !read_name(file.filename().string(), interpreter)) {
    interpreter.unusable = "neither its name nor its SONAME says which Python it is: name a libpython3.X.so";
    return interpreter;
  }
  const std::string full = find_full_version(elf->read_only_data(), interpreter.version + ".");
  if (!full.empty()) interpreter.version = full;
  interpreter.implementation = "cpython";
  interpreter.unusable = why_unsupported(interpreter);
  return interpreter;
}

std::vector<std::filesystem::path> libpythons_in(const std::filesystem::path& folder) {
  std::error_code error;
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    Interpreter named;
    const auto& file = entry.path();
    if (read_name(file.filename().string(), named) && is_libpython(file)) {
      files.insert(std::filesystem::canonical(file, error));
    }
  }
  return {files.begin(), files.end()};
}

std::filesystem::path find_libpython(const Interpreter& interpreter, const LibpythonHints& hints) {
  std::vector<std::filesystem::path> candidates(hints.mapped.begin(), hints.mapped.end());
  for (const std::filesystem::path folder : hints.folders) {
    for (const std::string& name : hints.names) {
      if (!folder.empty() && name.find(".so") != std::string::npos) candidates.push_back(folder / name);
    }
  }
  const auto found = std::find_if(
      candidates.begin(), candidates.end(),
      [&](const std::filesystem::path& file) { return belongs_to(identify_libpython(file), interpreter); });
  return found == candidates.end() ? std::filesystem::path() : *found;
}

std::string libpython_name(const Interpreter& interpreter) {
  return std::string(kPrefix) + std::to_string(interpreter.major) + "." + std::to_string(interpreter.minor) +
         (interpreter.free_threaded ? "t" : "") + (interpreter.debug ? "d" : "") + ".so.1.0";
}

}  // namespace harness
