// harness/run/gil_observer.cpp: the GIL trace of a run, row by row.
#include "harness/run/gil_observer.h"

#include <algorithm>

#include "harness/gil_trace/learn.h"
#include "harness/gil_trace/recorder.h"

namespace harness {
namespace {

// What a viewer still opens; later iterations of a repetition are left out.
constexpr std::size_t kTimelineEvents = 1'000'000;

TraceState state_of(gil_trace::LearnedGil::Outcome outcome, bool gil_enabled) {
  using Outcome = gil_trace::LearnedGil::Outcome;
  if (outcome == Outcome::learned) return TraceState::traced;
  if (outcome != Outcome::no_events) return TraceState::unknown;
  if (!gil_enabled) return TraceState::no_gil;
  return gil_trace::hook_self_test() ? TraceState::unknown : TraceState::no_hook;
}

}  // namespace

GilObserver::GilObserver(const embed::Python& python, bool wanted, bool keep_timeline)
    : python_(python), keep_timeline_(keep_timeline) {
  if (!wanted) return;
  gil_trace::reserve_buffers();
  gil_trace::name_this_thread("main");
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
  row_ = experiment.name();
  threads_ = experiment.threads;
  wall_ns_ = 0;
  iterations_ = 0;
  counters_ = {};
  timeline_ = {};
  kept_events_ = 0;
  iterations_left_out_ = 0;
  iteration_spans_.clear();
  region_spans_.clear();
}

void GilObserver::begin() {
  if (state_ == TraceState::traced) gil_trace::start_recording();
}

void GilObserver::abandon() {
  if (state_ == TraceState::traced) gil_trace::stop_recording();
}

void GilObserver::end(const JobTime& time, const Prepared& prepared) {
  if (state_ != TraceState::traced) return;
  gil_trace::stop_recording();
  const gil_trace::Recording recording = gil_trace::collect_recording();
  counters_.add(gil_trace::analyse(recording, {time.begin_ns, time.end_ns}));
  wall_ns_ += static_cast<double>(time.end_ns - time.begin_ns);
  ++iterations_;
  if (!keep_timeline_) return;
  if (kept_events_ > kTimelineEvents) {
    ++iterations_left_out_;
    return;
  }
  append(recording);
  iteration_spans_.push_back({"iteration " + std::to_string(iterations_), time.begin_ns, time.end_ns});
  std::ranges::move(prepared.regions(), std::back_inserter(region_spans_));
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
  if (wait_ns != counters.end() && wall_ns_ > 0) {
    counters["gil_wait_share"] = wait_ns->second * static_cast<double>(iterations_) / (wall_ns_ * threads_);
  }
  return counters;
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
  return counters_.failure().empty() ? "" : "GIL trace failed its self-check: " + counters_.failure();
}

gil_trace::TimelineText GilObserver::write_timeline(
    const std::filesystem::path& file, std::vector<std::pair<std::string, std::string>> metadata) const {
  metadata.insert(metadata.begin(), {"row", row_});
  metadata.emplace_back("iterations_left_out", std::to_string(iterations_left_out_));
  return gil_trace::write_timeline(file, {.recording = timeline_,
                                          .window = {timeline_.begin_ns, timeline_.end_ns},
                                          .iterations = iteration_spans_,
                                          .regions = region_spans_,
                                          .metadata = std::move(metadata)});
}

}  // namespace harness
