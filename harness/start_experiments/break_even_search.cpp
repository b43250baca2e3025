// harness/start_experiments/break_even_search.cpp: doubling until two workers pay, and halving back.
#include "harness/start_experiments/break_even_search.h"

#include <algorithm>
#include <cmath>

namespace harness {
namespace {

constexpr std::uint64_t kFewestSteps = 16;
constexpr double kFirstGuess_ns = 1'000;  // of a task of so many
constexpr double kLeastStep_ns = 0.001;   // a call with nothing to do may take the longer one
constexpr double kNear = 1.022;  // how much longer the task that pays may be than the one that does not
constexpr int kMostLost = 1;     // blocks of ten where two lengths surely pay
constexpr int kBlocks = 5;       // of calls of the one way, and then of the other
constexpr double kMostOutside = 2.0 / 64;  // how often the break-even may lie outside its interval

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

class BreakEvenSearch {
 public:
  explicit BreakEvenSearch(const TimeBlocks& time) : time_(time) {}

  BreakEvenBracket run() {
    const std::optional<std::uint64_t> surely = surely_paying();
    if (!surely) return BreakEvenBracket::none();
    std::uint64_t high = *surely;
    std::uint64_t low = 0;
    while (low == 0 && high > kFewestSteps) (pays(high / 2) ? high : low) = high / 2;
    while (low > 0 && high - low > 1 && of(high) > kNear * of(low)) {
      const auto middle = static_cast<std::uint64_t>(std::lround(std::sqrt(of(low) * of(high))));
      (pays(middle) ? high : low) = middle;
    }
    return {.low_ns = of(low) * step_ns_, .high_ns = of(high) * step_ns_};
  }

 private:
  static double of(std::uint64_t steps) { return static_cast<double>(steps); }

  /// In how many of five blocks two workers take no less than what `both_ns` says of one thread. Ends with
  /// the block by which they are more than `most`.
  int lost(std::uint64_t steps, double (BlockTimes::*both_ns)() const, int most = kBlocks) {
    std::vector<double> tasks_ns;
    int lost = 0;
    for (int block = 0; block < kBlocks && lost <= most; ++block) {
      const BlockTimes times = time_(steps, of(steps) * step_ns_);
      tasks_ns.push_back(times.both_ns() / 2);
      lost += times.two_ns < (times.*both_ns)() ? 0 : 1;
    }
    step_ns_ = std::max(median_of(std::move(tasks_ns)) / of(steps), kLeastStep_ns);
    return lost;
  }

  bool pays(std::uint64_t steps) { return lost(steps, &BlockTimes::both_ns) <= kBlocks / 2; }

  bool surely_pays(std::uint64_t steps) {
    const int first = lost(steps, &BlockTimes::least_both_ns, kMostLost);
    if (first > kMostLost) return false;
    const int rest = kMostLost - first;
    return lost(2 * steps, &BlockTimes::least_both_ns, rest) <= rest;
  }

  std::optional<std::uint64_t> surely_paying() {
    std::uint64_t steps = kFewestSteps;
    while (!surely_pays(steps)) {
      if (of(steps) * step_ns_ > kLongestTask_ns) return std::nullopt;
      steps *= 2;
    }
    return steps;
  }

  const TimeBlocks& time_;
  double step_ns_ = kFirstGuess_ns / kFewestSteps;
};

}  // namespace

double BlockTimes::both_ns() const {
  double sum_ns = 0;
  for (const OneThread& times : one) sum_ns += times.both_ns();
  return sum_ns / static_cast<double>(one.size());
}

double BlockTimes::least_both_ns() const {
  double least_ns = one.front().both_ns();
  for (const OneThread& times : one) least_ns = std::min(least_ns, times.both_ns());
  return least_ns;
}

double BreakEvenBracket::middle_ns() const {
  return exists() && low_ns > 0 ? std::sqrt(low_ns * high_ns) : high_ns;
}

BreakEvenBracket search_break_even(const TimeBlocks& time) {
  return BreakEvenSearch(time).run();
}

/// The break-even is below the search of rank k where fewer than k have come out below it. Each does so with
/// a probability of one half.
std::size_t rank_of_interval(std::size_t searches) {
  std::size_t rank = 0;
  long double exactly = std::ldexp(1.0L, -static_cast<int>(searches));  // that `rank` come out below it
  long double at_most = exactly;
  while (rank < searches && 2 * at_most <= kMostOutside) {
    ++rank;
    exactly *= static_cast<long double>(searches - rank + 1) / static_cast<long double>(rank);
    at_most += exactly;
  }
  return rank;
}

BreakEvenEstimate estimate_of(const std::vector<BreakEvenBracket>& found) {
  if (found.empty()) return {};
  std::vector<double> lows_ns, middles_ns, highs_ns;
  for (const BreakEvenBracket& bracket : found) {
    lows_ns.push_back(bracket.low_ns);
    middles_ns.push_back(bracket.middle_ns());
    highs_ns.push_back(bracket.high_ns);
  }
  std::ranges::sort(lows_ns);
  std::ranges::sort(highs_ns);
  const double median_ns = median_of(std::move(middles_ns));
  if (!std::isfinite(median_ns)) return {};
  BreakEvenEstimate estimate{.median_ns = median_ns};
  const std::size_t rank = rank_of_interval(found.size());
  if (rank == 0) return estimate;
  if (lows_ns[rank - 1] > 0) estimate.low_ns = lows_ns[rank - 1];
  const double high_ns = highs_ns[highs_ns.size() - rank];
  if (std::isfinite(high_ns)) estimate.high_ns = high_ns;
  return estimate;
}

}  // namespace harness
