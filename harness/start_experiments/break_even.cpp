// harness/start_experiments/break_even.cpp: from which length of a task on two workers beat one thread.
//
// Two tasks are done by two workers, and by one thread, in turn, five blocks of calls each. The two workers
// are the faster ones where they are so in each block (by chance, that is 1 in 32). The tasks grow until they
// are, also with twice the work; between that length and the one before, halving finds where it begins. The
// median of six such searches has its 96.9 % interval between the shortest and the longest of them, whatever
// their distribution is (an order statistic: 1 - 2/2^6).
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "harness/start_experiments/fresh_way.h"
#include "harness/start_experiments/start_experiments.h"
#include "harness/strategies/script.h"
#include "harness/system/clock.h"

namespace harness {
namespace {

constexpr int kSearches = 6;
constexpr double kShortest_ns = 1'000;
constexpr double kLongest_ns = 20'000'000;
constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr int kHalvings = 5;  // of the logarithm: within 2 % of it
constexpr int kBlocks = 5;    // of calls of the one way, and then of the other
constexpr double kBlock_ns = 2'000'000;
constexpr int kMostCalls = 40;  // of a block; the first is not counted

class BreakEven : public Prepared {
 public:
  BreakEven(Session& session, const Strategy& way)
      : job_{.items = 2, .script_items = 2, .buffers = {{&steps_, sizeof steps_, false}}},
        two_(session, way, 2, "start_break_even.py", job_),
        one_(session, python(), 1, "start_break_even.py", job_) {}

  JobTime run_first() override {
    const JobTime time = run();
    found_ns_.clear();
    return time;
  }

  JobTime run() override {
    const double cpu_s = process_cpu_s();
    JobTime time{.begin_ns = now_ns(), .end_ns = 0, .cpu_s = 0};
    time.workers.emplace();  // what its threads wait for is what is measured
    for (int i = 0; i < kSearches && !stopped_; ++i) {
      found_ns_.push_back(search());
      if (i == 1 && std::min(found_ns_[0], found_ns_[1]) == kNever) break;
    }
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
    std::ranges::sort(found_ns_);
    Counters counters;
    const std::size_t half = found_ns_.size() / 2;
    const double median_ns = found_ns_.empty()           ? kNever
                             : found_ns_.size() % 2 == 1 ? found_ns_[half]
                                                         : (found_ns_[half - 1] + found_ns_[half]) / 2;
    if (median_ns < kNever) {
      counters["break_even_ns"] = median_ns;
      counters["break_even_low_ns"] = found_ns_.front();
      if (found_ns_.back() < kNever) counters["break_even_high_ns"] = found_ns_.back();
    } else if (!found_ns_.empty()) {
      counters["no_break_even_ns"] = kLongest_ns;
    }
    found_ns_.clear();
    return counters;
  }

 private:
  struct Compared {
    double task_ns;  // on one thread
    bool two_is_faster;
  };

  static double median(std::vector<std::int64_t>& samples) {
    std::ranges::nth_element(samples, samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2));
    return static_cast<double>(samples[samples.size() / 2]);
  }

  /// Times each call of a block.
  static std::vector<std::int64_t> block(FreshWay& way, int calls) {
    std::vector<std::int64_t> taken_ns;
    way.run();
    for (int i = 0; i < calls; ++i) {
      const std::int64_t begin_ns = now_ns();
      way.run();
      taken_ns.push_back(now_ns() - begin_ns);
    }
    return taken_ns;
  }

  Compared compare(std::uint64_t steps, double expected_ns) {
    steps_ = steps;
    two_.upload();
    one_.upload();
    const int calls = std::clamp(static_cast<int>(kBlock_ns / (2 * expected_ns)), 1, kMostCalls);
    std::vector<std::int64_t> all_of_one;
    bool two_is_faster = true;
    for (int i = 0; i < kBlocks && !stopped_; ++i) {
      std::vector<std::int64_t> one = block(one_, calls), two = block(two_, calls);
      all_of_one.insert(all_of_one.end(), one.begin(), one.end());
      two_is_faster = median(two) < median(one) && two_is_faster;
    }
    if (all_of_one.empty()) return {expected_ns, true};
    return {median(all_of_one) / 2, two_is_faster};
  }

  /// The task's length, or kNever.
  double search() {
    double steps = 16;
    double losing_steps = 0;
    double step_ns = kShortest_ns / steps;
    const auto two_are_faster = [&](double of_steps) {
      const Compared compared = compare(static_cast<std::uint64_t>(of_steps), of_steps * step_ns);
      step_ns = compared.task_ns / of_steps;
      return compared.two_is_faster;
    };
    while (!stopped_ && !(two_are_faster(steps) && two_are_faster(2 * steps))) {
      if (steps * step_ns > kLongest_ns) return kNever;
      losing_steps = steps;
      steps *= 2;
    }
    double winning_steps = steps;
    for (int i = 0; i < kHalvings && losing_steps > 0 && !stopped_; ++i) {
      const double middle = std::sqrt(losing_steps * winning_steps);
      (two_are_faster(middle) ? winning_steps : losing_steps) = middle;
    }
    return winning_steps * step_ns;
  }

  std::uint64_t steps_ = 0;
  const Job job_;
  FreshWay two_;  // first: it may start processes while there is no thread
  FreshWay one_;
  std::vector<double> found_ns_;
  mutable std::atomic<bool> stopped_{false};
};

}  // namespace

Experiment break_even(const Strategy& way) {
  std::vector<Label> labels = way.variant;
  labels.insert(labels.begin(), {"", way.name});
  return {.id = {"start", "break_even", labels},
          .traits = {.isolated = true},
          .threads = 2,
          .prepare = [way](Session& session) -> std::unique_ptr<Prepared> {
            return std::make_unique<BreakEven>(session, way);
          }};
}

}  // namespace harness
