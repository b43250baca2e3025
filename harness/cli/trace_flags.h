// harness/cli/trace_flags.h: the words of `harness trace` that are its own, and those that it hands on.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "harness/cli/trace_options.h"

namespace harness {

inline constexpr const char* kTraceCommand = "trace";

/// How many words of the command line are this program's: all, but where they ask for a trace. There the
/// program begins with the first word that is no flag of the trace's own.
int own_words(int argc, const char* const* argv);

/// The flags as text, before they are checked.
struct TraceTexts {
  std::string timeline, report;
  std::optional<std::string> long_hold, memory;
};

/// Adds the flags to the command; `texts` must live as long as it is used.
void add_trace_flags(CLI::App& command, TraceTexts& texts);

/// Throws UserError.
TraceOptions take_trace_values(const TraceTexts& texts);

}  // namespace harness
