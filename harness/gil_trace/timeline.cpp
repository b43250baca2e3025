// harness/gil_trace/timeline.cpp: spans sorted into lanes, then written as Trace Event Format.
#include "harness/gil_trace/timeline.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <system_error>

#include "harness/error.h"
#include "harness/gil_trace/gzip.h"
#include "harness/gil_trace/spans.h"
#include "harness/gil_trace/timeline_format.h"
#include "harness/system/atomic_file.h"

namespace harness::gil_trace {
namespace {

using namespace timeline_format;

// One event of the file. Names point into what the caller owns, or are literals.
struct Entry {
  std::int64_t begin_ns;
  std::int64_t end_ns;
  std::string_view name;
  int process;
  std::int64_t lane;
  int gil = -1;
  bool begin_is_cut = false;
  bool end_is_cut = false;
  bool is_instant = false;
};

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

bool overlaps(const Window& window, std::int64_t begin_ns, std::int64_t end_ns) {
  return begin_ns <= window.end_ns && end_ns >= window.begin_ns;
}

class Entries {
 public:
  explicit Entries(const Timeline& timeline) : timeline_(timeline) {
    for (const ThreadEvents& thread : timeline.recording.threads) add_thread(thread);
    for (const NamedSpan& span : timeline.iterations) add_named(span, kIterations);
    for (const NamedSpan& span : timeline.regions) add_named(span, kNativeCode);
    std::ranges::stable_sort(entries_, {}, &Entry::begin_ns);
  }

  std::vector<Entry> take() { return std::move(entries_); }

 private:
  void add_thread(const ThreadEvents& thread) {
    std::vector<Span> spans =
        spans_of(thread, timeline_.recording.begin_ns, timeline_.recording.end_ns).spans;
    std::ranges::stable_sort(spans, {}, &Span::begin_ns);
    std::optional<std::int64_t> detached_since_ns;
    for (const Span& span : spans) {
      if (detached_since_ns && *detached_since_ns < span.begin_ns) {
        add({.begin_ns = *detached_since_ns,
             .end_ns = span.begin_ns,
             .name = kDetached,
             .process = kThreads,
             .lane = thread.os_id});
      }
      detached_since_ns = std::max(detached_since_ns.value_or(span.end_ns), span.end_ns);
      add_span(thread, span);
    }
    for (const Event& event : thread.events) {
      if (event.kind != EventKind::timeout) continue;
      add({.begin_ns = event.time_ns,
           .end_ns = event.time_ns,
           .name = kTimeout,
           .process = kThreads,
           .lane = thread.os_id,
           .gil = event.gil,
           .is_instant = true});
    }
  }

  void add_span(const ThreadEvents& thread, const Span& span) {
    Entry entry{.begin_ns = span.begin_ns,
                .end_ns = span.end_ns,
                .name = span_name(span.kind),
                .process = kThreads,
                .lane = thread.os_id,
                .gil = span.gil,
                .begin_is_cut = span.begin_is_cut,
                .end_is_cut = span.end_is_cut};
    add(entry);
    if (span.kind != SpanKind::hold) return;
    entry.name = thread.name;
    entry.process = kGils;
    entry.lane = span.gil;
    add(entry);
  }

  void add_named(const NamedSpan& span, int process) {
    add({.begin_ns = span.begin_ns,
         .end_ns = span.end_ns,
         .name = span.name,
         .process = process,
         .lane = span.os_id});
  }

  // The part within the window, if any.
  void add(Entry entry) {
    const Window& window = timeline_.window;
    if (!overlaps(window, entry.begin_ns, entry.end_ns)) return;
    entry.begin_is_cut |= entry.begin_ns < window.begin_ns;
    entry.end_is_cut |= entry.end_ns > window.end_ns;
    entry.begin_ns = std::max(entry.begin_ns, window.begin_ns);
    entry.end_ns = std::min(entry.end_ns, window.end_ns);
    entries_.push_back(entry);
  }

  const Timeline& timeline_;
  std::vector<Entry> entries_;
};

class Writer {
 public:
  explicit Writer(std::int64_t origin_ns) : origin_ns_(origin_ns) {}

  void add_entry(const Entry& entry) {
    begin_event(entry.name, entry.is_instant ? "i" : "X", entry.process, entry.lane);
    text_ += ",\"ts\":";
    add_us(entry.begin_ns - origin_ns_);
    if (entry.is_instant) {
      text_ += ",\"s\":\"t\"";
    } else {
      text_ += ",\"dur\":";
      add_us(entry.end_ns - entry.begin_ns);
    }
    if (entry.gil >= 0) {
      text_ += ",\"args\":{\"gil\":" + std::to_string(entry.gil);
      if (entry.begin_is_cut) text_ += ",\"begin_is_cut\":true";
      if (entry.end_is_cut) text_ += ",\"end_is_cut\":true";
      text_ += '}';
    }
    text_ += '}';
  }

  // How a viewer calls a process or a lane, and in which order it shows them.
  void add_name(const char* what, int process, std::int64_t lane, std::string_view name) {
    begin_event(what, "M", process, lane);
    text_ += ",\"args\":{\"name\":" + quoted(name) + "}}";
  }

  std::string finish(const nlohmann::ordered_json& other_data) {
    text_ += "\n],\n\"displayTimeUnit\":\"ns\",\n\"otherData\":" + dumped(other_data) + "}\n";
    return std::move(text_);
  }

 private:
  void begin_event(std::string_view name, const char* phase, int process, std::int64_t lane) {
    text_ += first_ ? "\n{\"name\":" : ",\n{\"name\":";
    first_ = false;
    text_ += quoted(name) + ",\"ph\":\"" + phase + "\",\"pid\":" + std::to_string(process) +
             ",\"tid\":" + std::to_string(lane);
  }

  // Nanoseconds as microseconds, exactly.
  void add_us(std::int64_t ns) {
    std::array<char, 32> number{};
    std::snprintf(number.data(), number.size(), "%lld.%03lld", static_cast<long long>(ns / 1000),
                  static_cast<long long>(ns % 1000));
    text_ += number.data();
  }

  // A thread may have called itself anything: what is not UTF-8 is replaced.
  static std::string dumped(const nlohmann::ordered_json& value) {
    return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }
  static std::string quoted(std::string_view text) { return dumped(std::string(text)); }

  std::int64_t origin_ns_;
  std::string text_ = "{\"traceEvents\":[";
  bool first_ = true;
};

void add_lane_names(Writer& writer, const Timeline& timeline, const std::vector<Entry>& entries) {
  for (const auto& [process, name] : kProcessNames) writer.add_name("process_name", process, 0, name);
  std::map<std::int64_t, std::string_view> thread_names;
  for (const ThreadEvents& thread : timeline.recording.threads) thread_names[thread.os_id] = thread.name;
  std::map<std::pair<int, std::int64_t>, bool> named;
  for (const Entry& entry : entries) {
    if (std::exchange(named[{entry.process, entry.lane}], true)) continue;
    const auto thread = thread_names.find(entry.lane);
    std::string name = "thread " + std::to_string(entry.lane);
    if (entry.process == kGils) name = "GIL " + std::to_string(entry.lane);
    if (entry.process == kIterations) name = "iterations";
    if ((entry.process == kThreads || entry.process == kNativeCode) && thread != thread_names.end()) {
      name = thread->second;
    }
    writer.add_name("thread_name", entry.process, entry.lane, name);
  }
}

nlohmann::ordered_json other_data(const Timeline& timeline, const TimelineText& text) {
  nlohmann::ordered_json data;
  data["format"] = kFormat;
  data["format_version"] = kFormatVersion;
  data["window_ns"] = timeline.window.length_ns();
  data["covered_ns"] = text.covered_ns;
  data["left_out"] = text.left_out;
  data["dropped_events"] = timeline.recording.dropped_events();
  nlohmann::ordered_json& metadata = data["metadata"] = nlohmann::ordered_json::object();
  for (const auto& [key, value] : timeline.metadata) metadata[key] = value;
  return data;
}

}  // namespace

TimelineText timeline_text(const Timeline& timeline) {
  std::vector<Entry> entries = Entries(timeline).take();
  TimelineText text{.json = {}, .left_out = 0, .covered_ns = timeline.window.length_ns()};
  if (entries.size() > timeline.max_entries) {
    text.left_out = entries.size() - timeline.max_entries;
    text.covered_ns = entries[timeline.max_entries].begin_ns - timeline.window.begin_ns;
    entries.resize(timeline.max_entries);
  }
  Writer writer(timeline.window.begin_ns);
  add_lane_names(writer, timeline, entries);
  for (const Entry& entry : entries) writer.add_entry(entry);
  text.json = writer.finish(other_data(timeline, text));
  return text;
}

TimelineText write_timeline(const std::filesystem::path& path, const Timeline& timeline) {
  TimelineText text = timeline_text(timeline);
  try {
    write_file_atomically(path, path.extension() == ".gz" ? gzip(text.json) : text.json);
  } catch (const std::system_error& error) {
    throw UserError(std::string("--gil-trace: ") + error.what());
  }
  return text;
}

}  // namespace harness::gil_trace
