// harness/gil_trace/gil_table.cpp: entries come and go; a reader sees whole ones only.
#include "harness/gil_trace/gil_table.h"

#include <limits>

namespace harness::gil_trace {

using detail::gil_table;
using detail::GilEntry;

namespace {

using detail::forgotten_condition;
using detail::GilTable;

std::size_t registered = 0;

bool is_free(const void* condition) {
  return condition == nullptr || condition == &forgotten_condition;
}

void add(const void* condition, detail::GilMatch match) {
  std::size_t place = GilTable::home_of(condition);
  while (!is_free(gil_table.entries[place].condition)) place = GilTable::after(place);
  GilEntry& entry = gil_table.entries[place];
  // The id first: a reader that sees an address also sees whose it is.
  entry.match.store(match, std::memory_order_relaxed);
  entry.condition.store(condition, std::memory_order_release);
}

/// Where nothing follows it, a reader may as well stop there, and at what was forgotten before it.
void forget(std::size_t place) {
  const bool is_last = gil_table.entries[GilTable::after(place)].condition == nullptr;
  gil_table.entries[place].condition.store(is_last ? nullptr : &forgotten_condition,
                                           std::memory_order_release);
  if (!is_last) return;
  const std::size_t before = (place + GilTable::kSize - 1) % GilTable::kSize;
  if (gil_table.entries[before].condition == &forgotten_condition) forget(before);
}

}  // namespace

std::optional<GilId> register_gil(GilConditions conditions) {
  static GilId next_id = 0;
  const detail::GilMatch cond = detail::find_gil(conditions.cond);
  const detail::GilMatch switch_cond = detail::find_gil(conditions.switch_cond);
  if (cond && switch_cond && cond.gil() == switch_cond.gil()) return cond.gil();
  if (registered == kMaxGils || next_id == std::numeric_limits<GilId>::max()) return std::nullopt;
  add(conditions.cond, {next_id, false});
  add(conditions.switch_cond, {next_id, true});
  ++registered;
  return next_id++;
}

void forget_gil(GilId gil) {
  std::size_t forgotten = 0;
  for (std::size_t place = 0; place < GilTable::kSize; ++place) {
    const GilEntry& entry = gil_table.entries[place];
    if (is_free(entry.condition) || entry.match.load().gil() != gil) continue;
    forget(place);
    ++forgotten;
  }
  if (forgotten > 0) --registered;
}

}  // namespace harness::gil_trace
