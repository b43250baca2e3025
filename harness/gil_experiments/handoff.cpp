// harness/gil_experiments/handoff.cpp: how long the GIL is on its way from one thread to the next.
//
// Threads that only detach and attach hardly ever hand over: the one that has just released the GIL takes it
// again before the other is awake. Here the holder lets the next one ask first and keeps the GIL until that
// one is surely asleep, waiting for it. So a release, a futex wake-up, and an acquire are timed.
#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "harness/gil_experiments/contest.h"
#include "harness/gil_experiments/gil_experiments.h"
#include "harness/trace/clock.h"
#include "harness/trace/recorder.h"

namespace harness {
namespace {

constexpr int kTurns = 200;                  // of all threads together, an iteration
constexpr std::int64_t kAsleep_ns = 50'000;  // well over the way into the futex

class Handoff : public Prepared {
 public:
  Handoff(Session& session, int threads)
      : api_(require_gil(session)),
        members_(static_cast<std::size_t>(threads)),
        team_(threads,
              {.enter =
                   [this, &session](int member) {
                     session.pinning().pin_member(member);
                     trace::name_this_thread("team " + std::to_string(member));
                     state(member) = api_.enter_thread();
                   },
               .leave = [this](int member) { api_.leave_thread(state(member)); },
               .failed = {}},
              session.spin_cores(), session.placement()) {}

  JobTime run_first() override {
    const JobTime time = run();
    samples_ns_.clear();
    return time;
  }

  JobTime run() override {
    turn_ = 0;
    asking_ = -1;
    samples_ns_.reserve(samples_ns_.size() + kTurns);
    return team_.run([this](int member) { take_turns(member); });
  }

  void stop() const override { stopped_ = true; }

  Counters take_counters() override {
    Counters counters;
    add_percentiles(counters, "handoff", samples_ns_);
    samples_ns_.clear();
    return counters;
  }

 private:
  static const embed::Api& require_gil(Session& session) {
    if (session.attached([&] { return session.api().gil_enabled(); })) return session.api();
    throw NotApplicable("there is no GIL to hand over", "export PYTHON_GIL=1");
  }

  embed::ThreadState*& state(int member) { return members_[static_cast<std::size_t>(member)]; }

  /// Turn t is member t % N's. It holds the GIL and hands it to the next, which has asked for it meanwhile.
  void take_turns(int member) {
    const int threads = team_.size();
    for (int turn = member; turn < kTurns; turn += threads) {
      while (turn_ != turn && !stopped_) std::this_thread::yield();
      asking_ = turn;
      api_.attach(state(member));
      const std::int64_t acquired_ns = trace::now_ns();
      if (turn > 0 && !stopped_) samples_ns_.push_back(acquired_ns - released_ns_);
      turn_ = turn + 1;
      while (turn + 1 < kTurns && asking_ != turn + 1 && !stopped_) std::this_thread::yield();
      const std::int64_t asked_ns = trace::now_ns();
      while (trace::now_ns() < asked_ns + kAsleep_ns) {
      }
      released_ns_ = trace::now_ns();  // read by the next, which acquires after this
      api_.detach(state(member));
    }
  }

  const embed::Api& api_;
  std::vector<embed::ThreadState*> members_;
  std::atomic<int> turn_{0};     // whose turn it is to ask
  std::atomic<int> asking_{-1};  // the turn that asks, or has asked, for the GIL
  std::int64_t released_ns_ = 0;
  std::vector<std::int64_t> samples_ns_;  // written by whoever holds the GIL
  mutable std::atomic<bool> stopped_{false};
  Team team_;  // last: its threads use what is above
};

}  // namespace

Experiment handoff(int threads) {
  return {.id = {"gil", "handoff", {{"threads", std::to_string(threads)}}},
          .threads = threads,
          .prepare = [threads](Session& session) -> std::unique_ptr<Prepared> {
            return std::make_unique<Handoff>(session, threads);
          }};
}

}  // namespace harness
