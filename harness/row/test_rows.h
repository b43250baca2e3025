// harness/row/test_rows.h: rows for tests, without running any.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// What a stored row is, to which nothing is known but its name: FindTraits.
inline std::optional<Traits> knows_none(const RowId& /*id*/) {
  return std::nullopt;
}

/// A row with these times, whose identity `name` says.
inline Row timed_row(const std::string& name, std::vector<double> times_s) {
  Row row = stored_row(name);
  row.times_s = std::move(times_s);
  return row;
}

inline Row timed_row(const std::string& name, double time_s) {
  return timed_row(name, std::vector{time_s});
}

/// A row without a time. `message` is as stored files have it.
inline Row untimed_row(const std::string& name, const std::string& message) {
  Row row = stored_row(name);
  const StoredOutcome stored = parse_stored_message(message);
  row.outcome = stored.outcome;
  row.reason = stored.reason;
  return row;
}

/// A row that did `pixels` pixels an iteration.
inline Row pixels_row(const std::string& name, double time_s, double pixels) {
  Row row = timed_row(name, time_s);
  row.traits.item_unit = "pixels";
  row.counters = {{"pixels", pixels}, {"pixels_per_second", pixels / time_s}};
  return row;
}

/// One that memory bounds, or a ceiling of memory: it moved 4 bytes for each pixel.
inline Row moving_row(const std::string& name, double time_s, double pixels) {
  Row row = pixels_row(name, time_s, pixels);
  const bool is_ceiling = row.id.strategy == "read3_write1";
  row.traits.memory = row.id.workload != "memory" ? Memory::bound
                      : is_ceiling                ? Memory::ceiling
                                                  : Memory::limit;
  row.traits.native = true;
  row.counters["bytes_per_second"] = 4 * pixels / time_s;
  return row;
}

}  // namespace harness
