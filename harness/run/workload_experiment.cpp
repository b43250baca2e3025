// harness/run/workload_experiment.cpp: one workload × strategy × thread count.
#include "harness/run/workload_experiment.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "harness/run/session.h"
#include "kernels/cache_flush.h"
#include "kernels/grayscale.h"
#include "kernels/openmp_threads.h"

namespace harness {
namespace {

/// How many of the job's items the strategy does, from the first on: in whole rows, where it is an image.
std::int64_t items_of(const Job& job, const Strategy& strategy) {
  if (strategy.native()) return job.items;
  const std::int64_t grain = std::max<std::int64_t>(job.picture_width, 1);
  return std::max(job.script_items / strategy.script.part / grain, std::int64_t{1}) * grain;
}

embed::Script* script_of(Session& session, const Workload& workload, const Strategy& strategy) {
  if (!strategy.runs_script) return nullptr;
  if (!strategy.script.module.empty()) session.require_module(std::string(strategy.script.module));
  if (strategy.script.file.empty()) return session.script_of(std::string(workload.name) + ".py", false);
  return session.script_of(std::string(strategy.script.file), true);
}

/// The team, each member with its slice, and where the strategy runs a script, a call of its run().
class PreparedWorkload : public Prepared {
 public:
  PreparedWorkload(Session& session, const Workload& workload, const Strategy& strategy, int threads,
                   std::size_t image)
      : session_(session),
        api_(session.api()),
        workload_(workload),
        strategy_(strategy),
        threads_(threads),
        job_(session.job_of(workload, image)),
        items_(items_of(job_, strategy)),
        script_(script_of(session, workload, strategy)),
        here_(strategy.native() && strategy.crew != Crew::team),
        members_(static_cast<std::size_t>(strategy.crew == Crew::team ? threads : 1)),
        team_(make_team()) {}

  void run_first() override {
    if (script_ != nullptr && !strategy_.script.native) warm_up();
    job_.clear();
    run();
    verify();
    session_.keep_output(workload_, strategy_, job_, items_);
  }

  /// One core reads what another has in its own cache faster than what neither has: with half of the image
  /// still in the other core's from a row on two threads, simd on one was 1.25 times as fast at 1280x720 on a
  /// Granite Rapids (kernels_bench, beside_another_core).
  bool flush() override {
    if (!strategy_.native() || job_.traffic.empty()) return false;
    for (const std::span<const std::uint8_t> bytes : job_.traffic) kernels::flush_from_caches(bytes);
    return true;
  }

  JobTime run() override {
    return team_.run([this](int member) {
      Member& self = members_[static_cast<std::size_t>(member)];
      self.result = strategy_.run({.api = api_,
                                   .thread = self.thread,
                                   .call = self.call,
                                   .job = job_,
                                   .kernel = strategy_.kernel,
                                   .slice = self.slice,
                                   .threads = threads_,
                                   .native = self.native});
    });
  }

  void verify() const override {
    embed::Integer sum = 0;
    for (const Member& member : members_) sum += member.result;
    const std::string wrong = job_.mismatch(sum, items_);
    if (wrong.empty()) return;
    const std::string_view what = strategy_.runs_script ? "the script's run() " : "the kernel ";
    throw ExperimentError("wrong result: " + std::string(what) + wrong);
  }

  void stop() const override { stop_all_but(-1); }

  std::vector<Rate> rates() const override {
    const auto items = static_cast<double>(items_);
    std::vector<Rate> rates{{std::string(workload_.item_unit) + "_per_second", items}};
    if (workload_.bytes_of_item > 0 && strategy_.native()) {
      rates.push_back({"bytes_per_second", items * static_cast<double>(workload_.bytes_of_item)});
    }
    return rates;
  }

  Counters take_counters() override {
    return {{std::string(workload_.item_unit), static_cast<double>(items_)}};
  }

  std::vector<gil_trace::NamedSpan> regions() const override {
    std::vector<gil_trace::NamedSpan> regions;
    for (const Member& member : members_) {
      if (member.native.end_ns == 0) continue;
      regions.push_back(
          {std::string(strategy_.name), member.native.begin_ns, member.native.end_ns, member.os_id});
    }
    return regions;
  }

 private:
  /// A native job that is not split over the team is called by this thread. Called by one of a team, a kernel
  /// with threads of its own had one too many on as many cores as it has threads: the one that waits for the
  /// team wakes around each iteration, and now and then the caller was then put where a thread of OpenMP's
  /// still spun, which waited 3.5 ms to begin while the other core was idle.
  Team make_team() {
    TeamHooks hooks{.enter = [this](int member) { enter(member); },
                    .leave = [this](int member) { leave(member); },
                    .failed = [this](int member) { stop_all_but(member); }};
    if (here_) return Team(std::move(hooks));
    return {static_cast<int>(members_.size()), std::move(hooks), session_.spin_cores()};
  }

  struct Member {
    embed::ThreadState* thread = nullptr;
    embed::Call* call = nullptr;
    embed::Integer result = 0;
    Slice slice{};
    NativeRegion native{};
    std::int64_t os_id = 0;
  };

  void enter(int member) {
    Member& self = members_[static_cast<std::size_t>(member)];
    self.slice = slice_of(items_, member, static_cast<int>(members_.size()));
    self.os_id = gettid();
    try {
      if (here_) {
        pin_kernels_threads();
      } else {
        session_.pinning().pin_member(member);
        session_.trace().name_this_thread("team " + std::to_string(member));
      }
      self.thread = api_.enter_thread();
      if (script_ == nullptr) return;
      const embed::Attached attached(api_, self.thread);
      std::vector<std::int64_t> integers{self.slice.begin, self.slice.end};
      if (strategy_.script.native) integers.push_back(threads_);
      self.call = api_.prepare(script_, job_.buffers, integers, job_.returns);
    } catch (...) {
      leave(member);
      throw;
    }
  }

  /// Each of OpenMP's threads to its CPU. The calling one stays free among the team's, for what it starts
  /// inherits its CPUs, as OpenCV's threads do.
  void pin_kernels_threads() {
    const Pinning& pinning = session_.pinning();
    if (!pinning.is_on()) return;
    kernels::opencv_pool_threads();  // counts this thread's CPUs while it still has all
    pinning.pin_to_all_of(threads_);
    kernels::for_each_openmp_thread(threads_, [&pinning](int number) {
      if (number > 0) pinning.pin_member(number);
    });
  }

  void leave(int member) {
    Member& self = members_[static_cast<std::size_t>(member)];
    if (self.call != nullptr) {
      const embed::Attached attached(api_, self.thread);
      api_.discard(self.call);
    }
    if (self.thread != nullptr) api_.leave_thread(self.thread);
    if (here_) session_.pinning().pin_to_any();
  }

  /// CPython 3.11 specialises a function's code at its eighth call, however long its loops have run by then
  /// (_PyCode_Warmup, which a while loop's backward jump does not reach): the first rows would be timed
  /// without. On empty slices, which any split may have; what they raise, the verified run raises again.
  void warm_up() {
    constexpr int kCalls = 16;
    team_.run([this](int member) {
      if (member != 0) return;
      const embed::Attached attached(api_, members_.front().thread);
      const std::array<std::int64_t, 2> no_items{items_, items_};
      const std::unique_ptr<embed::Call, void (*)(embed::Call*)> call(
          api_.prepare(script_, job_.buffers, no_items, job_.returns), api_.discard);
      try {
        for (int i = 0; i < kCalls; ++i) api_.call(call.get());
      } catch (const embed::ScriptError&) {
      }
    });
  }

  void stop_all_but(int member) const {
    std::vector<embed::ThreadState*> threads;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (static_cast<int>(i) != member) threads.push_back(members_[i].thread);
    }
    api_.stop(threads);
  }

  Session& session_;
  const embed::Api& api_;
  const Workload& workload_;
  const Strategy strategy_;
  const int threads_;
  const Job& job_;
  const std::int64_t items_;  // of the job, that this strategy does
  embed::Script* const script_;
  const bool here_;  // the calling thread is the one member
  std::vector<Member> members_;
  Team team_;  // last: its threads use what is above
};

}  // namespace

Experiment workload_experiment(const Workload& workload, const Strategy& strategy, int threads,
                               std::size_t image, const std::string& size) {
  return {.group = std::string(workload.name),
          .strategy = std::string(strategy.name),
          .variant = (size.empty() ? "" : "size:" + size + "/") + "threads:" + std::to_string(threads) +
                     (strategy.variant.empty() ? "" : "/" + std::string(strategy.variant)),
          .threads = threads,
          .image = workload.of_image ? std::optional(image) : std::nullopt,
          .moves_bytes = workload.bytes_of_item > 0 && strategy.native(),
          .prepare = [&workload, strategy, threads, image](Session& session) -> std::unique_ptr<Prepared> {
            return std::make_unique<PreparedWorkload>(session, workload, strategy, threads, image);
          }};
}

}  // namespace harness
