// harness/run/gil_observer.cpp: the GIL trace of a run, row by row: what each row's counters and lanes of
// a timeline show.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/gil_trace/core_sharing.h"
#include "harness/gil_trace/learn.h"
#include "harness/gil_trace/losses.h"
#include "harness/gil_trace/recorder.h"
#include "harness/gil_trace/row_counters.h"
#include "harness/gil_trace/timeline.h"
#include "harness/run/core_sharing.h"
#include "harness/run/traces.h"
#include "harness/system/cpu_topology.h"

namespace harness {
namespace {

// What a viewer still opens; later iterations of a repetition are left out.
constexpr std::size_t kTimelineEvents = 1'000'000;

/// Whether there is anything to trace.
enum class TraceState {
  off,      ///< not wanted
  traced,   ///< the GIL's condition variables are known
  no_gil,   ///< the interpreter says that its GIL is off
  no_hook,  ///< the interposer is not bound
  unknown,  ///< something else than CPython 3.9 - 3.15 would do was seen
};

/// Records the iterations of one row after the other.
class GilObserver : public Observer {
 public:
  explicit GilObserver(const TraceSetup& setup);

  /// The GIL may have been turned on since the last repetition.
  void begin_repetition(const Experiment& experiment) override;
  void begin() override;
  void end(const JobTime& time, const Prepared& prepared) override;
  void abandon() override;

  /// What this repetition's iterations were, per iteration; also `gil_wait_share`, the part of their time
  /// that its threads waited on average.
  Counters counters() const override;

  /// Why there are no counters.
  std::string label() const override;

  trace::Losses losses() const override;

  /// The lanes of the last repetition.
  void add_to(TimelineExtras& extras) const override;

 private:
  void look_for_gil();
  void note_gil(const JobTime& time);
  std::optional<gil_trace::SharedTime> shared_time_of(const JobTime& time) const;
  bool tells_of_cores() const;
  double shared_core_share() const;
  void append(const gil_trace::Recording& recording);

  const embed::Python& python_;
  const bool for_timeline_;
  CoreMap cores_;
  const std::size_t usable_cores_;
  TraceState state_ = TraceState::off;
  bool gil_enabled_ = true;  // in this repetition, where nothing is traced
  int threads_ = 1;
  double threads_ns_ = 0;  // the iterations' time, once for each thread that it is about
  std::size_t iterations_ = 0;
  gil_trace::RowCounters counters_;
  std::optional<gil_trace::SharedTime> shared_;  // nothing where it is not known of an iteration
  gil_trace::Recording last_;                    // the last iteration's
  gil_trace::Recording timeline_;                // this repetition's recordings, one after the other
  std::size_t kept_events_ = 0;
};

TraceState state_of(gil_trace::LearnedGil::Outcome outcome, bool gil_enabled) {
  using Outcome = gil_trace::LearnedGil::Outcome;
  if (outcome == Outcome::learned) return TraceState::traced;
  if (outcome != Outcome::no_events) return TraceState::unknown;
  if (!gil_enabled) return TraceState::no_gil;
  return gil_trace::hook_self_test() ? TraceState::unknown : TraceState::no_hook;
}

GilObserver::GilObserver(const TraceSetup& setup)
    : python_(setup.python), for_timeline_(!setup.gil_trace_file.empty()), usable_cores_(setup.cores) {
  if (!setup.gil_trace) return;
  gil_trace::reserve_buffers();
  cores_ = cores_of_this_machine();
  trace::name_this_thread("main");
  state_ = TraceState::no_gil;
  look_for_gil();
}

void GilObserver::look_for_gil() {
  if (state_ != TraceState::no_gil) return;
  const embed::Api& api = python_.api();
  python_.attached([&] {
    const auto learned =
        gil_trace::learn_gil([&] { api.detach(api.main_thread()); }, [&] { api.attach(api.main_thread()); });
    state_ = state_of(learned.outcome, api.gil_enabled());
  });
}

void GilObserver::begin_repetition(const Experiment& experiment) {
  look_for_gil();
  if (state_ == TraceState::off) gil_enabled_ = python_.attached([&] { return python_.api().gil_enabled(); });
  threads_ = experiment.threads;
  threads_ns_ = 0;
  iterations_ = 0;
  counters_ = {};
  shared_ = gil_trace::SharedTime{};
  timeline_ = {};
  kept_events_ = 0;
}

void GilObserver::begin() {
  if (state_ == TraceState::traced) gil_trace::start_recording();
}

void GilObserver::abandon() {
  if (state_ == TraceState::traced) gil_trace::stop_recording();
}

void GilObserver::end(const JobTime& time, const Prepared& /*prepared*/) {
  if (state_ == TraceState::traced) {
    note_gil(time);
  } else if (state_ != TraceState::no_gil) {
    return;
  }
  ++iterations_;
  if (for_timeline_ && state_ == TraceState::traced && kept_events_ <= kTimelineEvents) append(last_);
}

void GilObserver::note_gil(const JobTime& time) {
  gil_trace::stop_recording();
  last_ = gil_trace::collect_recording();
  const gil_trace::Analysis analysis = gil_trace::analyse(last_, {time.begin_ns, time.end_ns}, cores_);
  counters_.add(analysis);
  const auto shared = shared_time_of(time);
  if (!shared) shared_.reset();
  if (shared_) *shared_ += *shared;
  // A script may have threads of its own, which wait, too, for as long as they live.
  const double teams_ns = static_cast<double>(threads_) * static_cast<double>(analysis.window.length_ns());
  threads_ns_ += std::max(teams_ns, static_cast<double>(analysis.present_ns));
}

std::optional<gil_trace::SharedTime> GilObserver::shared_time_of(const JobTime& time) const {
  const trace::Window window{time.begin_ns, time.end_ns};
  if (!time.workers) return gil_trace::shared_time(last_, window, cores_);
  gil_trace::Recording of_workers = last_;
  trace::keep_threads(of_workers, time.workers);
  return gil_trace::shared_time(of_workers, window, cores_);
}

void GilObserver::append(const gil_trace::Recording& recording) {
  if (timeline_.begin_ns == 0) timeline_.begin_ns = recording.begin_ns;
  timeline_.end_ns = recording.end_ns;
  timeline_.threads_without_buffer =
      std::max(timeline_.threads_without_buffer, recording.threads_without_buffer);
  timeline_.events_without_buffer += recording.events_without_buffer;
  for (const gil_trace::ThreadEvents& thread : recording.threads) {
    auto known = std::ranges::find(timeline_.threads, thread.os_id, &gil_trace::ThreadEvents::os_id);
    if (known == timeline_.threads.end()) {
      timeline_.threads.push_back({.os_id = thread.os_id, .name = thread.name, .dropped = 0, .events = {}});
      known = std::prev(timeline_.threads.end());
    }
    known->dropped += thread.dropped;
    known->events.insert(known->events.end(), thread.events.begin(), thread.events.end());
    kept_events_ += thread.events.size();
  }
}

Counters GilObserver::counters() const {
  Counters counters;
  for (const auto& [name, value] : counters_.counters()) counters[name] = value;
  const auto wait_ns = counters.find("gil_wait_ns");
  if (wait_ns != counters.end() && threads_ns_ > 0) {
    counters["gil_wait_share"] = wait_ns->second * static_cast<double>(iterations_) / threads_ns_;
  }
  if (tells_of_cores()) {
    counters[kSharedCoreShare] = shared_core_share();
  }
  return counters;
}

bool GilObserver::tells_of_cores() const {
  return counters_.failure().empty() && shared_ && shared_->together_ns > 0;
}

double GilObserver::shared_core_share() const {
  return static_cast<double>(shared_->shared_ns) / static_cast<double>(shared_->together_ns);
}

std::string GilObserver::label() const {
  switch (state_) {
    case TraceState::no_gil:
      return "no GIL";
    case TraceState::no_hook:
      return "GIL not traced: the interposer is not bound";
    case TraceState::unknown:
      return "GIL not traced: it does not behave as CPython's 3.9 - 3.15 do";
    case TraceState::off:
    case TraceState::traced:
      break;
  }
  if (!counters_.failure().empty()) return "GIL trace failed its self-check: " + counters_.failure();
  if (!tells_of_cores()) return "";
  const Watched watched{.threads = threads_, .cores = usable_cores_, .time_ns = shared_->together_ns};
  return shared_core_remark(watched, shared_core_share(), "the time");
}

trace::Losses GilObserver::losses() const {
  switch (state_) {
    case TraceState::no_gil:
      return {};
    case TraceState::off:
      return gil_enabled_ ? trace::Losses{.incomplete = "the GIL is not traced"} : trace::Losses{};
    case TraceState::no_hook:
    case TraceState::unknown:
      return {.incomplete = label()};
    case TraceState::traced:
      break;
  }
  trace::Losses losses = gil_trace::losses_of(last_);
  if (!counters_.failure().empty()) losses.incomplete = counters_.failure();
  return losses;
}

void GilObserver::add_to(TimelineExtras& extras) const {
  if (state_ == TraceState::no_gil) {
    extras.no_gil = label();
  } else if (state_ != TraceState::traced) {
    extras.gil_untold = state_ == TraceState::off ? "the GIL is not traced" : label();
  } else {
    gil_trace::add_lanes(timeline_, extras.lanes);
    extras.window = {timeline_.begin_ns, timeline_.end_ns};
    extras.dropped_events = timeline_.dropped_events();
  }
}

}  // namespace

std::unique_ptr<Observer> gil_observer(const TraceSetup& setup) {
  return std::make_unique<GilObserver>(setup);
}

}  // namespace harness
