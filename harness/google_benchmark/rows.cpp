// harness/google_benchmark/rows.cpp: runs a plan's experiments as Google Benchmark's benchmarks.
#include "harness/google_benchmark/rows.h"

#include <iostream>
#include <optional>
#include <set>

#include "harness/google_benchmark/compat.h"
#include "harness/run/settle.h"
#include "harness/system/cpu_activity.h"

namespace harness {
namespace {

constexpr const char* kMinTime = "--benchmark_min_time=";
constexpr const char* kRepetitions = "--benchmark_repetitions=";

bool given(const RowsConfig& config, const std::string& flag) {
  for (const std::string& text : config.flags) {
    if (text.starts_with(flag)) return true;
  }
  return false;
}

/// What others took of the machine between two moments; absent where the ticks that Linux counts in are too
/// few to say.
Counters disturbance(const std::optional<CpuActivity>& before, const std::optional<CpuActivity>& after) {
  constexpr double kEnough_s = 0.5;  // 50 ticks, of which one or two may be wrong
  const auto shares = before && after ? cpu_shares(*before, *after) : std::nullopt;
  if (!shares || shares->machine_s < kEnough_s) return {};
  return {{"others_cpu_share", shares->others}, {"stolen_cpu_share", shares->stolen}};
}

/// Runs one experiment for as many iterations as Google Benchmark asks for, which it does several times.
class RowRunner {
 public:
  RowRunner(const RowsConfig& config, Session& session) : config_(config), session_(session) {}

  void operator()(benchmark::State& state, const Experiment& experiment) {
    if (config_.interrupted()) return state.SkipWithError(kInterrupted);
    config_.starting(experiment);
    try {
      iterate(state, experiment);
    } catch (const NotApplicable& reason) {
      state.SkipWithError((kNotApplicable + std::string(reason.what())).c_str());
    } catch (const ExperimentError& error) {
      session_.release();
      if (config_.interrupted()) return state.SkipWithError(kInterrupted);
      show(experiment, error);
      state.SkipWithError(error.what());
    }
  }

 private:
  void iterate(benchmark::State& state, const Experiment& experiment) {
    Prepared& prepared = session_.prepare(experiment);
    settle(prepared, config_.interrupted);
    RowTrace& trace = session_.trace();
    trace.begin_repetition(experiment.name(), experiment.threads);
    double wall_s = 0, cpu_s = 0;
    const auto before = CpuActivity::now();
    for (auto iteration : state) {
      static_cast<void>(iteration);
      const JobTime time = trace.run(prepared);
      state.SetIterationTime(time.wall_s());
      wall_s += time.wall_s();
      cpu_s += time.cpu_s;
      if (config_.interrupted()) return state.SkipWithError(kInterrupted);
    }
    const auto after = CpuActivity::now();
    prepared.verify();  // that the output was still right after the last iteration
    using benchmark::Counter;
    for (const auto& [name, per_iteration] : prepared.rates()) {
      state.counters[name] = Counter(per_iteration, Counter::kIsIterationInvariantRate);
    }
    for (const auto& [name, value] : prepared.take_counters()) state.counters[name] = value;
    for (const auto& [name, value] : trace.counters()) state.counters[name] = value;
    for (const auto& [name, value] : disturbance(before, after)) state.counters[name] = value;
    state.SetLabel(trace.label());
    state.counters["cpu_per_wall"] = cpu_s / wall_s;
  }

  /// What failed is said once, however many repetitions and rows it fails; with the traceback if there is
  /// one.
  void show(const Experiment& experiment, const ExperimentError& error) {
    const auto* const raised = dynamic_cast<const embed::ScriptError*>(&error);
    const bool traced = raised != nullptr && !raised->traceback.empty();
    const std::string text = traced ? "\n" + raised->traceback : " " + std::string(error.what()) + "\n";
    if (!shown_.insert(text).second) return;
    std::cerr << experiment.name() << " failed:" << text << std::flush;
  }

  const RowsConfig& config_;
  Session& session_;
  std::set<std::string> shown_;
};

}  // namespace

std::string google_benchmark_version() {
  return HARNESS_GOOGLE_BENCHMARK_VERSION;
}

void initialize_google_benchmark(const RowsConfig& config) {
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

void run_rows(const std::vector<Experiment>& plan, const RowsConfig& config, Session& session,
              RowReporter& reporter) {
  RowRunner runner(config, session);
  for (const Experiment& experiment : plan) {
    auto* const row = benchmark::RegisterBenchmark(
        experiment.name().c_str(),
        [&runner, &experiment](benchmark::State& state) { runner(state, experiment); });
    row->UseManualTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
    if (!given(config, kMinTime)) row->MinTime(config.min_time_s);
    if (!given(config, kRepetitions)) row->Repetitions(config.repetitions);
  }
  benchmark::RunSpecifiedBenchmarks(&reporter);
  session.release();
}

}  // namespace harness
