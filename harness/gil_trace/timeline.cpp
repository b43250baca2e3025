// harness/gil_trace/timeline.cpp: spans sorted into lanes.
#include "harness/gil_trace/timeline.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <system_error>

#include "harness/error.h"
#include "harness/gil_trace/spans.h"
#include "harness/gil_trace/timeline_format.h"
#include "harness/row/contention_json.h"
#include "harness/system/atomic_file.h"
#include "harness/trace/gzip.h"

namespace harness::gil_trace {
namespace {

using namespace timeline_format;
using trace::NamedSpan;
using trace::TimelineText;
using trace::TimelineWriter;

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

class Lanes {
 public:
  explicit Lanes(const Timeline& timeline) : timeline_(timeline), writer_(timeline.window) {
    for (const ThreadEvents& thread : timeline.recording.threads) add_thread(thread);
    for (const NamedSpan& span : timeline.iterations) add_named(span, kIterations);
    for (const NamedSpan& span : timeline.regions) add_named(span, kNativeCode);
    for (const auto& [os_id, name] : timeline.thread_names) thread_names_.emplace(os_id, name);
    for (const trace::TimelineEntry& entry : timeline.others) writer_.add(entry);
  }

  TimelineText text() {
    return writer_.finish(
        timeline_.max_entries,
        {.processes = kProcessNames,
         .lane_name = [this](int process, std::int64_t lane) { return name(process, lane); },
         .other_data = [this](const TimelineText& text) { return other_data(text); }});
  }

 private:
  void add_thread(const ThreadEvents& thread) {
    thread_names_[thread.os_id] = thread.name;
    std::vector<Span> spans =
        spans_of(thread, timeline_.recording.begin_ns, timeline_.recording.end_ns).spans;
    std::ranges::stable_sort(spans, {}, &Span::begin_ns);
    std::optional<std::int64_t> detached_since_ns;
    trace::CpuNumber detached_on = trace::kUnknownCpu;
    for (const Span& span : spans) {
      if (detached_since_ns && *detached_since_ns < span.begin_ns) {
        writer_.add({.begin_ns = *detached_since_ns,
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
      add_span(thread, span);
    }
    for (const Event& event : thread.events) {
      if (event.kind != EventKind::timeout) continue;
      writer_.add({.begin_ns = event.time_ns,
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

  void add_span(const ThreadEvents& thread, const Span& span) {
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
    writer_.add(entry);
    if (span.kind != SpanKind::hold) return;
    entry.name = thread.name;
    entry.process = kGils;
    entry.lane = span.gil;
    writer_.add(entry);
  }

  void add_named(const NamedSpan& span, int process) {
    writer_.add({.begin_ns = span.begin_ns,
                 .end_ns = span.end_ns,
                 .name = span.name,
                 .process = process,
                 .lane = span.os_id});
  }

  std::string name(int process, std::int64_t lane) {
    if (process == kGils) return "GIL " + std::to_string(lane);
    if (process == kIterations) return "iterations";
    if (process == kWorld) return "world";
    const auto thread = thread_names_.find(lane);
    return thread == thread_names_.end() ? "thread " + std::to_string(lane) : std::string(thread->second);
  }

  std::string other_data(const TimelineText& text) {
    nlohmann::ordered_json data;
    data["format"] = kFormat;
    data["format_version"] = kFormatVersion;
    data["window_ns"] = timeline_.window.length_ns();
    data["covered_ns"] = text.covered_ns;
    data["left_out"] = text.left_out;
    data["dropped_events"] = timeline_.recording.dropped_events();
    data[kCores] = timeline_.cores.cpus_of_cores();
    nlohmann::ordered_json& metadata = data["metadata"] = nlohmann::ordered_json::object();
    for (const auto& [key, value] : timeline_.metadata) metadata[key] = value;
    if (!timeline_.contention.is_empty()) {
      data[kContention] = nlohmann::ordered_json::parse(contention_json(timeline_.contention));
    }
    // What is not UTF-8 is replaced.
    return data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }

  const Timeline& timeline_;
  TimelineWriter writer_;
  std::map<std::int64_t, std::string_view> thread_names_;
};

}  // namespace

TimelineText timeline_text(const Timeline& timeline) {
  return Lanes(timeline).text();
}

TimelineText write_timeline(const std::filesystem::path& path, const Timeline& timeline) {
  TimelineText text = timeline_text(timeline);
  try {
    write_file_atomically(path, path.extension() == ".gz" ? trace::gzip(text.json) : text.json);
  } catch (const std::system_error& error) {
    throw UserError(std::string("the timeline: ") + error.what());
  }
  return text;
}

}  // namespace harness::gil_trace
