// harness/gil_experiments/overlap.cpp: how much Python work gets done while a native kernel runs.
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "harness/gil_experiments/contest.h"
#include "harness/gil_experiments/gil_experiments.h"
#include "harness/trace/clock.h"
#include "kernels/countdown.h"

namespace harness {
namespace {

constexpr std::int64_t kRun_ns = 100'000'000;
constexpr std::int64_t kSteps = 1'000'000;  // of a kernel's call: a fraction of a millisecond

/// Python steps a second, while `work` runs.
template <typename Work>
double python_rate(Measured& measured, const Work& work) {
  const std::uint64_t steps = measured.python_steps();
  const std::int64_t begin_ns = trace::now_ns();
  work();
  const auto taken_s = static_cast<double>(trace::now_ns() - begin_ns) * 1e-9;
  return static_cast<double>(measured.python_steps() - steps) / taken_s;
}

void run_kernel(const Measured& measured) {
  const std::int64_t end_ns = trace::now_ns() + kRun_ns;
  while (trace::now_ns() < end_ns && !measured.stopped) kernels::countdown_native(0, kSteps, 1);
}

struct Rates {
  double alone = 0;
  double beside = 0;
  int count = 0;
};

void measure(Measured& measured, bool gil_held, Rates& rates) {
  rates.alone +=
      python_rate(measured, [] { std::this_thread::sleep_for(std::chrono::nanoseconds(kRun_ns)); });
  const embed::Attached attached(measured.api, measured.thread);
  rates.beside += python_rate(measured, [&] {
    if (gil_held) return run_kernel(measured);
    measured.api.released([&] { run_kernel(measured); });
  });
  ++rates.count;
}

}  // namespace

Experiment overlap(bool gil_held) {
  return {.id = {"gil", "overlap", {{"", gil_held ? "held" : "released"}, {"threads", "2"}}},
          .threads = 2,
          .prepare = [gil_held](Session& session) {
            const auto rates = std::make_shared<Rates>();
            return prepare_contest(
                session, {.spinners = 1,
                          .switch_interval_s = {},
                          .measured_has_state = true,
                          .measure = [=](Measured& measured) { measure(measured, gil_held, *rates); },
                          .counters =
                              [=](std::span<const std::int64_t>) {
                                const Rates sums = std::exchange(*rates, {});
                                Counters counters;
                                if (sums.count == 0 || sums.alone == 0) return counters;
                                counters["python_steps_per_second"] = sums.beside / sums.count;
                                counters["python_share_of_alone"] = sums.beside / sums.alone;
                                return counters;
                              }});
          }};
}

}  // namespace harness
