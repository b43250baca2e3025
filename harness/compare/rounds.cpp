// harness/compare/rounds.cpp: runs every interpreter once a round, each time in a fresh process.
#include "harness/compare/rounds.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <map>
#include <numeric>
#include <utility>

#include "harness/compare/child.h"
#include "harness/compare/finished_process.h"
#include "harness/compare/kept_rows.h"
#include "harness/compare/looks.h"
#include "harness/compare/order.h"
#include "harness/compare/turns.h"
#include "harness/error.h"
#include "harness/system/atomic_file.h"
#include "harness/system/subprocess.h"

namespace harness {
namespace {

/// "processes/0003-gil", sorted as they ran.
std::string folder_of(int round, const std::string& label) {
  std::string number = std::to_string(round);
  number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
  return "processes/" + number + "-" + label;
}

/// How many rounds a report without a budget has spent all the doubt on: looks with one begin after them.
int rounds_before(const Journal& journal, const RoundsConfig& config) {
  int rounds = 0;
  for (const JournalLook& look : journal.looks()) {
    if (config.budget_s && look.whole) rounds = std::max(rounds, look.rounds);
  }
  return rounds;
}

/// The looks with a budget after round `before`, by the rounds since.
std::vector<TakenLook> looks_since(const Journal& journal, int before) {
  std::vector<TakenLook> looks;
  for (const JournalLook& look : journal.looks()) {
    if (!look.whole && look.rounds > before) {
      looks.push_back({.rounds = look.rounds - before, .spent = look.spent});
    }
  }
  return looks;
}

class Rounds {
 public:
  Rounds(Journal& journal, const RoundsConfig& config)
      : journal_(journal),
        config_(config),
        before_(rounds_before(journal, config)),
        looks_(config.settings, config.rounds, looks_since(journal, before_), config.stored) {
    for (const PlannedPython& python : journal.plan().pythons) subjects_.push_back({python.label, {}});
    end_.contexts.resize(subjects_.size());
    for (const JournalEntry& entry : journal.entries()) kept_.insert({{entry.round, entry.python}, entry});
  }

  RoundsEnd run() {
    const auto& part = journal_.plan().part;
    for (int round = part ? part->part : 1; !end_.cancelled && wanted(round);
         round += part ? part->parts : 1) {
      run_round(round);
      if (end_.cancelled) break;
      ++end_.rounds;
      last_round_ = round;
      if (config_.budget_s && decided_after(round)) break;
    }
    report();
    return std::move(end_);
  }

 private:
  /// Whether every row is decided by a look after `round`.
  bool decided_after(int round) {
    if (round <= before_) return false;
    const bool decided = looks_.after_round(since(before_), round - before_, budget_spent(round));
    keep_looks();
    return decided;
  }

  /// Wall time of the processes up to round `round`.
  double taken_s(int round) const {
    double sum_s = 0;
    for (const JournalEntry& entry : journal_.entries()) sum_s += entry.round <= round ? entry.wall_s : 0;
    return sum_s;
  }

  /// Which part of the budget, after what it does not look at, the rounds up to `round` have spent.
  double budget_spent(int round) const {
    const double before_s = taken_s(before_), left_s = *config_.budget_s - before_s;
    return left_s > 0 ? std::min(1.0, (taken_s(round) - before_s) / left_s) : 1;
  }

  /// Looks are in the journal before anybody sees what they showed.
  void keep_looks() {
    const std::vector<TakenLook> known = looks_since(journal_, before_);
    for (std::size_t i = known.size(); i < looks_.taken().size(); ++i) {
      const TakenLook& look = looks_.taken()[i];
      journal_.add(JournalLook{.rounds = before_ + look.rounds, .whole = false, .spent = look.spent});
    }
  }

  /// The rounds after the last report with fewer. To look at that one's again, because of what it showed,
  /// would be one chance more to be wrong.
  void report() {
    if (const auto& part = journal_.plan().part) {
      end_.comparison = compare_paired(since(0), config_.settings);
      end_.comparison.part = {.part = part->part, .parts = part->parts, .rounds = part->rounds};
      return leave_open();
    }
    if (config_.budget_s && end_.rounds > before_) {
      const double spent = end_.cancelled ? budget_spent(last_round_) : 1;
      end_.comparison = looks_.finish(since(before_), end_.rounds - before_, spent);
      keep_looks();
      end_.comparison.first_round = before_ + 1;
      return;
    }
    if (looks_end_here()) return report_again();
    int before = 0;
    for (const JournalLook& look : journal_.looks()) {
      if (look.rounds < end_.rounds) before = std::max(before, look.rounds);
    }
    end_.comparison = compare_paired(since(before), config_.settings);
    end_.comparison.first_round = before + 1;
    if (end_.cancelled) return leave_open();
    const JournalLook look{.rounds = end_.rounds, .whole = true};
    if (std::ranges::find(journal_.looks(), look) == journal_.looks().end()) journal_.add(look);
  }

  /// Whether the last look is one that a budget has taken, and has seen all rounds.
  bool looks_end_here() const {
    const auto& looks = journal_.looks();
    return !looks.empty() && !looks.back().whole && looks.back().rounds == end_.rounds;
  }

  /// What the last of these looks showed.
  void report_again() {
    int before = 0;
    for (const JournalLook& look : journal_.looks()) {
      if (look.whole) before = look.rounds;
    }
    const std::vector<TakenLook> taken = looks_since(journal_, before);
    Looks looks(config_.settings, config_.rounds, taken);
    for (const TakenLook& look : taken) {
      looks.after_round(between(before, before + look.rounds), look.rounds, look.spent);
    }
    end_.comparison = looks.finish(between(before, end_.rounds), end_.rounds - before);
    end_.comparison.first_round = before + 1;
  }

  /// To stop or go on by what some of the rounds show would be one more look: there is none before all have
  /// run, those of the other parts, too.
  void leave_open() {
    for (ComparedRow& row : end_.comparison.rows) {
      for (Cell& cell : row.cells) {
        cell.effect.reset();
        cell.effect_interval.reset();
        cell.verdict.reset();
        cell.rounds_needed = 0;
      }
    }
  }

  /// Of the rounds after `first`, up to `last`.
  std::vector<Subject> between(int first, int last) const {
    std::vector<Subject> subjects = subjects_;
    for (Subject& subject : subjects) {
      std::erase_if(subject.processes,
                    [&](const Process& process) { return process.round <= first || process.round > last; });
    }
    return subjects;
  }

  /// Of the finished rounds after `round`.
  std::vector<Subject> since(int round) const { return between(round, last_round_); }

  const std::vector<PlannedPython>& pythons() const { return journal_.plan().pythons; }

  /// Whether round `round` is to be run, or has been.
  bool wanted(int round) const {
    if (finished(round)) return true;  // before a resumption
    const auto is_given_up = [&](const PlannedPython& python) { return given_up(index_of(python)); };
    if (std::ranges::all_of(pythons(), is_given_up)) return false;
    if (config_.settings.worse_than && std::ranges::any_of(pythons(), is_given_up)) return false;
    if (!config_.budget_s) return round <= config_.rounds;
    if (round <= 2) return true;  // fewer show nothing of how much they vary
    return taken_s(round) * round / (round - 1) <= *config_.budget_s;
  }

  std::size_t index_of(const PlannedPython& python) const {
    return static_cast<std::size_t>(&python - pythons().data());
  }

  std::optional<JournalEntry> kept(int round, std::size_t python) const {
    const auto found = kept_.find({round, python});
    return found == kept_.end() ? std::nullopt : std::optional(found->second);
  }

  bool finished(int round) const {
    bool any = false;
    for (std::size_t python = 0; python < pythons().size(); ++python) {
      const bool is_kept = kept(round, python).has_value();
      if (!is_kept && !given_up(python)) return false;
      any = any || is_kept;
    }
    return any;
  }

  bool given_up(std::size_t python) const {
    const auto& processes = subjects_[python].processes;
    std::vector<std::string> failures;
    for (const Process& process : processes) failures.push_back(process.failure);
    return is_given_up(failures);
  }

  /// Pairs stay together.
  void start_again_if_cut_off(int round) {
    const auto is_of_round = [&](const JournalEntry& entry) { return entry.round == round; };
    if (std::ranges::none_of(journal_.entries(), is_of_round) || finished(round)) return;
    journal_.add(JournalAgain{.round = round});
    std::erase_if(kept_, [&](const auto& kept) { return kept.first.first == round; });
  }

  std::vector<std::size_t> order_of(int round) const {
    std::vector<std::size_t> order(pythons().size());
    std::iota(order.begin(), order.end(), 0);
    const bool shuffled = round > 1 || !config_.begins_in_order;
    return shuffled ? order_of_round(journal_.plan().seed, round, order.size()) : order;
  }

  void run_round(int round) {
    start_again_if_cut_off(round);
    std::vector<std::size_t> order = order_of(round);
    if (finished(round)) {
      for (const std::size_t python : order) {
        if (const auto entry = kept(round, python)) take(*entry, false);
      }
      return;
    }
    std::erase_if(order, [&](std::size_t python) { return given_up(python); });
    run_processes(round, order);
  }

  /// Those of the interpreters `order`, until they have ended or the comparison is cancelled.
  void run_processes(int round, const std::vector<std::size_t>& order) {
    std::vector<JournalEntry> entries;
    std::vector<Command> commands;
    for (const std::size_t python : order) {
      const PlannedPython& planned = pythons()[python];
      entries.push_back({.round = round,
                         .python = python,
                         .folder = folder_of(round, planned.label),
                         .failure = {},
                         .wall_s = 0});
      commands.push_back(command(planned, config_.folder / entries.back().folder));
    }
    std::vector<std::chrono::system_clock::time_point> started(order.size());
    run_in_turns(commands,
                 {.interleaved = journal_.plan().interleaved,
                  .timeout = config_.timeout,
                  .cancel = config_.cancel,
                  .starting =
                      [&](std::size_t number) {
                        const std::filesystem::path folder = config_.folder / entries[number].folder;
                        std::filesystem::remove_all(folder);  // what a process left that was cut off
                        std::filesystem::create_directories(folder);
                        config_.starting(round);
                        started[number] = std::chrono::system_clock::now();
                      },
                  .ended =
                      [&](std::size_t number, const ProcessResult& result) {
                        end_.cancelled = result.cancelled || cancelled_after(result);
                        if (end_.cancelled) return false;
                        finish_process(entries[number], result, started[number]);
                        return true;
                      }});
  }

  /// Keeps and takes what a process has come to. Throws ProcessRefused, or UserError.
  void finish_process(JournalEntry& entry, const ProcessResult& result,
                      std::chrono::system_clock::time_point started) {
    const PlannedPython& planned = pythons()[entry.python];
    const std::filesystem::path folder = config_.folder / entry.folder;
    entry.wall_s = std::chrono::duration<double>(result.wall_time).count();
    const std::string in_round = ", in round " + std::to_string(entry.round);
    if (const std::string changed = config_.changed(folder, started); !changed.empty()) {
      throw UserError(changed + " has changed while the comparison ran" + in_round +
                      "; what was finished before is in " + config_.folder.string() +
                      "; start a comparison of its own");
    }
    const ChildEnd end = end_of_child(result, folder, config_.timeout);
    if (!end.user_error.empty()) {
      throw ProcessRefused(
          "--python=" + planned.text + ", round " + std::to_string(entry.round) + ": " + end.user_error,
          entry.python);
    }
    entry.failure = end.failure;
    if (!entry.failure.empty()) {
      config_.failed(entry.round, planned.label, entry.failure, result.standard_error);
    }
    if (journal_.plan().part) journal_.add(config_.machine);
    journal_.add(entry);
    take(entry, journal_.plan().part.has_value());
  }

  /// Whoever ends a job of a cluster signals all of its processes, this one perhaps after its child, which
  /// then has not failed. Waits a moment for that.
  bool cancelled_after(const ProcessResult& result) const {
    constexpr std::array kEnds{SIGHUP, SIGINT, SIGKILL, SIGTERM};
    const auto ended_by = [&](int signal) {
      return result.signal == signal || result.exit_code == 128 + signal;
    };
    if (result.timed_out || std::ranges::none_of(kEnds, ended_by)) return false;
    pollfd cancel{.fd = config_.cancel, .events = POLLIN, .revents = 0};
    // The signal itself may cut a poll() short, before its handler has made the descriptor readable.
    for (int moment = 0; moment < 100; ++moment) {
      if (::poll(&cancel, 1, 10) > 0) return true;
    }
    return false;
  }

  Command command(const PlannedPython& python, const std::filesystem::path& folder) const {
    std::vector<std::string> argv{config_.program.string()};
    const auto& flags = journal_.plan().work_flags;
    argv.insert(argv.end(), flags.begin(), flags.end());
    argv.insert(argv.end(), {"--out=" + folder.string(), "--format=csv", "--color=never", "--no-pictures",
                             "--parent=" + std::to_string(getpid())});
    if (journal_.plan().interleaved) argv.emplace_back("--turns");
    argv.push_back("--python=" + python.text);
    if (!config_.more_flags.empty()) {
      const auto& more = config_.more_flags[index_of(python)];
      argv.insert(argv.end(), more.begin(), more.end());
    }
    return {.argv = std::move(argv), .working_directory = journal_.plan().working_directory};
  }

  /// Adds what a process came to to its subject; `keeps` it in a file of its own, too.
  void take(const JournalEntry& entry, bool keeps) {
    FinishedProcess finished = read_process(config_.folder, entry);
    if (keeps && finished.process.failure.empty()) keep_rows(entry, finished);
    if (finished.process.failure.empty()) end_.pinned = finished.context["pinned"];
    if (auto& context = end_.contexts.at(entry.python); context.empty()) context = finished.context;
    count_warnings(finished, end_.warnings);
    Process& process = finished.process;
    end_.failed = end_.failed || !process.failure.empty();
    subjects_[entry.python].processes.push_back(std::move(process));
  }

  /// For whoever merges, who reads the result where a kill has come between.
  void keep_rows(const JournalEntry& entry, const FinishedProcess& finished) const {
    const std::filesystem::path file = config_.folder / entry.folder / kKeptRows;
    try {
      write_file_soon(file, kept_rows_text(finished));
    } catch (const std::system_error& error) {
      throw UserError("--out: cannot write " + file.string() + ": " + error.code().message());
    }
  }

  Journal& journal_;
  const RoundsConfig& config_;
  const int before_;  ///< with a budget, the rounds that it does not look at
  Looks looks_;
  std::map<std::pair<int, std::size_t>, JournalEntry> kept_;  // what a resumption finds, by round and python
  std::vector<Subject> subjects_;
  int last_round_ = 0;  ///< that was finished; 0: none
  RoundsEnd end_;
};

}  // namespace

bool is_given_up(std::span<const std::string> failures) {
  const std::size_t count = failures.size();
  return count >= 2 && !failures[count - 1].empty() && !failures[count - 2].empty();
}

RoundsEnd run_rounds(Journal& journal, const RoundsConfig& config) {
  return Rounds(journal, config).run();
}

}  // namespace harness
