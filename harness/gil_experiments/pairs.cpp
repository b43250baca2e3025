// harness/gil_experiments/pairs.cpp: what one detach and attach cost, and one PyGILState_Ensure and _Release.
#include <string>

#include "harness/gil_experiments/contest.h"
#include "harness/gil_experiments/gil_experiments.h"
#include "harness/trace/clock.h"

namespace harness {
namespace {

// Alone, a pair is timed as a part of many, because reading a clock costs as much as a pair does. Where pairs
// take a thousand times as long as they mostly do, fewer tell as much.
constexpr int kPairsAlone = 100'000;
constexpr int kPairsBetweenLooks = 1'000;
constexpr std::int64_t kLongestAlone_ns = 200'000'000;

// Beside spinners most pairs are as quick, because the thread that has just released the GIL takes it again
// before a waiter is awake. A few cost a switch interval for each spinner, so it takes time to meet those.
constexpr int kLeastPairs = 20;
constexpr std::int64_t kLeast_ns = 50'000'000;

template <typename Pair>
void time_pairs_alone(Measured& measured, const Pair& pair) {
  const std::int64_t begin_ns = trace::now_ns();
  std::int64_t taken_ns = 0;
  int pairs = 0;
  while (pairs < kPairsAlone && taken_ns < kLongestAlone_ns && !measured.stopped) {
    for (int i = 0; i < kPairsBetweenLooks; ++i) pair();
    pairs += kPairsBetweenLooks;
    taken_ns = trace::now_ns() - begin_ns;
  }
  if (pairs > 0) measured.samples_ns.push_back(taken_ns / pairs);
}

template <typename Pair>
void time_pairs_contended(Measured& measured, const Pair& pair) {
  const std::int64_t end_ns = trace::now_ns() + kLeast_ns;
  std::int64_t now_ns = 0;
  for (int i = 0; (i < kLeastPairs || now_ns < end_ns) && !measured.stopped; ++i) {
    const std::int64_t begin_ns = trace::now_ns();
    pair();
    now_ns = trace::now_ns();
    measured.samples_ns.push_back(now_ns - begin_ns);
  }
}

template <typename Pair>
void time_pairs(Measured& measured, int spinners, const Pair& pair) {
  if (spinners == 0) return time_pairs_alone(measured, pair);
  time_pairs_contended(measured, pair);
}

Counters counters_of(std::span<const std::int64_t> samples_ns, int spinners) {
  Counters counters;
  if (samples_ns.empty()) return counters;
  double sum_ns = 0;
  for (const std::int64_t sample : samples_ns) sum_ns += static_cast<double>(sample);
  counters["pair_ns"] = sum_ns / static_cast<double>(samples_ns.size());
  if (spinners > 0) add_percentiles(counters, "pair", samples_ns);
  return counters;
}

/// On a free-threaded build a thread that ends leaves memory to all others, which each thread state that is
/// cleared goes through from then on (PyThreadState_Clear): a pair then takes hundreds of times as long.
std::string ended_threads_remark(Session& session) {
  const bool is_slower = session.attached(
      [&] { return session.api().left_threads() > 0 && session.api().facts().free_threaded; });
  if (!is_slower) return "";
  return "depends on what ran before: threads that ran Python code have ended in this process";
}

Experiment pairs(const std::string& strategy, ContestRules rules) {
  return {
      .id = {"gil", strategy, {{"spinners", std::to_string(rules.spinners)}}},
      .threads = rules.spinners + 1,
      .prepare = [rules = std::move(rules)](Session& session) { return prepare_contest(session, rules); }};
}

}  // namespace

Experiment detach_attach(int spinners) {
  return pairs("detach_attach",
               {.spinners = spinners,
                .switch_interval_s = {},
                .measured_has_state = true,
                .measure =
                    [spinners](Measured& measured) {
                      const embed::Attached attached(measured.api, measured.thread);
                      time_pairs(measured, spinners, [&] {
                        measured.api.detach(measured.thread);
                        measured.api.attach(measured.thread);
                      });
                    },
                .counters = [spinners](auto samples) { return counters_of(samples, spinners); }});
}

Experiment ensure_release(int spinners) {
  return pairs("ensure_release",
               {.spinners = spinners,
                .switch_interval_s = {},
                .measured_has_state = false,  // a foreign thread: each pair makes and destroys a thread state
                .remark = ended_threads_remark,
                .measure =
                    [spinners](Measured& measured) {
                      time_pairs(measured, spinners, [&] { measured.api.ensure_release(); });
                    },
                .counters = [spinners](auto samples) { return counters_of(samples, spinners); }});
}

}  // namespace harness
