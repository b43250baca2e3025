// harness/gil_trace/timeline.cpp: spans sorted into lanes.
#include "harness/gil_trace/timeline.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/gil_trace/spans.h"
#include "harness/gil_trace/timeline_words.h"
#include "harness/trace/timeline_format.h"

namespace harness::gil_trace {
namespace {

using namespace timeline_words;
using trace::timeline_format::kGils;
using trace::timeline_format::kThreads;

std::string_view span_name(SpanKind kind) {
  switch (kind) {
    case SpanKind::hold:
      return kHolding;
    case SpanKind::wait:
      return kWaiting;
    case SpanKind::yield:
      return kForcedSwitch;
  }
  return {};
}

void add_span(const ThreadEvents& thread, const Span& span, trace::Lanes& lanes) {
  trace::TimelineEntry entry{.begin_ns = span.begin_ns,
                             .end_ns = span.end_ns,
                             .name = span_name(span.kind),
                             .process = kThreads,
                             .lane = thread.os_id,
                             .key = kGil,
                             .value = span.gil,
                             .cpu = span.begin_cpu,
                             .end_cpu = span.end_cpu,
                             .begin_is_cut = span.begin_is_cut,
                             .end_is_cut = span.end_is_cut};
  lanes.entries.push_back(entry);
  if (span.kind != SpanKind::hold) return;
  entry.name = thread.name;
  entry.process = kGils;
  entry.lane = span.gil;
  lanes.entries.push_back(entry);
}

void add_spans_of(const ThreadEvents& thread, const Recording& recording, trace::Lanes& lanes) {
  std::vector<Span> spans = spans_of(thread, recording.begin_ns, recording.end_ns).spans;
  std::ranges::stable_sort(spans, {}, &Span::begin_ns);
  std::optional<std::int64_t> detached_since_ns;
  trace::CpuNumber detached_on = trace::kUnknownCpu;
  for (const Span& span : spans) {
    if (detached_since_ns && *detached_since_ns < span.begin_ns) {
      lanes.entries.push_back({.begin_ns = *detached_since_ns,
                               .end_ns = span.begin_ns,
                               .name = kDetached,
                               .process = kThreads,
                               .lane = thread.os_id,
                               .cpu = detached_on,
                               .end_cpu = span.begin_cpu});
    }
    if (!detached_since_ns || *detached_since_ns <= span.end_ns) {
      detached_since_ns = span.end_ns;
      detached_on = span.end_cpu;
    }
    add_span(thread, span, lanes);
  }
}

void add_timeouts_of(const ThreadEvents& thread, trace::Lanes& lanes) {
  for (const Event& event : thread.events) {
    if (event.kind != EventKind::timeout) continue;
    lanes.entries.push_back({.begin_ns = event.time_ns,
                             .end_ns = event.time_ns,
                             .name = kTimeout,
                             .process = kThreads,
                             .lane = thread.os_id,
                             .key = kGil,
                             .value = event.gil,
                             .cpu = event.cpu,
                             .is_instant = true});
  }
}

}  // namespace

void add_lanes(const Recording& recording, trace::Lanes& lanes) {
  for (const ThreadEvents& thread : recording.threads) {
    lanes.threads[thread.os_id] = thread.name;
    add_spans_of(thread, recording, lanes);
    add_timeouts_of(thread, lanes);
  }
}

}  // namespace harness::gil_trace
