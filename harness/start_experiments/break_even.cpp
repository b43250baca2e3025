// harness/start_experiments/break_even.cpp: from which length of a task on two workers beat one thread.
//
// break_even_search.h says what a task is, and how the length is found. Here are the clocks: two workers are
// timed by the main thread, which waits for them, and the one thread times itself. So nobody's wake-up is a
// part of its time, and the main thread sleeps while others compute. A main thread that computes itself
// disturbs the workers that it wakes next: on two cores their calls take several times as long.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "harness/error.h"
#include "harness/start_experiments/break_even_search.h"
#include "harness/start_experiments/fresh_way.h"
#include "harness/start_experiments/start_experiments.h"
#include "harness/strategies/script.h"
#include "harness/system/clock.h"

namespace harness {
namespace {

constexpr int kSearches = 6;
constexpr double kBlock_ns = 2'000'000;
constexpr double kMostCalls = 40;  // of a block
// At the beginning of a block, whose calls are not counted. Longer than the members of a team wait busily for
// their next job, and so take the cores from the one thread.
constexpr std::int64_t kLeadIn_ns = 300'000;

class BreakEven : public Prepared {
 public:
  BreakEven(Session& session, const Strategy& way)
      : job_{.items = 2, .script_items = 2, .buffers = {{&steps_, sizeof steps_, false}}},
        cores_(cores_of(session)),
        two_(session, way, 2, "start_break_even.py", job_),
        one_(session, python(), 1, "start_break_even.py", job_, home_of_one_) {}

  JobTime run_first() override {
    const JobTime time = run();
    take_counters();
    return time;
  }

  JobTime run() override {
    const double cpu_s = process_cpu_s();
    JobTime time{.begin_ns = now_ns(), .end_ns = 0, .cpu_s = 0};
    time.workers.emplace();  // what its threads wait for is what is measured
    search();
    time.end_ns = now_ns();
    time.cpu_s = process_cpu_s() - cpu_s;
    return time;
  }

  void stop() const override {
    stopped_ = true;
    two_.stop();
    one_.stop();
  }

  Counters take_counters() override {
    const BreakEvenEstimate estimate = estimate_of(found_);
    Counters counters;
    if (estimate.median_ns) counters["break_even_ns"] = *estimate.median_ns;
    if (estimate.low_ns) counters["break_even_low_ns"] = *estimate.low_ns;
    if (estimate.high_ns) counters["break_even_high_ns"] = *estimate.high_ns;
    if (!found_.empty() && !estimate.median_ns) counters["no_break_even_ns"] = kLongestTask_ns;
    if (!empty_calls_ns_.empty()) counters["call_p50_ns"] = middle_of(empty_calls_ns_);
    found_.clear();
    empty_calls_ns_.clear();
    return counters;
  }

 private:
  /// CPUs of two cores, to which the one thread is moved in turn; -1, which leaves it where Linux puts it,
  /// where threads are not placed.
  static std::vector<int> cores_of(const Session& session) {
    if (session.pinning().is_on()) return {session.pinning().cpu_of(0), session.pinning().cpu_of(1)};
    const Placement& placement = session.placement();
    const std::optional<int> first = placement.home_of(0, 2);
    const std::optional<int> second = placement.home_of(1, 2);
    if (!first || !second) return {-1};
    return {*first, *second};
  }

  /// Some times; twice where that finds none, since it takes the longest then.
  void search() {
    bool exists = false;
    for (int i = 0; i < kSearches && (i < 2 || exists); ++i) {
      set(0);
      empty_calls_ns_.push_back(call_of_two(0));
      found_.push_back(search_break_even(
          [this](std::uint64_t steps, double task_ns) { return times_of(steps, task_ns); }));
      exists = found_.back().exists() || exists;
    }
  }

  /// How long each of the two tasks is from now on.
  void set(std::uint64_t steps) {
    steps_ = steps;
    two_.upload();
  }

  BlockTimes times_of(std::uint64_t steps, double task_ns) {
    BlockTimes times{.one = {}, .two_ns = 0};
    for (const int core : cores_) {
      home_of_one_->store(core, std::memory_order_relaxed);
      set(0);
      const double nothing_ns = call_of_one(0);
      set(steps);
      times.one.push_back({.nothing_ns = nothing_ns, .one_ns = call_of_one(2 * task_ns)});
    }
    times.two_ns = call_of_two(2 * task_ns);
    return times;
  }

  double call_of_one(double expected_ns) {
    return median_of_calls(expected_ns, [this] {
      const JobTime time = one_.run();
      return time.end_ns - time.begin_ns;
    });
  }

  double call_of_two(double expected_ns) {
    two_.keep_workers_apart();
    return median_of_calls(expected_ns, [this] {
      const std::int64_t begin_ns = now_ns();
      two_.run();
      return now_ns() - begin_ns;
    });
  }

  /// Of a block of calls, of which each takes about `expected_ns`. `time_call` says how long.
  template <typename TimeCall>
  double median_of_calls(double expected_ns, const TimeCall& time_call) const {
    const int calls = static_cast<int>(std::clamp(kBlock_ns / std::max(expected_ns, 1.0), 1.0, kMostCalls));
    for (const std::int64_t begin_ns = now_ns(); now_ns() - begin_ns < kLeadIn_ns;) unless_stopped(time_call);
    std::vector<double> taken_ns;
    for (int i = 0; i < calls; ++i) taken_ns.push_back(static_cast<double>(unless_stopped(time_call)));
    return middle_of(taken_ns);
  }

  /// Of at least one; it reorders them.
  static double middle_of(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
  }

  /// What stop() interrupts of the script ends by itself.
  template <typename TimeCall>
  std::int64_t unless_stopped(const TimeCall& time_call) const {
    if (stopped_) throw ExperimentError("stopped");
    return time_call();
  }

  std::uint64_t steps_ = 0;
  const Job job_;
  const std::vector<int> cores_;
  const std::shared_ptr<std::atomic<int>> home_of_one_ = std::make_shared<std::atomic<int>>(-1);
  FreshWay two_;  // first: it may start processes while there is no thread
  FreshWay one_;
  std::vector<BreakEvenBracket> found_;
  std::vector<double> empty_calls_ns_;  // of the two workers, a median a search
  mutable std::atomic<bool> stopped_{false};
};

}  // namespace

Experiment break_even(const Strategy& way) {
  std::vector<Label> labels = way.variant;
  labels.insert(labels.begin(), {"", way.name});
  return {.id = {"start", "break_even", labels},
          .traits = {.isolated = true,
                     .costs_to_enter = true,
                     .shares_gil = way.traits.shares_gil,
                     .worker = way.traits.worker},
          .threads = 2,
          .prepare = [way](Session& session) -> std::unique_ptr<Prepared> {
            return std::make_unique<BreakEven>(session, way);
          }};
}

}  // namespace harness
