// harness/interpreter/probe.h: asks an executable what it is, by running it once.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/interpreter/interpreter.h"
#include "harness/system/subprocess.h"

namespace harness {

/// How long an executable may take to answer. A Python needs a small part of that.
inline constexpr std::chrono::milliseconds kProbeTimeout{10'000};

/// One executable that is being asked. Several at once answer in about the time of one on each core.
/// The child has this process's environment (PYTHONHOME, PYTHONPATH, …), as the user runs with it.
class Probe {
 public:
  /// Starts `executable`, unless it is clear without that it is no Python of this architecture.
  explicit Probe(const std::filesystem::path& executable);

  /// Waits for the answer until `timeout` has passed since the start. Never throws for a bad executable:
  /// whatever is wrong with it is in Interpreter::unusable. To be called once.
  Interpreter finish(std::chrono::milliseconds timeout = kProbeTimeout);

 private:
  std::filesystem::path executable_;
  std::chrono::steady_clock::time_point start_;
  std::string refused_;  // why it was not started
  std::optional<Subprocess> child_;
};

/// Probe(executable).finish(timeout).
Interpreter probe_executable(const std::filesystem::path& executable,
                             std::chrono::milliseconds timeout = kProbeTimeout);

/// identify_libpython(), and where an executable belongs to that libpython (the same version and kind of
/// build, as prefix/bin/python3.X[t] to prefix/lib/libpython3.X[t].so), also what that says of itself. The
/// libpython stays the one given.
Interpreter probe_libpython(const std::filesystem::path& libpython,
                            std::chrono::milliseconds timeout = kProbeTimeout);

/// The executable that by its place and name belongs to an identified libpython; it is not run, so its exact
/// version is not known. Empty when there is none.
std::filesystem::path executable_beside(const Interpreter& libpython);

/// What an executable printed for kProbeScript, made into an interpreter whose libpython has been looked for.
/// Nothing when `output` holds no answer.
std::optional<Interpreter> parse_answer(const std::string& output);

}  // namespace harness
