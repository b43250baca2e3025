// harness/gil_trace/gil_table.cpp: entries come and go; a reader sees whole ones only.
#include "harness/gil_trace/gil_table.h"

#include <algorithm>

namespace harness::gil_trace {

using detail::gil_table;
using detail::GilEntry;

namespace {

// A GIL's two entries are neighbours: cond, then switch_cond.
constexpr std::size_t kEntries = 2;

}  // namespace

std::optional<GilId> register_gil(GilConditions conditions) {
  static GilId next_id = 0;
  const std::size_t size = gil_table.size.load();
  std::size_t free = gil_table.entries.size();
  for (std::size_t i = 0; i < gil_table.entries.size(); i += kEntries) {
    const GilEntry& cond = gil_table.entries[i];
    if (i < size && cond.condition == conditions.cond &&
        gil_table.entries[i + 1].condition == conditions.switch_cond) {
      return cond.match.load().gil();
    }
    if (cond.condition == nullptr) free = std::min(free, i);
  }
  if (free == gil_table.entries.size()) return std::nullopt;
  const auto set = [](GilEntry& entry, const void* condition, bool is_switch_cond) {
    // The id first: a reader that sees an address also sees whose it is.
    entry.match.store({next_id, is_switch_cond}, std::memory_order_relaxed);
    entry.condition.store(condition, std::memory_order_release);
  };
  set(gil_table.entries[free], conditions.cond, false);
  set(gil_table.entries[free + 1], conditions.switch_cond, true);
  if (free == size) gil_table.size.store(size + kEntries, std::memory_order_release);
  return next_id++;
}

void forget_gil(GilId gil) {
  const std::size_t size = gil_table.size.load();
  for (std::size_t i = 0; i < size; ++i) {
    GilEntry& entry = gil_table.entries[i];
    if (entry.match.load().gil() == gil) entry.condition.store(nullptr, std::memory_order_release);
  }
}

}  // namespace harness::gil_trace
