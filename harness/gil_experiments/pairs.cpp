// harness/gil_experiments/pairs.cpp: what one detach and attach cost, and one PyGILState_Ensure and _Release.
#include <array>
#include <string>

#include "harness/gil_experiments/contest.h"
#include "harness/gil_experiments/gil_experiments.h"
#include "harness/team/team.h"
#include "harness/trace/clock.h"

namespace harness {
namespace {

// Alone, a pair is timed as a part of many, because reading a clock costs as much as a pair does. Where pairs
// take far longer than they mostly do, fewer tell as much.
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
/// cleared goes through from then on (PyThreadState_Clear): a pair then takes far longer.
void end_a_thread(Session& session) {
  const embed::Api& api = session.api();
  embed::Script* const script = session.attached([&] { return api.spinner(); });
  embed::ThreadState* thread = nullptr;
  Team(1,
       {.enter = [&](int) { thread = api.enter_thread(); },
        .leave = [&](int) { api.leave_thread(thread); },
        .failed = {}},
       1)
      .run([&](int) {
        const embed::Attached attached(api, thread);
        std::uint8_t stop = 1;
        std::uint64_t steps = 0;
        const std::array<embed::Buffer, 2> buffers{
            {{&stop, sizeof stop, false}, {&steps, sizeof steps, true}}};
        const std::array<std::int64_t, 2> arguments{0, 0};
        embed::Call* const call = api.prepare(script, buffers, arguments, embed::Returns::integer);
        api.call(call);
        api.discard(call);
      });
  session.attached([&] { api.unload(script); });
}

std::vector<Label> labels_of(int spinners, ProcessState state) {
  std::vector<Label> labels{{"spinners", std::to_string(spinners)}};
  if (spinners > 0) return labels;  // there is one state of these only
  labels.push_back({"state", state == ProcessState::fresh ? "fresh" : "after_a_thread_ended"});
  return labels;
}

}  // namespace

Experiment detach_attach(int spinners) {
  const ContestRules rules{.spinners = spinners,
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
                           .counters = [spinners](auto samples) { return counters_of(samples, spinners); }};
  return {.id = {"gil", "detach_attach", {{"spinners", std::to_string(spinners)}}},
          .threads = spinners + 1,
          .prepare = [rules](Session& session) { return prepare_contest(session, rules); }};
}

Experiment ensure_release(int spinners, ProcessState state) {
  return {.id = {"gil", "ensure_release", labels_of(spinners, state)},
          .traits = {.isolated = true},
          .threads = spinners + 1,
          .prepare = [=](Session& session) {
            if (state == ProcessState::after_a_thread_ended) end_a_thread(session);
            const auto threads = static_cast<double>(session.api().left_threads());
            const auto counters = [=](std::span<const std::int64_t> samples_ns) {
              Counters all = counters_of(samples_ns, spinners);
              all["ended_threads"] = threads;
              return all;
            };
            return prepare_contest(
                session,
                {.spinners = spinners,
                 .switch_interval_s = {},
                 .measured_has_state = false,  // a foreign thread: each pair makes and destroys a state
                 .measure =
                     [spinners](Measured& measured) {
                       time_pairs(measured, spinners, [&] { measured.api.ensure_release(); });
                     },
                 .counters = counters});
          }};
}

}  // namespace harness
