// harness/strategies/benchmark.cpp: strategies that call what a user's file measures.
#include "harness/strategies/benchmark.h"

#include <memory>
#include <utility>

#include "harness/error.h"
#include "harness/strategies/attached_execution.h"
#include "harness/system/clock.h"

namespace harness {
namespace {

/// A job is begun and ended in tens of microseconds, a hand-off of the GIL among them: it takes far longer.
constexpr double kJob_s = 0.01;

/// Prepared by the benchmark's own setup, once for all members.
class BenchmarkExecution : public AttachedExecution {
 public:
  BenchmarkExecution(const Stage& stage, const Benchmark& benchmark)
      : AttachedExecution(stage, stage.job.items * (benchmark.splits ? 1 : stage.members)),
        python_(stage.python),
        splits_(benchmark.splits),
        loops_(benchmark.loops),
        script_(
            python_.attached([&] { return api().benchmark(benchmark.file, benchmark.name, stage.threads); })),
        calls_(size()) {}

  ~BenchmarkExecution() override {
    python_.attached([&] { api().unload(script_); });
  }

  std::string_view subject() const override { return "the function"; }

  void enter(int member, Slice slice) override {
    AttachedExecution::enter(member, slice);
    try {
      const embed::Attached attached(api(), thread(member));
      std::vector<std::int64_t> integers;
      if (splits_) integers = {slice.begin, slice.end};
      calls_[index(member)] = api().prepare(script_, {}, integers, embed::Returns::anything);
    } catch (...) {
      AttachedExecution::leave(member);
      throw;
    }
  }

  void warm_up() override {
    const embed::Attached attached(api(), thread(0));
    api().take_reference(script_);
    if (*loops_ == 0) *loops_ = splits_ ? 1 : loops_for(api(), calls_.front());
  }

  std::int64_t loops() const override { return *loops_; }

  embed::Integer run(int member) override {
    const embed::Attached attached(api(), thread(member));
    api().call_times(calls_[index(member)], *loops_);
    return 0;
  }

  std::string mismatch() override {
    embed::Verdict verdict = python_.attached([&] { return api().verdict(script_, calls_); });
    unverified_ = std::move(verdict.unverified);
    return verdict.wrong;
  }

  std::string watchers(int member) override {
    const embed::Attached attached(api(), thread(member));
    return api().settings().watchers;
  }

  std::vector<std::string> remarks() const override { return remarks_on(unverified_); }

  void leave(int member) override {
    {
      const embed::Attached attached(api(), thread(member));
      api().discard(calls_[index(member)]);
    }
    AttachedExecution::leave(member);
  }

 private:
  const embed::Python& python_;
  const bool splits_;
  const std::shared_ptr<std::int64_t> loops_;
  embed::Script* const script_;
  std::vector<embed::Call*> calls_;  // by member
  std::string unverified_;
};

Strategy strategy_of(const Benchmark& benchmark, const std::string& name, Threads threads) {
  Traits traits = traits_of_name(name);
  traits.each_does_all = !benchmark.splits;
  return {.name = name,
          .summary = "",
          .threads = threads,
          .traits = std::move(traits),
          .own_script = true,
          .prepare = [benchmark](const Stage& stage) -> std::unique_ptr<Execution> {
            return std::make_unique<BenchmarkExecution>(stage, benchmark);
          }};
}

}  // namespace

std::int64_t loops_for(const std::function<double(std::int64_t loops)>& seconds_of_job) {
  for (std::int64_t power = 1;; power *= 10) {
    for (const std::int64_t loops : {power, 2 * power, 5 * power}) {
      if (seconds_of_job(loops) >= kJob_s) return loops;
    }
  }
}

std::int64_t loops_for(const embed::Api& api, embed::Call* call) {
  constexpr std::int64_t kEnough_ns = 1'000'000;
  std::int64_t took_ns = 0, times = 1;
  for (;; times *= 2) {
    const std::int64_t begin_ns = now_ns();
    api.call_times(call, times);
    took_ns = now_ns() - begin_ns;
    if (took_ns >= kEnough_ns) break;
  }
  const double seconds_a_call = static_cast<double>(took_ns) * 1e-9 / static_cast<double>(times);
  return loops_for([=](std::int64_t loops) { return static_cast<double>(loops) * seconds_a_call; });
}

/// That nothing is returned is common, and said by the word alone.
std::vector<std::string> remarks_on(const std::string& unverified) {
  if (unverified.empty()) return {};
  return {unverified == "nothing" ? kNotVerified : kNotVerified + std::string(": ") + unverified};
}

Strategy benchmark_on_one_thread(const Benchmark& benchmark) {
  return strategy_of(benchmark, "python", Threads::one);
}

Strategy benchmark_on_a_team(const Benchmark& benchmark) {
  Strategy strategy = strategy_of(benchmark, "python_threads", Threads::team);
  strategy.traits.shares_gil = true;
  strategy.traits.worker = "a thread";
  return strategy;
}

}  // namespace harness
