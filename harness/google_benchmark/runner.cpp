// harness/google_benchmark/runner.cpp: runs a plan's experiments as Google Benchmark's benchmarks.
#include "harness/google_benchmark/runner.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "harness/error.h"
#include "harness/google_benchmark/isolated_rows.h"
#include "harness/run/ceiling.h"
#include "harness/run/exit_guard.h"
#include "harness/run/iteration_count.h"
#include "harness/run/settle.h"
#include "harness/system/descendants.h"
#include "harness/system/text.h"

namespace harness {
namespace {

constexpr const char* kMinTime = "--benchmark_min_time=";
constexpr const char* kRepetitions = "--benchmark_repetitions=";
constexpr const char* kWarmUp = "--benchmark_min_warmup_time=";
// Where one of these is given, Google Benchmark itself decides how many iterations there are.
constexpr const char* kItsIterations[] = {kMinTime, kWarmUp, "--benchmark_dry_run"};

bool given(const RunnerConfig& config, const std::string& flag) {
  for (const std::string& text : config.flags) {
    if (text.starts_with(flag)) return true;
  }
  return false;
}

/// `texts` that are not empty, as one.
void add_text(std::string& all, const std::string& text) {
  if (text.empty()) return;
  if (!all.empty()) all += kBetweenRemarks;
  all += text;
}

/// Less than any row takes, and not 0: Google Benchmark is content with the first repetition that it sees.
constexpr double kAny_s = 1e-9;

/// Whether another process runs it, of which this one only tells.
bool runs_elsewhere(const Experiment& experiment, const RunnerConfig& config) {
  return experiment.traits.isolated && config.isolate;
}

// Columns of a text that may be any exception's; the whole of it goes to standard error.
constexpr std::size_t kMostOfAReason = 400;

bool counts_iterations(const RunnerConfig& config) {
  return std::ranges::none_of(kItsIterations, [&](const char* flag) { return given(config, flag); });
}

/// Runs one experiment for as many iterations as Google Benchmark asks for, which it does several times, or
/// for more: for as many as a repetition needs.
class RowRunner {
 public:
  RowRunner(const std::vector<Experiment>& plan, const RunnerConfig& config, Session& session,
            const Observers& observers, RowReporter& reporter)
      : plan_(plan),
        config_(config),
        session_(session),
        observers_(observers),
        reporter_(reporter),
        ceiling_(plan, session, config.interrupted),
        isolated_(config, reporter),
        counts_iterations_(counts_iterations(config)) {
    session_.on_giving_up([this](const std::exception_ptr& error) { give_up(error); });
  }
  ~RowRunner() { session_.on_giving_up({}); }
  RowRunner(const RowRunner&) = delete;
  RowRunner& operator=(const RowRunner&) = delete;

  void operator()(benchmark::State& state, const Experiment& experiment) {
    const auto [known, is_new] = rows_.try_emplace(&experiment);
    row_ = &known->second;
    if (is_new) row_->place.row = static_cast<std::uint32_t>(&experiment - plan_.data());
    if (config_.interrupted()) return end(state, experiment, {Outcome::interrupted});
    // Google Benchmark crashes where others succeed after the first (ComputeStats, statistics.cc of 1.7.1).
    if (row_->ended) return end(state, experiment, *row_->ended);
    if (is_new || !runs_elsewhere(experiment, config_)) take_turn();
    config_.starting(experiment);
    running_ = &experiment;
    if (runs_elsewhere(experiment, config_)) return tell_of_isolated(state, experiment);
    try {
      iterate(state, experiment, is_new);
    } catch (const NotApplicable& reason) {
      end(state, experiment, {Outcome::not_applicable, printable(reason.what()), reason.mend});
    } catch (const ExperimentError& error) {
      session_.release();
      if (config_.interrupted()) return end(state, experiment, {Outcome::interrupted});
      show(experiment, error);
      end(state, experiment, {Outcome::failed, one_line(error.what(), kMostOfAReason)});
    }
  }

 private:
  /// What later repetitions of a row need of those before.
  struct RowState {
    IterationCount count{0, 0};
    TurnPlace place;              ///< of the next piece
    std::optional<RowEnd> ended;  ///< in a repetition before
    std::int64_t loops = 1;       ///< Prepared::loops()
    bool timed = false;           ///< a repetition has a time
  };

  /// Ends the row without a time, and its further repetitions likewise. Google Benchmark aborts where the
  /// repetitions of a row differ in their iterations: one that has not begun does so, for as many as the
  /// others.
  void end(benchmark::State& state, const Experiment& experiment, const RowEnd& end) {
    row_->ended = end;
    reporter_.note(experiment.id, end.outcome, end.reason, end.mend);
    if (row_->timed && state.iterations() == 0) state.KeepRunningBatch(runs_of(state) * row_->loops);
    state.SkipWithError(stored_message(end.outcome, end.reason).c_str());
  }

  /// Where the row has failed and its team does not come back. Nothing could be ended in an orderly way.
  [[noreturn]] void give_up(const std::exception_ptr& failed_by) {
    constexpr int kFailed = 1;
    // Who has stopped it ends the process.
    while (config_.interrupted()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::string reason;
    try {
      std::rethrow_exception(failed_by);
    } catch (const ExperimentError& error) {
      show(*running_, error);
      reason = error.what();
    } catch (const std::exception& error) {
      reason = error.what();
    }
    reporter_.fail(running_->id, one_line(reason, kMostOfAReason));
    std::cout << std::flush;
    kill_descendants();
    end_process(kFailed);
  }

  void tell_of_isolated(benchmark::State& state, const Experiment& experiment) {
    if (!isolated_.has_run(experiment)) session_.release();  // nothing of a row before takes part
    const std::optional<RowEnd> ended = isolated_.run(experiment);
    if (config_.interrupted()) return end(state, experiment, {Outcome::interrupted});
    if (ended) return end(state, experiment, *ended);
    isolated_.tell(state, experiment, given(config_, kWarmUp));
    row_->timed = true;
  }

  void take_turn() {
    if (config_.take_turn) config_.take_turn(row_->place);
    ++row_->place.piece;
  }

  /// Finds out how many iterations a repetition has, before processes take turns: were one to try once more
  /// than another, their repetitions would no longer come side by side. The first run, from which that is
  /// known otherwise, may have been slower than those that come.
  IterationCount counted(Prepared& prepared) const {
    constexpr int kMostTries = 3;
    constexpr double kEnough_s = 0.01;
    IterationCount few(std::min(kEnough_s, config_.min_time_s), 0);
    double run_s = 0;
    for (int i = 0; i < kMostTries && !few.is_enough(); ++i) {
      const std::int64_t runs = few.next(1);
      double wall_s = 0;
      for (std::int64_t run = 0; run < runs && !config_.interrupted(); ++run) {
        wall_s += prepared.run().wall_s();
      }
      few.took(wall_s);
      run_s = wall_s / static_cast<double>(runs);
    }
    prepared.take_counters();
    IterationCount count(config_.min_time_s, run_s);
    count.keep();
    return count;
  }

  /// Of Prepared::loops() iterations each.
  std::int64_t runs_of(const benchmark::State& state) {
    const std::int64_t asked = (state.max_iterations + row_->loops - 1) / row_->loops;
    return counts_iterations_ ? row_->count.next(asked) : asked;
  }

  void iterate(benchmark::State& state, const Experiment& experiment, bool is_new) {
    Prepared& prepared = session_.prepare(experiment);
    config_.prepared();
    if (is_new) {
      const bool in_turns = counts_iterations_ && config_.take_turn;
      row_->count = in_turns ? counted(prepared) : IterationCount(config_.min_time_s, session_.first_run_s());
      take_turn();
    }
    row_->loops = prepared.loops();
    const std::int64_t runs = runs_of(state);
    if (config_.ceilings) ceiling_.before(experiment, reporter_.rows(), runs);
    settle(prepared, config_.interrupted);
    for (const auto& observer : observers_) observer->begin_repetition(experiment);
    double wall_s = 0, cpu_s = 0;
    while (state.KeepRunningBatch(runs * row_->loops)) {
      for (std::int64_t i = 0; i < runs; ++i) {
        const JobTime time = run_observed(prepared);
        state.SetIterationTime(time.wall_s());
        wall_s += time.wall_s();
        cpu_s += time.cpu_s;
        if (config_.interrupted()) return end(state, experiment, {Outcome::interrupted});
      }
    }
    row_->count.took(wall_s);
    report(state, experiment, prepared, static_cast<double>(runs * row_->loops) / wall_s);
    state.counters["cpu_per_wall"] = cpu_s / wall_s;
    row_->timed = true;
  }

  JobTime run_observed(Prepared& prepared) {
    for (const auto& observer : observers_) observer->begin();
    try {
      const JobTime time = prepared.run();
      for (const auto& observer : observers_) observer->end(time, prepared);
      return time;
    } catch (...) {
      for (const auto& observer : observers_) observer->abandon();
      throw;
    }
  }

  /// What was measured besides the time. `per_second`: iterations.
  void report(benchmark::State& state, const Experiment& experiment, Prepared& prepared, double per_second) {
    Counters observed;
    std::string label = experiment.traits.verified ? "" : kNotVerified;
    for (const auto& observer : observers_) {
      reporter_.note(experiment.id, mean_of({observer->contention()}, static_cast<std::size_t>(row_->loops)));
      for (const auto& [name, value] : observer->counters()) {
        observed[name] = info_of(name).of_iteration ? value / static_cast<double>(row_->loops) : value;
      }
      add_text(label, observer->label());
    }
    prepared.verify();  // that the output was still right after the last iteration
    for (const std::string& remark : remarks_of(experiment, prepared)) add_text(label, remark);
    using benchmark::Counter;
    for (const auto& [name, per_iteration] : prepared.rates()) {
      state.counters[name] = Counter(per_iteration, Counter::kIsIterationInvariantRate);
    }
    for (const auto& [name, value] : prepared.take_counters()) state.counters[name] = value;
    for (const auto& [name, value] : observed) state.counters[name] = value;
    const OfCeiling of_ceiling =
        config_.ceilings ? ceiling_.after(bytes_of(prepared) * per_second) : OfCeiling{};
    if (of_ceiling.value) state.counters["of_ceiling"] = *of_ceiling.value;
    add_text(label, of_ceiling.withheld);
    state.SetLabel(label);
  }

  /// What scripts have set that the row depends on, and what must be known of its results, each once.
  std::vector<std::string> remarks_of(const Experiment& experiment, Prepared& prepared) const {
    std::vector<std::string> remarks = session_.changes(experiment);
    for (const std::string& remark : prepared.remarks()) {
      if (std::ranges::find(remarks, remark) == remarks.end()) remarks.push_back(remark);
    }
    return remarks;
  }

  /// What failed is said once, however many repetitions and rows it fails; with the traceback if there is
  /// one.
  void show(const Experiment& experiment, const ExperimentError& error) {
    const auto* const raised = dynamic_cast<const embed::ScriptError*>(&error);
    const bool traced = raised != nullptr && !raised->traceback.empty();
    const std::string text = traced ? "\n" + raised->traceback : " " + std::string(error.what()) + "\n";
    if (!shown_.insert(text).second) return;
    config_.say(experiment.name() + " failed:" + printable(text));
  }

  const std::vector<Experiment>& plan_;
  const RunnerConfig& config_;
  Session& session_;
  const Observers& observers_;
  RowReporter& reporter_;
  CeilingInTurn ceiling_;
  IsolatedRows isolated_;
  const bool counts_iterations_;
  std::map<const Experiment*, RowState> rows_;  // whose repetitions need not follow one another
  RowState* row_ = nullptr;                     // of the repetition that runs
  const Experiment* running_ = nullptr;         // likewise
  std::set<std::string> shown_;
};

}  // namespace

std::string google_benchmark_version() {
  return HARNESS_GOOGLE_BENCHMARK_VERSION;
}

void initialize_google_benchmark(const RunnerConfig& config) {
  static std::vector<std::string> texts;  // Google Benchmark keeps the pointer to argv[0]
  texts = {config.program};
  texts.insert(texts.end(), config.flags.begin(), config.flags.end());
  std::vector<char*> arguments;
  for (std::string& text : texts) arguments.push_back(text.data());
  arguments.push_back(nullptr);
  int count = static_cast<int>(texts.size());
  benchmark::Initialize(&count, arguments.data());
  if (count > 1) {
    throw UserError(std::string(arguments[1]) + ": Google Benchmark " + google_benchmark_version() +
                    " has no such flag, or it does not take this value");
  }
}

void run_plan(const std::vector<Experiment>& plan, const RunnerConfig& config, Session& session,
              const Observers& observers, RowReporter& reporter) {
  RowRunner runner(plan, config, session, observers, reporter);
  for (const Experiment& experiment : plan) {
    auto* const row = benchmark::RegisterBenchmark(
        experiment.name().c_str(),
        [&runner, &experiment](benchmark::State& state) { runner(state, experiment); });
    // A call of the user's may take a moment.
    row->Unit(experiment.traits.each_does_all ? benchmark::kNanosecond : benchmark::kMillisecond);
    row->UseManualTime()->MeasureProcessCPUTime();
    const bool is_counted_before = config.take_turn && counts_iterations(config);
    if (runs_elsewhere(experiment, config) || is_counted_before) {
      row->MinTime(kAny_s);
      if (given(config, kWarmUp)) row->MinWarmUpTime(kAny_s);
    } else if (!given(config, kMinTime)) {
      row->MinTime(config.min_time_s);
    }
    if (!given(config, kRepetitions)) row->Repetitions(config.repetitions);
  }
  benchmark::RunSpecifiedBenchmarks(&reporter);
  session.release();
}

}  // namespace harness
