// harness/guest/handover.h: what the host tells the process that it becomes when it enters a CPython's
// executable.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/interpreter/interpreter.h"

namespace harness {

/// The host's command line and what it has found out, so that the guest need not look again.
struct Handover {
  std::filesystem::path program;  ///< the host's executable, beside which the program's files lie
  /// What a libpython's file would tell of it (Facts::kFromFiles): its files, version and kind of build.
  Interpreter interpreter;
  std::vector<std::string> arguments = {};  ///< the host's argv
};

/// The argv that hands it over. A CPython that reads it itself, because nothing was preloaded into it, says
/// so and exits with 2.
std::vector<std::string> to_argv(const Handover& handover);

/// Undoes to_argv; nothing for any other argv.
std::optional<Handover> from_argv(const std::vector<std::string>& argv);

}  // namespace harness
