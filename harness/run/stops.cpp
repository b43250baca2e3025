// harness/run/stops.cpp: rows during which the process was stopped (Ctrl-Z, SIGSTOP, a debugger) or the
// machine slept.
#include "harness/run/stops.h"

#include <atomic>
#include <csignal>

#include "harness/run/traces.h"
#include "harness/system/clock.h"

namespace harness {
namespace {

std::atomic<int> continued = 0;  // how often; counted by a signal handler

Stops stops_until_now() {
  const std::int64_t awake_ns = now_ns();
  return {.continued = continued, .suspended_ns = read_ns(CLOCK_BOOTTIME) - awake_ns};
}

/// Labels such a repetition: the clock goes on while a process is stopped.
class StopObserver : public Observer {
 public:
  StopObserver() {
    struct sigaction counting {};
    counting.sa_handler = [](int) { ++continued; };
    counting.sa_flags = SA_RESTART;
    sigaction(SIGCONT, &counting, &before_);
  }
  ~StopObserver() override { sigaction(SIGCONT, &before_, nullptr); }

  void begin_repetition(const Experiment& /*experiment*/) override { begin_ = stops_until_now(); }
  void end(const JobTime& /*time*/, const Prepared& /*prepared*/) override {}
  Counters counters() const override { return {}; }
  std::string label() const override { return remark_of(begin_, stops_until_now()); }

 private:
  struct sigaction before_ {};
  Stops begin_;
};

}  // namespace

std::string remark_of(const Stops& before, const Stops& after) {
  constexpr std::int64_t kBetweenTwoClocks_ns =
      1'000'000;  // at most, from reading the one to reading the other
  if (after.continued != before.continued) return "the process was stopped meanwhile: the time is too long";
  if (after.suspended_ns - before.suspended_ns > kBetweenTwoClocks_ns)
    return "the machine slept meanwhile: the caches were empty afterwards";
  return "";
}

std::unique_ptr<Observer> stop_observer(const TraceSetup& /*setup*/) {
  return std::make_unique<StopObserver>();
}

}  // namespace harness
