// harness/gil_trace/gil_table.cpp: entries come and go; a reader sees whole ones only.
#include "harness/gil_trace/gil_table.h"

#include <algorithm>

namespace harness::gil_trace {

using detail::gil_table;
using detail::GilEntry;

std::optional<GilId> register_gil(GilConditions conditions) {
  static GilId next_id = 0;
  const auto begin = gil_table.entries.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(gil_table.size.load());
  const auto known = std::find_if(begin, end, [&](const GilEntry& entry) {
    return entry.cond == conditions.cond && entry.switch_cond == conditions.switch_cond;
  });
  if (known != end) return known->gil.load();

  auto free = std::find_if(begin, end, [](const GilEntry& entry) { return entry.cond == nullptr; });
  if (free == gil_table.entries.end()) return std::nullopt;
  // The id first: a reader that sees an address also sees whose it is.
  free->gil.store(next_id, std::memory_order_relaxed);
  free->cond.store(conditions.cond, std::memory_order_release);
  free->switch_cond.store(conditions.switch_cond, std::memory_order_release);
  if (free == end) gil_table.size.fetch_add(1, std::memory_order_release);
  return next_id++;
}

void forget_gil(GilId gil) {
  const std::size_t size = gil_table.size.load();
  for (std::size_t i = 0; i < size; ++i) {
    GilEntry& entry = gil_table.entries[i];
    if (entry.gil.load() != gil || entry.cond.load() == nullptr) continue;
    entry.cond.store(nullptr, std::memory_order_release);
    entry.switch_cond.store(nullptr, std::memory_order_release);
  }
}

}  // namespace harness::gil_trace
