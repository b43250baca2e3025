// harness/gil_experiments/contest.cpp: one thread that is measured, beside others that compute in Python.
#include "harness/gil_experiments/contest.h"

#include <algorithm>
#include <array>
#include <thread>

#include "harness/trace/clock.h"
#include "harness/trace/recorder.h"

namespace harness {
namespace {

constexpr int kMeasured = 0;  // the member; the others spin

class Contest : public Prepared {
 public:
  Contest(Session& session, ContestRules rules)
      : session_(session),
        api_(session.api()),
        rules_(std::move(rules)),
        spinner_(session.attached([&] { return api_.spinner(); })),
        interval_before_s_(set_interval(rules_.switch_interval_s)),
        steps_(static_cast<std::size_t>(rules_.spinners) + 1),
        members_(steps_.size()),
        team_(static_cast<int>(members_.size()),
              {.enter = [this](int member) { enter(member); },
               .leave = [this](int member) { leave(member); },
               .failed = [this](int) { stop(); }},
              session.spin_cores(), session.placement()) {}

  ~Contest() override {
    set_interval(interval_before_s_);
    session_.attached([&] { api_.unload(spinner_); });
  }

  JobTime run_first() override {
    const JobTime time = run();
    samples_ns_.clear();
    return time;
  }

  JobTime run() override {
    std::ranges::fill(steps_, 0);
    std::atomic_ref(stop_spinning_).store(0);
    team_.run([this](int member) {
      if (member == kMeasured) {
        measure();
      } else {
        const Member& self = members_[static_cast<std::size_t>(member)];
        const embed::Attached attached(api_, self.thread);
        api_.call(self.call);
      }
    });
    return time_;
  }

  /// The spinners by their own flag, which is all that native code can see, too.
  void stop() const override {
    stopped_ = true;
    end_spinning();
  }

  Counters take_counters() override {
    Counters counters = rules_.counters(samples_ns_);
    samples_ns_.clear();
    return counters;
  }

 private:
  struct Member {
    embed::ThreadState* thread = nullptr;
    embed::Call* call = nullptr;
  };

  std::optional<double> set_interval(std::optional<double> interval_s) const {
    if (!interval_s) return std::nullopt;
    return session_.attached([&] { return api_.set_switch_interval(*interval_s); });
  }

  void enter(int member) {
    Member& self = members_[static_cast<std::size_t>(member)];
    session_.pinning().pin_member(member);
    trace::name_this_thread(member == kMeasured ? "measured" : "spinner " + std::to_string(member));
    if (member == kMeasured && !rules_.measured_has_state) return;
    self.thread = api_.enter_thread();
    if (member == kMeasured) return;
    const embed::Attached attached(api_, self.thread);
    const std::array<embed::Buffer, 2> buffers{
        {{&stop_spinning_, sizeof stop_spinning_, false},
         {steps_.data(), static_cast<std::int64_t>(steps_.size() * sizeof(std::uint64_t)), true}}};
    const std::array<std::int64_t, 2> arguments{member, 0};
    self.call = api_.prepare(spinner_, buffers, arguments, embed::Returns::integer);
  }

  void leave(int member) {
    Member& self = members_[static_cast<std::size_t>(member)];
    if (self.call != nullptr) {
      const embed::Attached attached(api_, self.thread);
      api_.discard(self.call);
    }
    if (self.thread != nullptr) api_.leave_thread(self.thread);
  }

  void measure() {
    while (!all_spin() && !stopped_) std::this_thread::yield();
    Measured measured{.api = api_,
                      .thread = members_[kMeasured].thread,
                      .stopped = stopped_,
                      .python_steps = [this] { return steps(); },
                      .samples_ns = samples_ns_};
    const double cpu_s = process_cpu_s();
    time_.begin_ns = trace::now_ns();
    rules_.measure(measured);
    time_.end_ns = trace::now_ns();
    time_.cpu_s = process_cpu_s() - cpu_s;
    end_spinning();
  }

  void end_spinning() const { std::atomic_ref(stop_spinning_).store(1); }

  std::uint64_t steps_of(std::size_t member) {
    return std::atomic_ref(steps_[member]).load(std::memory_order_relaxed);
  }
  bool all_spin() {
    for (std::size_t member = 1; member < steps_.size(); ++member) {
      if (steps_of(member) == 0) return false;
    }
    return true;
  }
  std::uint64_t steps() {
    std::uint64_t sum = 0;
    for (std::size_t member = 1; member < steps_.size(); ++member) sum += steps_of(member);
    return sum;
  }

  Session& session_;
  const embed::Api& api_;
  const ContestRules rules_;
  embed::Script* const spinner_;
  const std::optional<double> interval_before_s_;
  mutable std::uint8_t stop_spinning_ = 0;  // Python reads it; written as an atomic
  std::vector<std::uint64_t> steps_;        // by member; Python writes them
  mutable std::atomic<bool> stopped_{false};
  std::vector<std::int64_t> samples_ns_;
  JobTime time_{};
  std::vector<Member> members_;
  Team team_;  // last: its threads use what is above
};

}  // namespace

std::unique_ptr<Prepared> prepare_contest(Session& session, ContestRules rules) {
  return std::make_unique<Contest>(session, std::move(rules));
}

}  // namespace harness
