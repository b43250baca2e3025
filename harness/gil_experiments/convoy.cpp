// harness/gil_experiments/convoy.cpp: how long a thread waits that needs the GIL only for a moment.
//
// D. Beazley, "Understanding the Python GIL" (PyCon 2010), calls it the convoy effect: a thread that comes
// back from I/O needs the GIL for microseconds, but each thread that computes keeps it for a switch interval.
// CPython's Tools/ccbench, now removed, measured it with 20 pings in whole milliseconds.
#include <cmath>
#include <string>
#include <thread>

#include "harness/gil_experiments/contest.h"
#include "harness/gil_experiments/gil_experiments.h"
#include "harness/trace/clock.h"

namespace harness {
namespace {

constexpr int kPings = 100;  // an iteration
constexpr std::chrono::microseconds kAway{200};
constexpr std::int64_t kNeeded_ns = 5'000;

void ping(Measured& measured) {
  std::this_thread::sleep_for(kAway);
  const std::int64_t asked_ns = trace::now_ns();
  const embed::Attached attached(measured.api, measured.thread);
  const std::int64_t got_ns = trace::now_ns();
  measured.samples_ns.push_back(got_ns - asked_ns);
  while (trace::now_ns() < got_ns + kNeeded_ns) {
  }
}

}  // namespace

Experiment convoy(int spinners, double switch_interval_s) {
  const std::string interval_us = std::to_string(std::lround(switch_interval_s * 1e6));
  return {.id = {"gil", "convoy", {{"spinners", std::to_string(spinners)}, {"interval_us", interval_us}}},
          .threads = spinners + 1,
          .switch_interval_s = switch_interval_s,
          .prepare = [spinners, switch_interval_s](Session& session) {
            return prepare_contest(session, {.spinners = spinners,
                                             .switch_interval_s = switch_interval_s,
                                             .measured_has_state = true,
                                             .measure =
                                                 [](Measured& measured) {
                                                   for (int i = 0; i < kPings && !measured.stopped; ++i)
                                                     ping(measured);
                                                 },
                                             .counters =
                                                 [](std::span<const std::int64_t> samples_ns) {
                                                   Counters counters;
                                                   add_percentiles(counters, "latency", samples_ns);
                                                   return counters;
                                                 }});
          }};
}

}  // namespace harness
