// harness/run/prepared.cpp: one experiment with its team, ready to be timed.
#include "harness/run/prepared.h"

namespace harness {

Prepared::Prepared(const embed::Api& api, const Experiment& experiment, const Job& job, embed::Script* script,
                   int spin_cores)
    : api_(api),
      experiment_(experiment),
      job_(job),
      script_(script),
      members_(static_cast<std::size_t>(experiment.members())),
      team_(experiment.members(),
            {.enter = [this](int member) { enter(member); },
             .leave = [this](int member) { leave(member); },
             .failed = [this](int member) { stop_others(member); }},
            spin_cores) {}

void Prepared::run_first() {
  job_.clear();
  run();
  verify();
}

JobTime Prepared::run() {
  return team_.run([this](int member) {
    Member& self = members_[static_cast<std::size_t>(member)];
    self.result = experiment_.strategy.run({.api = api_,
                                            .thread = self.thread,
                                            .call = self.call,
                                            .job = job_,
                                            .kernel = experiment_.strategy.kernel,
                                            .slice = self.slice,
                                            .threads = experiment_.threads});
  });
}

void Prepared::verify() const {
  embed::Integer sum = 0;
  for (const Member& member : members_) sum += member.result;
  const std::string wrong = job_.mismatch(sum);
  if (wrong.empty()) return;
  const std::string_view what = experiment_.strategy.runs_script ? "the script's run() " : "the kernel ";
  throw ExperimentError("wrong result: " + std::string(what) + wrong);
}

void Prepared::stop() const {
  api_.stop(threads_but(-1));
}

void Prepared::enter(int member) {
  Member& self = members_[static_cast<std::size_t>(member)];
  self.slice = slice_of(job_.items, member, experiment_.members());
  self.thread = api_.enter_thread();
  if (!experiment_.strategy.runs_script) return;
  try {
    const embed::Attached attached(api_, self.thread);
    self.call = api_.prepare(script_, job_.buffers, self.slice.begin, self.slice.end, job_.returns);
  } catch (...) {
    api_.leave_thread(self.thread);
    throw;
  }
}

void Prepared::leave(int member) {
  Member& self = members_[static_cast<std::size_t>(member)];
  if (self.call != nullptr) {
    const embed::Attached attached(api_, self.thread);
    api_.discard(self.call);
  }
  api_.leave_thread(self.thread);
}

void Prepared::stop_others(int member) const {
  api_.stop(threads_but(member));
}

std::vector<embed::ThreadState*> Prepared::threads_but(int member) const {
  std::vector<embed::ThreadState*> threads;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (static_cast<int>(i) != member && members_[i].thread != nullptr) threads.push_back(members_[i].thread);
  }
  return threads;
}

}  // namespace harness
