// harness/lock_trace/spans.cpp: parks and bursts from their ends.
#include "harness/lock_trace/spans.h"

#include <algorithm>

namespace harness::lock_trace {
namespace {

// What a yield costs that nobody else wanted; by it the CPU time is estimated of one that let others run.
constexpr std::int64_t kYield_ns = 1000;

class Builder {
 public:
  Builder(const ThreadEvents& thread, std::int64_t begin_ns, std::int64_t end_ns, const WaitOf& wait_of)
      : thread_(thread), begin_ns_(begin_ns), end_ns_(end_ns), wait_of_(wait_of) {}

  ThreadSpans build() {
    std::int64_t last_ns = begin_ns_;
    for (const Event& event : thread_.events) {
      // The yield that this tells more of began before its burst's end, which came first.
      if (event.kind != EventKind::descheduled) {
        if (event.time_ns < last_ns) fail("went back in time");
        last_ns = event.time_ns;
      }
      add(event);
    }
    if (open_) end_open(thread_.dropped == 0 ? end_ns_ : last_ns, true);
    return std::move(result_);
  }

 private:
  void add(const Event& event) {
    switch (event.kind) {
      case EventKind::park:
        if (open_) fail("parked while it waited");
        begin(SpanKind::parked, event);
        break;
      case EventKind::park_end:
      case EventKind::park_timed_out:
      case EventKind::park_interrupted:
        end_park(event);
        break;
      case EventKind::spin:
        if (open_) fail("spun while it waited");
        begin(SpanKind::spinning, event);
        break;
      case EventKind::spin_end:
        if (!open_ || open_->kind != SpanKind::spinning) return fail("ended a burst that had not begun");
        open_->yields = event.value;
        open_->cpu_ns = event.time_ns - open_->begin_ns;
        open_->end_cpu = event.cpu;
        end_open(event.time_ns, false);
        break;
      case EventKind::descheduled:
        shorten_cpu(event);
        break;
      case EventKind::at_once:
      case EventKind::wake:
        if (open_) fail("went on while it waited");
        break;
    }
  }

  void begin(SpanKind kind, const Event& event) {
    open_ = Span{.kind = kind};
    open_->stack = event.value;
    open_->begin_ns = event.time_ns;
    open_->begin_cpu = event.cpu;
  }

  void end_park(const Event& event) {
    if (!open_) {
      if (seen_) return fail("ended a park that had not begun");
      open_ = Span{.kind = SpanKind::parked, .begin_is_cut = true, .begin_ns = begin_ns_};
    }
    if (open_->kind != SpanKind::parked) return fail("ended a park that had not begun");
    open_->cpu_ns = event.value;
    open_->end_cpu = event.cpu;
    const Span ended = *open_;
    end_open(event.time_ns, false);
    goes_on_ = event.kind == EventKind::park_interrupted ||
               (event.kind == EventKind::park_timed_out && wait_of_(ended.stack).kind == WaitKind::request);
  }

  void end_open(std::int64_t now_ns, bool is_cut) {
    open_->end_ns = std::max(now_ns, open_->begin_ns);
    open_->end_is_cut = is_cut;
    Span* const last = result_.spans.empty() ? nullptr : &result_.spans.back();
    if (goes_on_ && last != nullptr && last->stack == open_->stack && open_->kind == SpanKind::parked) {
      last->end_ns = open_->end_ns;
      last->end_cpu = open_->end_cpu;
      last->end_is_cut = is_cut;
      last->cpu_ns += open_->cpu_ns;
      ++last->rounds;
    } else {
      result_.spans.push_back(*open_);
    }
    goes_on_ = false;
    seen_ = true;
    open_.reset();
  }

  void shorten_cpu(const Event& event) {
    if (result_.spans.empty() || result_.spans.back().kind != SpanKind::spinning) {
      return fail("was descheduled out of a burst that it was not in");
    }
    Span& burst = result_.spans.back();
    burst.cpu_ns = std::max<std::int64_t>(burst.cpu_ns - (burst.end_ns - event.time_ns) + kYield_ns, 0);
  }

  void fail(const std::string& what) {
    if (!result_.fault) result_.fault = what;
    open_.reset();
  }

  const ThreadEvents& thread_;
  const std::int64_t begin_ns_;
  const std::int64_t end_ns_;
  const WaitOf& wait_of_;
  std::optional<Span> open_;
  bool goes_on_ = false;  // the last park goes on with the next one at its place
  bool seen_ = false;     // a span has ended
  ThreadSpans result_;
};

}  // namespace

ThreadSpans spans_of(const ThreadEvents& thread, std::int64_t recording_begin_ns,
                     std::int64_t recording_end_ns, const WaitOf& wait_of) {
  return Builder(thread, recording_begin_ns, recording_end_ns, wait_of).build();
}

}  // namespace harness::lock_trace
