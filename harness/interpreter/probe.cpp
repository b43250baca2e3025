// harness/interpreter/probe.cpp: runs executables with kProbeScript and judges the answers.
#include "harness/interpreter/probe.h"

#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "harness/interpreter/elf_file.h"
#include "harness/interpreter/guest.h"
#include "harness/interpreter/libpython.h"
#include "harness/interpreter/probe_script.h"
#include "harness/interpreter/version.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using Json = nlohmann::json;

bool starts_as_script(const std::filesystem::path& file) {
  std::array<char, 2> start{};
  std::ifstream(file, std::ios::binary).read(start.data(), start.size());
  return start == std::array{'#', '!'};
}

// What can be said of an executable without running it; empty when nothing is against it.
std::string why_not_started(const std::filesystem::path& executable) {
  std::error_code error;
  const auto status = std::filesystem::status(executable, error);
  if (!std::filesystem::exists(status)) return "no such file: check the path";
  if (std::filesystem::is_directory(status))
    return "it is a folder: name the executable in it, such as bin/python3";
  if (!std::filesystem::is_regular_file(status)) return "it is not a regular file: name a Python executable";
  const auto elf = ElfFile::open(executable);
  if (elf && elf->architecture() != own_architecture()) {
    return "it is built for " + describe(elf->architecture()) + " and this harness for " +
           describe(own_architecture()) + ": name one of the same architecture";
  }
  if (::access(executable.c_str(), X_OK) != 0)
    return "it is not executable: name a Python, or chmod +x this one";
  if (!elf && !starts_as_script(executable))
    return "it is neither a program nor a script: name a Python executable";
  return {};
}

// The line of a program's complaint that says most: the last of a traceback, else the first, unless that is
// so long that the program repeats its arguments, kProbeScript among them.
std::string gist_of(const std::string& complaint) {
  constexpr std::size_t kLongLine = 120;
  const auto lines = lines_of(complaint);
  if (lines.empty()) return {};
  const bool first = lines.front().size() <= kLongLine && !lines.front().starts_with("Traceback");
  return std::string(trimmed(first ? lines.front() : lines.back()).substr(0, kLongLine));
}

// Why a child that gave no answer is taken for no Python.
std::string why_no_answer(const ProcessResult& result, std::chrono::milliseconds timeout) {
  std::string reason;
  if (result.timed_out) {
    reason = "it did not answer within " + std::to_string(timeout.count()) + " ms";
  } else if (result.signal != 0) {
    reason =
        "it was ended by signal " + std::to_string(result.signal) + " (" + ::strsignal(result.signal) + ")";
  } else {
    reason = "it does not answer as a Python does (exit code " + std::to_string(result.exit_code) + ")";
  }
  const std::string said = gist_of(result.standard_error);
  if (!said.empty()) reason += ", it said '" + said + "'";
  return reason + ": name a Python executable that runs";
}

// How to get a libpython for an executable that has none, where it takes no guest, either. `shared` says
// whether it was built with one.
std::string no_libpython(const Interpreter& interpreter, bool shared, const std::string& no_guest) {
  const std::string minor_version =
      std::to_string(interpreter.major) + "." + std::to_string(interpreter.minor);
  const std::filesystem::path prefix = interpreter.base_prefix;
  std::string mend = "rebuild it with ./configure --enable-shared";
  if (prefix == "/usr") {
    mend = "install it, on Debian and Ubuntu by apt install libpython" + minor_version;
  } else if (prefix.parent_path().filename() == "versions") {
    mend = "rebuild it by PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force " +
           prefix.filename().string();
  }
  return (shared ? "its shared libpython (" + libpython_name(interpreter) + ") is not found"
                 : std::string("it is built without a shared libpython")) +
         ", and harness cannot be a guest in it: " + no_guest + ": " + mend +
         ", or take one of uv's builds (uv python install " + minor_version + "), which have one";
}

LibpythonHints hints_in(const Json& answer, const Interpreter& interpreter) {
  const auto text = [&](const char* key) { return answer.at(key).get<std::string>(); };
  LibpythonHints hints;
  hints.mapped = answer.at("mapped_libpythons").get<std::vector<std::string>>();
  const std::string folder = text("library_folder");
  const std::string multiarch = text("multiarch");
  hints.folders = {folder};
  // Builds that were moved after they were made, as uv's are, know their prefix, but not their LIBDIR.
  for (const std::string& prefix : {interpreter.prefix, interpreter.base_prefix}) {
    hints.folders.push_back(prefix + "/lib");
    hints.folders.push_back(prefix + "/lib64");
    hints.folders.push_back(prefix + "/lib/" + multiarch);
  }
  hints.names = {text("soname"), text("library"), libpython_name(interpreter)};
  return hints;
}

Interpreter interpreter_in(const Json& answer) {
  const auto text = [&](const char* key) { return answer.at(key).get<std::string>(); };
  Interpreter interpreter{.executable = text("executable"),
                          .libpython = {},
                          .implementation = text("implementation"),
                          .version = text("version"),
                          .major = number_in<int>(text("major")).value_or(0),
                          .minor = number_in<int>(text("minor")).value_or(0),
                          .free_threaded = text("free_threaded") == "1",
                          .debug = text("debug") == "1",
                          .prefix = text("prefix"),
                          .exec_prefix = text("exec_prefix"),
                          .base_prefix = text("base_prefix"),
                          .platform = text("platform"),
                          .machine = text("machine"),
                          .config_args = text("config_args"),
                          .compiler = text("compiler"),
                          .cflags = text("cflags"),
                          .sys_path = answer.at("sys_path").get<std::vector<std::string>>(),
                          .unusable = {}};
  interpreter.unusable = why_unsupported(interpreter);
  if (!interpreter.usable()) return interpreter;
  interpreter.libpython = find_libpython(interpreter, hints_in(answer, interpreter));
  if (!interpreter.libpython.empty()) return interpreter;
  Interpreter guest = as_guest(interpreter);
  if (guest.usable()) return guest;
  interpreter.unusable = no_libpython(interpreter, text("shared") == "1", guest.unusable);
  return interpreter;
}

Interpreter unusable(const std::filesystem::path& executable, std::string reason) {
  Interpreter interpreter;
  interpreter.executable = executable;
  interpreter.unusable = std::move(reason);
  return interpreter;
}

}  // namespace

Probe::Probe(const std::filesystem::path& executable)
    : executable_(std::filesystem::absolute(executable)),
      start_(std::chrono::steady_clock::now()),
      refused_(why_not_started(executable)) {
  if (!refused_.empty()) return;
  try {
    child_.emplace(Command{.argv = {executable_.string(), "-c", std::string(kProbeScript),
                                    std::string(kProbeBegin), std::string(kProbeEnd)}});
  } catch (const std::system_error& error) {
    // The file is there; what is not found, then, is what is to run it.
    refused_ = error.code() == std::errc::no_such_file_or_directory
                   ? "its loader, or what its first line (#!) names, is missing: name a Python that runs"
                   : "it cannot be started (" + error.code().message() + "): name a Python that runs";
  }
}

Interpreter Probe::finish(std::chrono::milliseconds timeout) {
  if (!child_) return unusable(executable_, refused_);
  const auto spent = std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
  const ProcessResult result = child_->wait(std::max(timeout - spent, std::chrono::milliseconds(0)));
  auto answered = parse_answer(result.standard_output);
  if (!answered) return unusable(executable_, why_no_answer(result, timeout));
  if (answered->executable.empty()) answered->executable = executable_;
  return *answered;
}

Interpreter probe_executable(const std::filesystem::path& executable, std::chrono::milliseconds timeout) {
  return Probe(executable).finish(timeout);
}

std::filesystem::path executable_beside(const Interpreter& libpython) {
  const std::string version =
      "python" + std::to_string(libpython.major) + "." + std::to_string(libpython.minor);
  const std::string name = version + (libpython.free_threaded ? "t" : "") + (libpython.debug ? "d" : "");
  const std::filesystem::path folder = libpython.libpython.parent_path();
  // Of prefix/lib, prefix/lib64 and prefix/lib/x86_64-linux-gnu, the last as Debian has it.
  for (const auto& prefix : {folder.parent_path(), folder.parent_path().parent_path()}) {
    for (const std::string& candidate : {name, version}) {
      if (::access((prefix / "bin" / candidate).c_str(), X_OK) == 0) return prefix / "bin" / candidate;
    }
  }
  return {};
}

Interpreter probe_libpython(const std::filesystem::path& libpython, std::chrono::milliseconds timeout) {
  Interpreter identified = identify_libpython(libpython);
  if (!identified.usable()) return identified;
  const std::filesystem::path executable = executable_beside(identified);
  if (executable.empty()) return identified;
  Interpreter probed = probe_executable(executable, timeout);
  const bool belongs = probed.implementation == identified.implementation &&
                       probed.debug == identified.debug && may_be(version_of(identified), version_of(probed));
  if (!belongs) return identified;
  probed.libpython = identified.libpython;
  probed.unusable.clear();
  return probed;
}

std::optional<Interpreter> parse_answer(const std::string& output) {
  const auto begin = output.rfind(kProbeBegin);
  if (begin == std::string::npos) return std::nullopt;
  const auto from = begin + kProbeBegin.size();
  const auto end = output.find(kProbeEnd, from);
  if (end == std::string::npos) return std::nullopt;
  try {
    return interpreter_in(Json::parse(output.substr(from, end - from)));
  } catch (const Json::exception&) {
    return std::nullopt;  // an echo of the script's markers, not an answer
  }
}

}  // namespace harness
