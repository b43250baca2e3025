// harness/run/core_sharing.cpp: how much of a row's time two of its threads were on one physical core, where
// a trace of the GIL does not tell.
#include "harness/run/core_sharing.h"

#include <memory>

#include "harness/row/format.h"
#include "harness/run/traces.h"
#include "harness/team/core_sharing.h"

namespace harness {
namespace {

constexpr double kHardly = 0.10;
constexpr std::int64_t kShort_ns = 50'000'000;  // Linux takes some milliseconds to part threads, too

/// Counters kSharedCoreShare and kSharedCoreLooks, from where the team's members were seen; absent where
/// nobody looked, and where the GIL's events tell it.
class CoreSharingObserver : public Observer {
 public:
  explicit CoreSharingObserver(const TraceSetup& setup) : setup_(setup) {}

  void begin_repetition(const Experiment& experiment) override {
    threads_ = experiment.threads;
    sharing_ = {};
    time_ns_ = 0;
    const embed::Python& python = setup_.python;
    events_tell_ = setup_.gil_trace && python.attached([&] { return python.api().gil_enabled(); });
  }
  void end(const JobTime& time, const Prepared& /*prepared*/) override {
    sharing_ += time.sharing;
    time_ns_ += time.end_ns - time.begin_ns;
  }

  Counters counters() const override {
    const auto share = sharing_.share();
    if (events_tell_ || !share) return {};
    return {{kSharedCoreShare, *share}, {kSharedCoreLooks, static_cast<double>(sharing_.looks)}};
  }
  std::string label() const override {
    const auto share = sharing_.share();
    if (events_tell_ || !share) return "";
    const Watched watched{.threads = threads_, .cores = setup_.cores, .time_ns = time_ns_};
    return shared_core_remark(watched, *share, std::to_string(sharing_.looks) + " looks");
  }

 private:
  const TraceSetup setup_;
  int threads_ = 1;
  bool events_tell_ = false;
  std::int64_t time_ns_ = 0;
  CoreSharing sharing_;
};

}  // namespace

std::string shared_core_remark(const Watched& watched, double share, const std::string& of) {
  if (watched.time_ns < kShort_ns || static_cast<std::size_t>(watched.threads) > watched.cores) return "";
  if (share <= kHardly) return "";
  return "threads shared a core: for about " + format_percent(share) + " of " + of;
}

std::unique_ptr<Observer> core_sharing_observer(const TraceSetup& setup) {
  return std::make_unique<CoreSharingObserver>(setup);
}

}  // namespace harness
