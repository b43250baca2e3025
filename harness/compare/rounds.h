// harness/compare/rounds.h: runs every interpreter once a round, each time in a fresh process.
//
// T. Kalibera and R. Jones, "Rigorous benchmarking in reasonable time" (ISMM 2013): what varies from process
// to process must be repeated by processes. Those of a round take turns, in shuffled order, so that what the
// machine does meanwhile hits all alike. While a process runs, this one sleeps in poll().
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/compare/comparison.h"
#include "harness/compare/journal.h"
#include "harness/error.h"
#include "harness/report/context.h"

namespace harness {

struct RoundsConfig {
  std::filesystem::path program = {};  ///< this one
  std::filesystem::path folder = {};   ///< the comparison's, which exists
  /// What the processes of each interpreter are given besides the plan's flags, in its order; may be empty.
  std::vector<std::vector<std::string>> more_flags = {};
  CompareSettings settings = {};
  /// Whether the first round has the plan's order, so that a command line that all would refuse is refused by
  /// the first of them.
  bool begins_in_order = false;
  std::optional<Subject> stored = {};   ///< with a budget: as Looks has it
  int rounds = 10;                      ///< with a budget: before the first look
  std::optional<double> budget_s = {};  ///< of all processes' wall time, those before a resumption included,
                                        ///< but for rounds that are run again
  std::chrono::milliseconds timeout{0};
  MachineIdentity machine = {};  ///< this one, which the journal of a part keeps
  int cancel = -1;               ///< a descriptor that can be read as soon as the comparison is to end

  /// What of the work is no longer what the plan says, or what it was when a process used it; empty: nothing.
  /// Asked after each process, which ran since `started` and whose result, in `folder`, then does not count.
  std::function<std::string(const std::filesystem::path& folder,
                            std::chrono::system_clock::time_point started)>
      changed = {};

  /// Called before a process starts, and after one failed, with what it wrote on standard error.
  std::function<void(int round)> starting = {};
  std::function<void(int round, const std::string& label, const std::string& failure,
                     const std::string& said)>
      failed = {};
};

/// A process refuses its command line.
struct ProcessRefused : UserError {
  ProcessRefused(const std::string& message, std::size_t index) : UserError(message), python(index) {}
  std::size_t python;  ///< index into ComparisonPlan::pythons
};

/// What the rounds came to.
struct RoundsEnd {
  Comparison comparison;
  int rounds = 0;          ///< that were finished by all, before a resumption, too
  bool cancelled = false;  ///< ended early by `cancel`
  bool failed = false;     ///< a process failed as a whole
  std::string pinned;      ///< where the processes' threads were bound, as they say; "none" where nowhere
  std::map<std::string, int> warnings;  ///< what processes warned of, up to its ":", and how many
  /// Of each of the plan's interpreters that of the first process with a result; empty where there is none.
  /// Whoever adds a stored run to the comparison's labels adds its context, too.
  std::vector<Context> contexts;
};

/// Whether an interpreter is not run again whose processes, in the order of their rounds, have `failures`:
/// the last two have failed as a whole.
bool is_given_up(std::span<const std::string> failures);

/// Runs the rounds of the journal's plan that are not in the journal yet. The comparison rests on the rounds
/// after those of the last report, if there was one with fewer: what it showed may be why these are run. An
/// interpreter that has failed as a whole in two rounds, one after the other, is not run again; with
/// CompareSettings::worse_than, no other either. Throws ProcessRefused, or UserError where the work has
/// changed.
RoundsEnd run_rounds(Journal& journal, const RoundsConfig& config);

}  // namespace harness
