// harness/cli/trace_options.h: what `harness trace` runs, and what it writes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace harness {

struct TraceOptions {
  std::vector<std::string> program;            ///< what the interpreter is given: "script.py", "-m", …
  std::filesystem::path timeline;              ///< empty: none
  std::filesystem::path report;                ///< likewise
  std::optional<double> long_hold_s;           ///< else the switch interval
  std::size_t memory = std::size_t{64} << 20;  ///< bytes for all that is recorded
};

}  // namespace harness
