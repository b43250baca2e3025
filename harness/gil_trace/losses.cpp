// harness/gil_trace/losses.cpp: a recording's waits for the GIL, as the account of a row takes them.
#include "harness/gil_trace/losses.h"

#include <string>
#include <utility>

#include "harness/gil_trace/spans.h"

namespace harness::gil_trace {

trace::Losses losses_of(const Recording& recording) {
  trace::Losses losses{.kinds = {trace::Loss::gil_wait}};
  for (const ThreadEvents& thread : recording.threads) {
    trace::ThreadLosses of_thread{.os_id = thread.os_id, .spans = {}};
    double all_ns = 0;
    for (const Span& span : spans_of(thread, recording.begin_ns, recording.end_ns).spans) {
      if (span.kind != SpanKind::wait) continue;
      all_ns += static_cast<double>(span.length_ns());
      of_thread.spans.push_back(
          {.loss = trace::Loss::gil_wait, .begin_ns = span.begin_ns, .end_ns = span.end_ns});
    }
    for (trace::LossSpan& wait : of_thread.spans) {
      const auto part = static_cast<double>(wait.end_ns - wait.begin_ns) / all_ns;
      wait.cpu_ns = static_cast<std::int64_t>(part * static_cast<double>(thread.wait_cpu_ns));
    }
    if (!of_thread.spans.empty()) losses.threads.push_back(std::move(of_thread));
  }
  if (const std::uint64_t dropped = recording.dropped_events()) {
    losses.incomplete = std::to_string(dropped) + " events of the GIL were dropped";
  }
  return losses;
}

}  // namespace harness::gil_trace
