// harness/run/account_observer.cpp: the account of a run's rows, from their teams' clocks and what the other
// traces saw.
#include <string>
#include <utility>
#include <vector>

#include "harness/run/account.h"
#include "harness/run/traces.h"

namespace harness {
namespace {

/// Counters account_*, of rows on a team. On one thread there is nothing to account for, but its CPU time is
/// what others are compared with.
class AccountObserver : public Observer {
 public:
  explicit AccountObserver(std::vector<const Observer*> others) : others_(std::move(others)) {}

  void begin_repetition(const Experiment& experiment) override;
  void end(const JobTime& time, const Prepared& prepared) override;
  Counters counters() const override;
  /// Why there is no account.
  std::string label() const override;

 private:
  const std::vector<const Observer*> others_;
  int threads_ = 1;
  Traits traits_;
  int team_size_ = 0;
  RowAccount account_;
};

void AccountObserver::begin_repetition(const Experiment& experiment) {
  threads_ = experiment.threads;
  traits_ = experiment.traits;
  team_size_ = 0;
  account_ = {};
}

void AccountObserver::end(const JobTime& time, const Prepared& /*prepared*/) {
  team_size_ = time.team_size;
  if (time.members.empty() || team_size_ != threads_ || !traits_.accounted) return;
  std::vector<trace::Losses> losses;
  for (const Observer* const other : others_) losses.push_back(other->losses());
  account_.add(account_of(time, losses));
}

Counters AccountObserver::counters() const {
  Counters counters = account_.counters();
  if (threads_ < 2) {
    std::erase_if(counters, [](const auto& counter) {
      return counter.first != "account_cpu_ns" && counter.first != "account_other_threads";
    });
  }
  return counters;
}

std::string AccountObserver::label() const {
  if (!account_.fault().empty()) return "account withheld: " + account_.fault();
  if (threads_ < 2 || !traits_.accounted) return "";
  const auto none = [](const std::string& why) { return "no account (" + why + ")"; };
  if (team_size_ != threads_) return none("threads of its own");
  if (account_.jobs() == 0) return none("an iteration takes less than 1 ms");
  return account_.missing().empty() ? "" : none(account_.missing());
}

}  // namespace

std::unique_ptr<Observer> account_observer(const Observers& others) {
  std::vector<const Observer*> all;
  for (const auto& other : others) all.push_back(other.get());
  return std::make_unique<AccountObserver>(std::move(all));
}

}  // namespace harness
