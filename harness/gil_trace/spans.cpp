// harness/gil_trace/spans.cpp: a state machine for each GIL that a thread uses.
#include "harness/gil_trace/spans.h"

#include <algorithm>
#include <map>
#include <utility>

namespace harness::gil_trace {
namespace {

enum class State { unknown, free, released, waiting, holding, yielding };

struct GilState {
  GilId gil;
  State state = State::unknown;
  std::int64_t since_ns = 0;
  bool since_is_cut = false;
  trace::CpuNumber since_cpu = trace::kUnknownCpu;
};

// Where an event is expected, and where it leads. `from_unknown` is the state that an event shows the thread
// to have been in when it is the first of all.
struct Step {
  State to;
  std::vector<State> from;
  State from_unknown;
  const char* fault;
};

const Step& step_for(EventKind kind) {
  using enum State;
  static const Step acquire{holding, {free, released, waiting}, free, "acquired twice without a release"};
  static const Step release{released, {holding}, holding, "released what it did not hold"};
  static const Step wait{waiting, {free, released, waiting}, free, "waited while it held"};
  static const Step timeout{waiting, {waiting}, waiting, "timed out without having waited"};
  static const Step yield{yielding, {released}, released, "yielded without a release"};
  static const Step yield_end{free, {yielding}, yielding, "ended a yield that had not begun"};
  switch (kind) {
    case EventKind::acquire:
      return acquire;
    case EventKind::release:
      return release;
    case EventKind::wait:
      return wait;
    case EventKind::timeout:
      return timeout;
    case EventKind::yield:
      return yield;
    case EventKind::yield_end:
      return yield_end;
  }
  return acquire;
}

std::optional<SpanKind> span_kind(State state) {
  switch (state) {
    case State::holding:
      return SpanKind::hold;
    case State::waiting:
      return SpanKind::wait;
    case State::yielding:
      return SpanKind::yield;
    default:
      return std::nullopt;
  }
}

class Replay {
 public:
  explicit Replay(std::int64_t begin_ns) : begin_ns_(begin_ns), last_ns_(begin_ns) {}

  void play(const Event& event) {
    if (event.time_ns < last_ns_) fault("has an event before the one that it recorded earlier", event);
    last_ns_ = event.time_ns;
    const Step& step = step_for(event.kind);
    GilState& gil = state_of(event.gil);
    if (gil.state == State::unknown) gil = {event.gil, step.from_unknown, begin_ns_, true};
    if (std::ranges::find(step.from, gil.state) == step.from.end()) {
      // A wait can only end in an acquire, whatever other event comes instead.
      fault(gil.state == State::waiting ? "ended a wait without an acquire" : step.fault, event);
    }
    if (step.to == gil.state) return;  // the same wait goes on
    end_span(gil, event.time_ns, false, event.cpu);
    gil = {event.gil, step.to, event.time_ns, false, event.cpu};
  }

  ThreadSpans finish(std::int64_t end_ns) {
    for (const GilState& gil : gils_) end_span(gil, end_ns, true, trace::kUnknownCpu);
    return std::move(result_);
  }

  std::int64_t last_ns() const { return last_ns_; }

 private:
  GilState& state_of(GilId gil) {
    const auto [known, is_new] = index_.try_emplace(gil, gils_.size());
    return is_new ? gils_.emplace_back(GilState{.gil = gil}) : gils_[known->second];
  }

  void end_span(const GilState& gil, std::int64_t at_ns, bool cut, trace::CpuNumber cpu) {
    const auto kind = span_kind(gil.state);
    if (!kind) return;
    result_.spans.push_back({.kind = *kind,
                             .gil = gil.gil,
                             .begin_is_cut = gil.since_is_cut,
                             .end_is_cut = cut,
                             .begin_ns = gil.since_ns,
                             .end_ns = at_ns,
                             .begin_cpu = gil.since_cpu,
                             .end_cpu = cpu});
  }

  void fault(const char* what, const Event& event) {
    if (result_.fault) return;
    result_.fault = std::string(what) + " (GIL " + std::to_string(event.gil) + ", " +
                    std::to_string(event.time_ns - begin_ns_) + " ns after the recording began)";
  }

  std::int64_t begin_ns_;
  std::int64_t last_ns_;
  std::vector<GilState> gils_;
  std::map<GilId, std::size_t> index_;  // of gils_
  ThreadSpans result_;
};

}  // namespace

ThreadSpans spans_of(const ThreadEvents& thread, std::int64_t recording_begin_ns,
                     std::int64_t recording_end_ns) {
  // Room for the clocks' conversion, which may put an event some nanoseconds before the recording's begin.
  const std::int64_t begin_ns = thread.events.empty()
                                    ? recording_begin_ns
                                    : std::min(recording_begin_ns, thread.events.front().time_ns);
  Replay replay(begin_ns);
  for (const Event& event : thread.events) replay.play(event);
  // What came after the last event kept is not known where events were dropped.
  return replay.finish(thread.dropped > 0 ? replay.last_ns() : std::max(recording_end_ns, replay.last_ns()));
}

}  // namespace harness::gil_trace
