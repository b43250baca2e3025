// harness/report/run_columns.cpp: what a run's tables show of each row.
#include "harness/report/run_columns.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "harness/error.h"
#include "harness/report/terminal.h"
#include "harness/row/counters.h"
#include "harness/row/format.h"

namespace harness {
namespace {

constexpr const char* kTime = "real_time";
constexpr const char* kCpuTime = "cpu_time";
constexpr const char* kIterations = "iterations";
constexpr const char* kSpread = "cv";
constexpr const char* kSpeedup = "speedup";
constexpr const char* kStory = "story";

Style style_of(double speedup) {
  if (speedup >= 1.05) return Style::good;
  return speedup <= 0.95 ? Style::bad : Style::doubtful;
}

std::string story_text(const Row& row, std::size_t width) {
  std::vector<std::string> parts;
  if (row.traits.does_a_part) parts.push_back(format_count(row.items()) + " " + row.traits.item_unit);
  if (std::ranges::any_of(row.remarks, [](const auto& remark) { return remark.starts_with(kNotVerified); })) {
    parts.emplace_back(kNotVerified);
  }
  std::ranges::move(story_of(row.counters, row.id.threads()), std::back_inserter(parts));
  std::string text;
  for (const std::string& part : parts) {
    const std::string longer = text + (text.empty() ? "" : ", ") + part;
    if (columns_of(longer) > width) break;
    text = longer;
  }
  return text;
}

TableCell cell_of(const Row& row, const std::string& key, std::size_t story_width) {
  if (key == kTime) return {format_time(row.median_s())};
  if (key == kCpuTime) return {row.cpu_s.empty() ? "" : format_time(median(row.cpu_s))};
  if (key == kIterations) return {row.iterations.empty() ? "" : format_count(median(row.iterations))};
  if (key == kStory) return {story_text(row, story_width)};
  if (key == kSpread) {
    const auto variation = row.variation();
    return {variation ? format_percent(*variation) : ""};
  }
  const auto value = row.counter(key);
  if (!value) return {};
  if (key != kSpeedup) return {value_text(info_of(key), *value)};
  if (row.traits.baseline) return {};
  return {format_ratio(*value) + " ×", style_of(*value)};
}

}  // namespace

void check_columns(const std::vector<std::string>& chosen, const std::vector<std::string>& item_units) {
  const auto is_known = [&](const std::string& name) {
    for (const char* const of_every_row : {kTime, kCpuTime, kIterations, kSpread}) {
      if (name == of_every_row) return true;
    }
    if (std::ranges::find(counter_table(), name, &CounterInfo::name) != counter_table().end()) return true;
    return std::ranges::any_of(
        item_units, [&](const std::string& unit) { return name == unit || name == unit + "_per_second"; });
  };
  for (const std::string& name : chosen) {
    if (is_known(name)) continue;
    throw UserError("--columns: no row has '" + name +
                    "'; give real_time, cpu_time, iterations, cv, or counters of result.json, for instance "
                    "speedup,gil_wait_share");
  }
}

RunColumns::RunColumns(const std::vector<std::string>& chosen) : columns_{{.key = "name"}}, widths_{0} {
  const auto add = [this](const std::string& key, const std::string& title, std::size_t width) {
    columns_.push_back({.key = key, .title = title, .right = true});
    widths_.push_back(std::max(title.size(), width));
  };
  if (chosen.empty()) {
    add(kTime, "time", std::size("1,234 ms") - 1);
    add(kSpread, "spread", std::size("0.0123 %") - 1);
    add(kSpeedup, "speed-up", std::size("12,345 ×") - 2);
    columns_.push_back({.key = kStory});
    widths_.push_back(0);
  }
  for (const std::string& name : chosen) {
    add(name, name, std::size("1,234,567/s") - 1);
  }
}

std::vector<TableCell> RunColumns::cells_of(const Row& row, std::size_t story_width) const {
  std::vector<TableCell> cells{{label_of(row.id)}};
  if (row.outcome == Outcome::not_applicable) {
    cells.front().style = Style::dim;
    cells.push_back({why_without_time(row), Style::dim});
  } else if (!row.ok()) {
    cells.push_back({why_without_time(row), Style::bad});
  } else {
    for (std::size_t i = 1; i < columns_.size(); ++i)
      cells.push_back(cell_of(row, columns_[i].key, story_width));
  }
  return cells;
}

std::string why_without_time(const Row& row, std::size_t width) {
  if (row.outcome != Outcome::not_applicable) return "failed: " + row.reason;
  if (row.mend.empty()) return row.reason;
  // Without its details, which result.json has.
  const std::size_t end = std::min(row.reason.find(" ("), row.reason.find(NotApplicable::kToGetIt));
  const std::string text = row.reason.substr(0, end) + ": " + row.mend;
  return columns_of(text) <= width ? text : "to get it: " + row.mend;
}

std::string label_of(const RowId& id) {
  RowId shown = id;
  std::erase_if(shown.labels, [](const Label& label) { return label.key == "size"; });
  return shown.strategy.empty() ? shown.workload : shown.name_in_workload();
}

std::string section_of(const RowId& id) {
  return id.workload + (id.size().empty() ? "" : " " + id.size());
}

std::string note_of(const Row& row) {
  const bool shows_limit = row.traits.memory == Memory::limit || row.traits.memory == Memory::ceiling;
  return shows_limit ? "(what bounds grayscale: its traffic without its arithmetic)" : "";
}

}  // namespace harness
