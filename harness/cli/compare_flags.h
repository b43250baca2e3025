// harness/cli/compare_flags.h: the flags that compare interpreters, and `harness compare`.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/compare_options.h"

namespace harness {

/// The flags as text, before they are checked.
struct CompareTexts {
  std::optional<std::string> rounds, budget, seed, shard, timeout, margin, confidence, fail_if;
  std::string resume;
  bool no_interleaving = false;

  /// The name of a flag that was given and is about running rounds; empty where none was.
  std::string flag_of_rounds() const;
  /// Likewise, of one that is about comparing anything.
  std::string flag_of_comparing() const;
  /// Likewise, of one that is about judging rows, which a part of a comparison does not do.
  std::string flag_of_verdicts() const;
};

/// Adds the flags to `app`; `texts` must live as long as it is used.
void add_compare_flags(CLI::App& app, CompareTexts& texts);

/// Throws UserError.
CompareOptions take_compare_values(const CompareTexts& texts);

}  // namespace harness
