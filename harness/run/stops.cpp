// harness/run/stops.cpp: rows during which the process was stopped: Ctrl-Z, SIGSTOP, a debugger.
#include <atomic>
#include <csignal>

#include "harness/run/traces.h"

namespace harness {
namespace {

std::atomic<int> continued = 0;  // how often; counted by a signal handler

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

  void begin_repetition(const Experiment& /*experiment*/) override { continued_ = continued; }
  void end(const JobTime& /*time*/, const Prepared& /*prepared*/) override {}
  Counters counters() const override { return {}; }
  std::string label() const override {
    return continued == continued_ ? "" : "the process was stopped meanwhile: the time is too long";
  }

 private:
  struct sigaction before_ {};
  int continued_ = 0;
};

}  // namespace

std::unique_ptr<Observer> stop_observer(const TraceSetup& /*setup*/) {
  return std::make_unique<StopObserver>();
}

}  // namespace harness
