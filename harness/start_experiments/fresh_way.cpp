// harness/start_experiments/fresh_way.cpp: a way around the GIL that is entered, used and left.
#include "harness/start_experiments/fresh_way.h"

#include <unistd.h>

#include <optional>
#include <utility>

#include "harness/system/private_memory.h"
#include "harness/trace/recorder.h"

namespace harness {

FreshWay::FreshWay(Session& session, const Strategy& strategy, int workers, const std::string& script,
                   const Job& job, std::shared_ptr<const std::atomic<int>> home_of_one)
    : homes_(homes_of(session, workers)),
      scripts_(session.fresh_scripts()),
      execution_(execution_of(session, strategy, workers, script, job)),
      team_(team_of(session, strategy, workers, std::move(home_of_one))) {}

std::unique_ptr<Execution> FreshWay::execution_of(Session& session, const Strategy& strategy, int workers,
                                                  const std::string& script, const Job& job) const {
  std::shared_ptr<Started> started;
  if (strategy.start) {
    const std::string path = scripts_->path_of(script, true).string();
    session.without_threads([&] {
      started = strategy.start({session.python(), workers, path, session.patience_s()});
    });
  }
  return strategy.prepare({.python = session.python(),
                           .scripts = *scripts_,
                           .script = script,
                           .job = job,
                           .cuda_module = session.cuda_module(),
                           .threads = workers,
                           .members = strategy.threads == Threads::team ? workers : 1,
                           .started = std::move(started),
                           .patience_s = session.patience_s()});
}

std::vector<int> FreshWay::homes_of(const Session& session, int workers) {
  const Pinning& pinning = session.pinning();
  if (workers < 2 && !pinning.is_on()) return {};
  std::vector<int> homes;
  for (int worker = 0; worker < workers; ++worker) {
    const std::optional<int> home =
        pinning.is_on() ? pinning.cpu_of(worker) : session.placement().home_of(worker, workers);
    if (!home) return {};
    homes.push_back(*home);
  }
  return homes;
}

Team FreshWay::team_of(const Session& session, const Strategy& strategy, int workers,
                       std::shared_ptr<const std::atomic<int>> home_of_one) {
  const bool here = is_called_by_main_thread(strategy.threads);
  const int members = strategy.threads == Threads::team ? workers : 1;
  const bool pins = !here && home_of_one == nullptr;
  TeamHooks hooks{.enter =
                      [this, &session, here, pins, members](int member) {
                        if (!here) trace::name_this_thread("team " + std::to_string(member));
                        if (pins) session.pinning().pin_member(member);
                        execution_->enter(member, slice_of(execution_->items(), member, members));
                      },
                  .leave = [this](int member) { execution_->leave(member); },
                  .failed = [this](int member) { execution_->stop_all_but(member); }};
  if (here) return Team(std::move(hooks));
  return {members, session.with_patience(strategy, std::move(hooks)), session.spin_cores(),
          session.placement().unwatched(std::move(home_of_one))};
}

JobTime FreshWay::run() {
  return team_.run_aside([this](int member) { execution_->run(member); });
}

void FreshWay::keep_workers_apart() {
  if (!homes_.empty() && execution_->bind_workers(homes_)) homes_.clear();
}

std::optional<std::int64_t> FreshWay::private_memory() const {
  if (!has_processes()) return private_bytes(getpid());
  std::optional<std::int64_t> bytes = 0;
  for (const std::int64_t process : execution_->processes()) {
    const auto more = private_bytes(static_cast<pid_t>(process));
    if (!more) return std::nullopt;
    *bytes += *more;
  }
  return bytes;
}

}  // namespace harness
