// harness/cli/bisect_flags.h: the words of `harness bisect-run` that are its own.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "harness/cli/bisect_options.h"
#include "harness/cli/compare_options.h"

namespace harness {

inline constexpr const char* kBisectCommand = "bisect-run";

/// git bisect takes a status from 1 to 127 for "bad", but for 125, which skips the commit, and ends with any
/// other. So this is that of every error that is not the commit's.
inline constexpr int kEndsBisection = 128;

/// Whether the command line asks for a step of a bisection, as far as one can tell before it is parsed: where
/// it is wrong, that decides how this process is to end.
bool asks_to_bisect(int argc, const char* const* argv);

/// How many words come before the "--" of a step of a bisection; all where there is none.
int words_before_build(int argc, const char* const* argv);

/// The flags as text, before they are checked.
struct BisectTexts {
  std::optional<std::string> bad_if;
  std::string baseline;
};

/// Adds the flags to the command; `texts` must live as long as it is used.
void add_bisect_flags(CLI::App& command, BisectTexts& texts);

/// The build is none yet. Throws UserError.
BisectOptions take_bisect_values(const BisectTexts& texts);

/// What a step takes where nothing is said: surer than one comparison, because several steps must all be
/// right; and for a time, because a commit that is skipped costs a step.
inline constexpr double kBisectConfidence = 0.99;
inline constexpr double kBisectBudget_s = 300;

}  // namespace harness
