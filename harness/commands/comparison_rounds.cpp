// harness/commands/comparison_rounds.cpp: the rounds of a comparison as the command line has them run.
#include "harness/commands/comparison_rounds.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/cli/terminal.h"
#include "harness/commands/comparison_plan.h"
#include "harness/run/progress.h"
#include "harness/system/text.h"

namespace harness {
namespace {

std::filesystem::path this_program() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

/// How many this process runs.
std::size_t rounds_of(const CompareOptions& options) {
  if (!options.shard) return static_cast<std::size_t>(options.rounds);
  return static_cast<std::size_t>((options.rounds - options.shard->part) / options.shard->parts) + 1;
}

}  // namespace

RoundsEnd run_comparison(Journal& journal, RoundsConfig config, const Options& options,
                         const Cancellation& cancellation) {
  // With a budget nobody knows how many rounds there will be.
  const std::size_t expected = options.compare.budget_s ? 0 : rounds_of(options.compare);
  const std::size_t finished = journal.entries().size() / journal.plan().pythons.size();
  Progress progress(expected - std::min(expected, finished), width_of_terminal(STDERR_FILENO));
  config.program = this_program();
  config.folder = journal.folder();
  config.settings.margin = options.compare.margin;
  config.settings.confidence = options.compare.confidence;
  config.rounds = options.compare.rounds;
  config.budget_s = options.compare.budget_s;
  config.timeout = std::chrono::milliseconds(std::llround(1000 * options.compare.timeout_s));
  config.machine = identify_machine();
  config.cancel = cancellation.descriptor();
  WorkWatch watch_of_work(journal, config.program);
  config.changed = [&](const std::filesystem::path& results, auto started) {
    return watch_of_work.changed(results, started);
  };
  config.starting = [&](int round) { progress.show("round " + std::to_string(round)); };
  config.failed = [&](int round, const std::string& label, const std::string& failure,
                      const std::string& said) {
    progress.say(label + ", round " + std::to_string(round) + ": " + printable(failure) + '\n' +
                 printable(said));
  };
  return run_rounds(journal, config);
}

std::string changed_since_begun(Journal& journal) {
  return WorkWatch(journal, this_program()).changed();
}

}  // namespace harness
