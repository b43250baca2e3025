// harness/run/workload_experiment.cpp: one workload × strategy × thread count.
#include "harness/run/workload_experiment.h"

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "harness/run/session.h"
#include "harness/trace/recorder.h"
#include "kernels/cache_flush.h"
#include "kernels/grayscale.h"
#include "kernels/openmp_threads.h"

namespace harness {
namespace {

std::unique_ptr<Execution> execution_of(const Strategy& strategy, const Stage& stage) {
  if (strategy.require) strategy.require(stage.scripts);
  return strategy.prepare(stage);
}

/// A strategy's execution and the team whose members run it.
class PreparedWorkload : public Prepared {
 public:
  PreparedWorkload(Session& session, const Workload& workload, Strategy strategy, const Traits& traits,
                   int threads, std::size_t image)
      : session_(session),
        workload_(workload),
        strategy_(std::move(strategy)),
        traits_(traits),
        threads_(threads),
        here_(is_called_by_main_thread(strategy_.threads)),
        results_(static_cast<std::size_t>(strategy_.threads == Threads::team ? threads : 1)),
        cpus_(results_.size()),
        job_(session.job_of(workload, image)),
        execution_(execution_of(strategy_, {.python = session.python(),
                                            .scripts = session.scripts(),
                                            .script = workload.script,
                                            .job = job_,
                                            .cuda_module = session.cuda_module(),
                                            .threads = threads,
                                            .members = members(),
                                            .started = session.take_started(),
                                            .patience_s = session.patience_s()})),
        team_(make_team()) {}

  JobTime run_first() override {
    team_.run_aside([this](int member) {
      if (member == 0) execution_->warm_up();
    });
    if (job_.clear) job_.clear();
    execution_->upload();
    const JobTime time = run();
    verify();
    session_.keep_output(workload_, strategy_, job_, execution_->items());
    return time;
  }

  /// One core reads what another has in its own cache faster than what neither has, so what ran before would
  /// decide the time.
  bool flush() override {
    if (!traits_.native || job_.traffic.empty()) return false;
    for (const std::span<const std::uint8_t> bytes : job_.traffic) kernels::flush_from_caches(bytes);
    return true;
  }

  JobTime run() override {
    JobTime time = team_.run(
        [this](int member) { results_[static_cast<std::size_t>(member)].value = execution_->run(member); });
    execution_->complete(time);
    return time;
  }

  std::int64_t loops() const override { return execution_->loops(); }

  void verify() override {
    execution_->download();
    team_.run_aside([this](int member) { execution_->judge(member); });
    std::string wrong = execution_->mismatch();
    if (wrong.empty() && job_.mismatch) {
      embed::Integer sum = 0;
      for (const Result& result : results_) sum += result.value;
      wrong = job_.mismatch(sum, execution_->items());
    }
    if (wrong.empty()) return;
    throw ExperimentError("wrong result: " + std::string(execution_->subject()) + " " + wrong);
  }

  void stop() const override { execution_->stop_all_but(-1); }

  std::vector<Rate> rates() const override {
    std::vector<Rate> rates;
    const auto items = static_cast<double>(execution_->items());
    if (!workload_.item_unit.empty()) rates.push_back({workload_.item_unit + "_per_second", items});
    if (workload_.bytes_of_item > 0 && traits_.native) {
      rates.push_back({"bytes_per_second", items * static_cast<double>(workload_.bytes_of_item)});
    }
    return rates;
  }

  Counters take_counters() override {
    Counters counters;
    if (!workload_.item_unit.empty())
      counters[workload_.item_unit] = static_cast<double>(execution_->items());
    if (loops() > 1) counters["loops"] = static_cast<double>(loops());
    return counters;
  }

  std::vector<trace::NamedSpan> regions() const override { return execution_->regions(); }

  std::vector<std::string> remarks() override {
    std::vector<std::string> watchers(results_.size()), cpus(results_.size());
    team_.run_aside([&](int member) {
      const auto i = static_cast<std::size_t>(member);
      watchers[i] = execution_->watchers(member);
      cpus[i] = cpus_of_this_thread();
    });
    std::vector<std::string> remarks = execution_->remarks();
    for (std::size_t i = 0; i < cpus.size(); ++i) {
      if (!watchers[i].empty()) remarks.push_back(watched_by(watchers[i]));
      if (!here_ && cpus[i] != cpus_[i]) remarks.push_back(bound_to(cpus[i]));
    }
    return remarks;
  }

 private:
  /// On a cache line of its own, since each member writes its own when it ends.
  struct alignas(64) Result {
    embed::Integer value = 0;
  };

  int members() const { return static_cast<int>(results_.size()); }

  /// The main thread calls a job that is not split over the team. A member that called it would be one thread
  /// too many on as many cores as the kernel has threads, and could be put onto the core where a thread of
  /// OpenMP's still spins.
  Team make_team() {
    TeamHooks hooks{.enter = [this](int member) { enter(member); },
                    .leave = [this](int member) { leave(member); },
                    .failed = [this](int member) { execution_->stop_all_but(member); }};
    if (here_) return Team(std::move(hooks));
    return {members(), session_.with_patience(strategy_, std::move(hooks)), session_.spin_cores(),
            session_.placement()};
  }

  void enter(int member) {
    if (here_) {
      pin_kernels_threads();
    } else {
      session_.pinning().pin_member(member);
      cpus_[static_cast<std::size_t>(member)] =
          session_.pinning().is_on() ? cpus_of_this_thread() : session_.cpus();
      trace::name_this_thread("team " + std::to_string(member));
    }
    try {
      execution_->enter(member, slice_of(execution_->items(), member, members()));
    } catch (...) {
      unpin();
      throw;
    }
  }

  void leave(int member) {
    execution_->leave(member);
    unpin();
  }

  /// Binds each of OpenMP's threads to its CPU. The calling thread stays free on the team's CPUs, because
  /// what it starts inherits them, as OpenCV's threads do.
  void pin_kernels_threads() {
    const Pinning& pinning = session_.pinning();
    if (!pinning.is_on()) return;
    kernels::opencv_pool_threads();  // counts this thread's CPUs while it still has all
    pinning.pin_to_all_of(threads_);
    kernels::for_each_openmp_thread(threads_, [&pinning](int number) {
      if (number > 0) pinning.pin_member(number);
    });
  }

  /// The main thread goes on; a team's end with it.
  void unpin() {
    if (here_ && session_.pinning().is_on()) session_.pinning().pin_to_any();
  }

  Session& session_;
  const Workload& workload_;
  const Strategy strategy_;
  const Traits traits_;
  const int threads_;
  const bool here_;
  std::vector<Result> results_;    // by member
  std::vector<std::string> cpus_;  // that the member is to run on
  const Job& job_;
  const std::unique_ptr<Execution> execution_;
  Team team_;  // last: its threads use what is above
};

std::vector<Label> labels_of(const Strategy& strategy, int threads, const std::string& size) {
  std::vector<Label> labels;
  if (!size.empty()) labels.push_back({"size", size});
  labels.push_back({"threads", std::to_string(threads)});
  labels.insert(labels.end(), strategy.variant.begin(), strategy.variant.end());
  return labels;
}

}  // namespace

Experiment workload_experiment(const Workload& workload, const Strategy& strategy, int threads,
                               std::size_t image, const std::string& size) {
  Traits traits = strategy.traits;
  traits.item_unit = workload.item_unit;
  traits.does_a_part = workload.of_image && !traits.native;
  traits.accounted = true;
  traits.verified = workload.has_reference;
  return {.id = {workload.name, strategy.name, labels_of(strategy, threads, size)},
          .traits = traits,
          .on_request = strategy.on_request,
          .threads = threads,
          .image = workload.of_image ? std::optional(image) : std::nullopt,
          .script = strategy.own_script ? workload.script : strategy.script,
          .library = strategy.library,
          .start = strategy.start,
          .prepare = [&workload, strategy, traits, threads,
                      image](Session& session) -> std::unique_ptr<Prepared> {
            return std::make_unique<PreparedWorkload>(session, workload, strategy, traits, threads, image);
          }};
}

}  // namespace harness
