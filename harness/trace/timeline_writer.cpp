// harness/trace/timeline_writer.cpp: entries clipped, sorted and written as Trace Event Format.
#include "harness/trace/timeline_writer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

namespace harness::trace {
namespace {

// A thread may have called itself anything: what is not UTF-8 is replaced.
std::string quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class EventsText {
 public:
  explicit EventsText(std::int64_t origin_ns) : origin_ns_(origin_ns) {}

  void add_entry(const TimelineEntry& entry) {
    begin_event(entry.name, entry.is_instant ? "i" : "X", entry.process, entry.lane);
    text_ += ",\"ts\":";
    add_us(entry.begin_ns - origin_ns_);
    if (entry.is_instant) {
      text_ += ",\"s\":\"t\"";
    } else {
      text_ += ",\"dur\":";
      add_us(entry.end_ns - entry.begin_ns);
    }
    add_arguments(entry);
    text_ += '}';
  }

  // How a viewer calls a process or a lane, and in which order it shows them.
  void add_name(const char* what, int process, std::int64_t lane, std::string_view name) {
    begin_event(what, "M", process, lane);
    text_ += ",\"args\":{\"name\":" + quoted(name) + "}}";
  }

  std::string finish(const std::string& other_data) {
    text_ += "\n],\n\"displayTimeUnit\":\"ns\",\n\"otherData\":" + other_data + "}\n";
    return std::move(text_);
  }

 private:
  void begin_event(std::string_view name, const char* phase, int process, std::int64_t lane) {
    text_ += first_ ? "\n{\"name\":" : ",\n{\"name\":";
    first_ = false;
    text_ += quoted(name) + ",\"ph\":\"" + phase + "\",\"pid\":" + std::to_string(process) +
             ",\"tid\":" + std::to_string(lane);
  }

  void add_arguments(const TimelineEntry& entry) {
    bool has_any = false;
    const auto add = [&](std::string_view quoted_key, const std::string& value) {
      text_ += has_any ? "," : ",\"args\":{";
      text_ += quoted_key;
      text_ += ':' + value;
      has_any = true;
    };
    if (!entry.key.empty()) {
      add(quoted(entry.key), std::to_string(entry.value));
      if (entry.begin_is_cut) add("\"begin_is_cut\"", "true");
      if (entry.end_is_cut) add("\"end_is_cut\"", "true");
    }
    // One number mostly: a thread seldom moves.
    const CpuNumber first = entry.cpu != kUnknownCpu ? entry.cpu : entry.end_cpu;
    if (first != kUnknownCpu) add("\"cpu\"", std::to_string(first));
    if (entry.end_cpu != kUnknownCpu && entry.end_cpu != first) {
      add("\"end_cpu\"", std::to_string(entry.end_cpu));
    }
    if (has_any) text_ += '}';
  }

  // Nanoseconds as microseconds, exactly.
  void add_us(std::int64_t ns) {
    std::array<char, 32> number{};
    std::snprintf(number.data(), number.size(), "%lld.%03lld", static_cast<long long>(ns / 1000),
                  static_cast<long long>(ns % 1000));
    text_ += number.data();
  }

  std::int64_t origin_ns_;
  std::string text_ = "{\"traceEvents\":[";
  bool first_ = true;
};

}  // namespace

void TimelineWriter::add(TimelineEntry entry) {
  if (entry.begin_ns > window_.end_ns || entry.end_ns < window_.begin_ns) return;
  entry.begin_is_cut |= entry.begin_ns < window_.begin_ns;
  entry.end_is_cut |= entry.end_ns > window_.end_ns;
  entry.begin_ns = std::max(entry.begin_ns, window_.begin_ns);
  entry.end_ns = std::min(entry.end_ns, window_.end_ns);
  entries_.push_back(entry);
}

TimelineText TimelineWriter::finish(std::size_t max_entries, const Texts& texts) {
  std::ranges::stable_sort(entries_, {}, &TimelineEntry::begin_ns);
  TimelineText text{.json = {}, .left_out = 0, .covered_ns = window_.length_ns()};
  if (entries_.size() > max_entries) {
    text.left_out = entries_.size() - max_entries;
    text.covered_ns = entries_[max_entries].begin_ns - window_.begin_ns;
    entries_.resize(max_entries);
  }
  EventsText json(window_.begin_ns);
  for (const auto& [process, name] : texts.processes) json.add_name("process_name", process, 0, name);
  std::set<std::pair<int, std::int64_t>> named;
  for (const TimelineEntry& entry : entries_) {
    if (!named.insert({entry.process, entry.lane}).second) continue;
    json.add_name("thread_name", entry.process, entry.lane, texts.lane_name(entry.process, entry.lane));
  }
  for (const TimelineEntry& entry : entries_) json.add_entry(entry);
  text.json = json.finish(texts.other_data(text));
  return text;
}

}  // namespace harness::trace
