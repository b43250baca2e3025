// harness/commands/compare_interpreters.cpp: several --python: rounds of fresh processes, put side by side.
#include <algorithm>
#include <iostream>
#include <random>

#include "harness/commands/commands.h"
#include "harness/commands/comparison_plan.h"
#include "harness/commands/comparison_report.h"
#include "harness/commands/comparison_rounds.h"
#include "harness/commands/out_folder.h"
#include "harness/run/installation.h"
#include "harness/system/text.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

std::uint32_t chosen_seed(const Options& options, const ComparisonPlan& plan) {
  if (options.compare.seed) return *options.compare.seed;
  return plan.part ? seed_of_parts(plan) : std::random_device()();
}

/// A journal, and what the processes are given besides.
struct Begun {
  Journal journal;
  std::vector<std::vector<std::string>> more_flags;
};

/// A new comparison, in a folder of its own.
Begun begin(const Options& options, const SearchPaths& search, const Installation& installation) {
  PlannedComparison planned = plan_comparison(options, search, installation);
  planned.plan.seed = chosen_seed(options, planned.plan);
  const fs::path folder = make_out_folder(options, installation.results, "compare");
  return {.journal = Journal::begin(fs::absolute(folder), planned.plan),
          .more_flags = std::move(planned.more_flags)};
}

/// What the journal was begun with, and what `now` says besides: `now` wins.
Options merged(const Journal& journal, const Options& now, const Machine& machine) {
  const auto name_of = [](const std::string& flag) { return flag.substr(0, flag.find('=')); };
  const auto given_now = [&](const std::string& flag) {
    return std::ranges::any_of(now.given_flags,
                               [&](const std::string& given) { return name_of(given) == name_of(flag); });
  };
  std::vector<std::string> words{"harness"};
  std::ranges::remove_copy_if(journal.plan().arguments, std::back_inserter(words), given_now);
  std::ranges::copy_if(now.given_flags, std::back_inserter(words),
                       [&](const std::string& flag) { return name_of(flag) != "--resume"; });
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  return parse_options(static_cast<int>(argv.size()), argv.data(),
                       static_cast<int>(machine.allowed_cpus.size()), vocabulary())
      .options;
}

/// What is wrong with the --python that are given with --resume, which may be none or those of the journal.
std::string other_pythons(const ComparisonPlan& plan, const Options& now) {
  std::string begun, given;
  for (const std::string& flag : plan.arguments) begun += flag.starts_with("--python=") ? " " + flag : "";
  for (const std::string& flag : now.given_flags) given += flag.starts_with("--python=") ? " " + flag : "";
  if (given.empty() || given == begun) return "";
  return "it was begun with" + begun + ", and not" + given + "; start a comparison of its own";
}

/// The comparison to go on with. Throws UserError where what it was begun with is not what there is now.
Begun resume(const fs::path& folder, Options& options, const SearchPaths& search, const Machine& machine,
             const Installation& installation) {
  Journal journal = Journal::open(folder);
  const std::string asked = other_pythons(journal.plan(), options);
  if (!asked.empty()) throw UserError("--resume=" + folder.string() + ": " + asked);
  fs::current_path(journal.plan().working_directory);  // what its relative paths are relative to
  options = merged(journal, options, machine);
  PlannedComparison now = plan_comparison(options, search, installation);
  now.plan.seed = options.compare.seed.value_or(journal.plan().seed);
  const std::string difference = difference_of(journal.plan(), now.plan);
  if (difference.empty()) return {.journal = std::move(journal), .more_flags = std::move(now.more_flags)};
  throw UserError("--resume=" + folder.string() + ": " + difference + "; start a comparison of its own");
}

}  // namespace

int compare_interpreters(const Request& request) {
  const Options& given = request.options;
  const SearchPaths& search = request.search;
  const Machine& machine = request.machine;
  Options options = given;
  Interruption& interruption = request.interruption;
  const Installation installation = find_installation();
  const bool resumed = !given.compare.resume.empty();
  Begun begun = resumed ? resume(fs::absolute(given.compare.resume), options, search, machine, installation)
                        : begin(options, search, installation);
  Journal& journal = begun.journal;
  const fs::path folder = journal.folder();
  const bool on_console = options.format == kConsole;
  if (on_console) std::cout << printable(plan_text(journal.plan(), folder, options.width)) << std::flush;

  if (const std::string changed = resumed ? changed_since_begun(journal) : ""; !changed.empty()) {
    throw UserError("--resume=" + folder.string() + ": " + changed +
                    " has changed since; start a comparison of its own");
  }
  const Cancellation cancellation;
  const Interruption::Watch watch = interruption.watch([&] { cancellation.request(); }, [] {});
  const RoundsEnd end =
      run_comparison(journal, {.more_flags = std::move(begun.more_flags)}, options, cancellation);
  report_comparison(options, journal, end);
  if (interruption.requested()) return interruption.status();
  return comparison_status(end.comparison, end.failed, options.compare.fail_if_slower);
}

}  // namespace harness
