// harness/run/session.cpp: the experiments of one run, one after the other, on one interpreter.
#include "harness/run/session.h"

#include <utility>

#include "harness/row/format.h"

namespace harness {

Session::Session(const embed::Python& python, SessionConfig config,
                 std::future<std::shared_ptr<Started>> started)
    : python_(python),
      config_(std::move(config)),
      scripts_(python, config_.scripts, config_.build_extension),
      started_(std::move(started)) {}

Session::~Session() {
  release();
}

Prepared& Session::prepare(const Experiment& experiment) {
  const std::string name = experiment.name();
  if (name == current_name_) return *current_;
  release_current();
  std::unique_ptr<Prepared> prepared = experiment.prepare(*this);
  {
    const std::lock_guard guard(current_lock_);
    current_ = std::move(prepared);
  }
  first_run_s_ = current_->run_first().wall_s();
  current_name_ = name;
  return *current_;
}

Prepared& Session::beside(const Experiment& experiment) {
  const std::string name = experiment.name();
  if (name == beside_name_) return *beside_;
  release_beside();
  beside_ = experiment.prepare(*this);
  beside_->run_first();
  beside_name_ = name;
  return *beside_;
}

std::vector<std::string> Session::changes(const Experiment& experiment) const {
  const embed::Settings now = attached([&] { return api().settings(); });
  std::vector<std::string> changes;
  if (now.switch_interval_s != experiment.switch_interval_s.value_or(config_.switch_interval_s)) {
    changes.push_back("the switch interval was changed: " + format_time(now.switch_interval_s));
  }
  if (!now.watchers.empty()) changes.push_back(watched_by(now.watchers));
  const std::string cpus = cpus_of_this_thread();
  if (!pinning().is_on() && cpus != config_.cpus) changes.push_back(bound_to(cpus));
  const std::string threads = attached([&] { return api().running_threads(true); });
  if (!threads.empty()) changes.push_back("threads of the script's own ran beside it: " + threads);
  return changes;
}

std::string watched_by(const std::string& watchers) {
  return "Python code was watched: " + watchers;
}

std::string bound_to(const std::string& cpus) {
  return "the affinity was changed: CPU " + cpus;
}

void Session::release() {
  release_beside();
  release_current();
}

void Session::release_beside() {
  beside_name_.clear();
  beside_.reset();
}

void Session::release_current() {
  current_name_.clear();
  std::unique_ptr<Prepared> ended;
  const std::lock_guard guard(current_lock_);
  ended = std::move(current_);
}

void Session::stop() {
  const std::lock_guard guard(current_lock_);
  if (current_ != nullptr) current_->stop();
}

TeamHooks Session::with_patience(const Strategy& strategy, TeamHooks hooks) const {
  if (!strategy.may_hang) return hooks;
  hooks.give_up = give_up_;
  hooks.patience_s = config_.patience_s;
  return hooks;
}

std::unique_ptr<Scripts> Session::fresh_scripts() const {
  return std::make_unique<Scripts>(python_, config_.scripts, config_.build_extension);
}

std::shared_ptr<Started> Session::take_started() {
  return started_.valid() ? started_.get() : nullptr;
}

JobInputs Session::inputs_of(std::size_t image) {
  if (image_ != nullptr && image == image_number_) return {config_.values, image_, gray_};
  release_beside();  // its job is one of those
  jobs_.clear();     // first, because theirs may be too large to be in memory beside those of the next image
  image_.reset();
  gray_.reset();
  auto found = config_.images->at(image);
  gray_ = std::make_shared<PixelBytes>(found->size.pixels());
  image_ = std::move(found);  // last: where it is set, all is there
  image_number_ = image;
  return {config_.values, image_, gray_};
}

const Job& Session::job_of(const Workload& workload, std::size_t image) {
  const JobInputs inputs = workload.of_image ? inputs_of(image) : JobInputs{config_.values};
  const auto found = jobs_.find(workload.name);
  if (found != jobs_.end()) return found->second;
  return jobs_.emplace(workload.name, workload.make_job(inputs)).first->second;
}

}  // namespace harness
