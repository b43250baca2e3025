// harness/commands/trace_flags.h: the words of `harness trace`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "harness/cli/options.h"

namespace harness {

/// What is written, and how much is recorded. The words of the program are Options::rest: "script.py", "-m",
/// …
struct TraceOptions {
  std::filesystem::path timeline;              ///< empty: none
  std::filesystem::path report;                ///< likewise
  std::optional<double> long_hold_s;           ///< else the switch interval
  std::size_t memory = std::size_t{64} << 20;  ///< bytes for all that is recorded
};

CommandWords trace_words();

/// Of options that are the command's.
TraceOptions trace_options(const Options& options);

}  // namespace harness
