// harness/compare/measure.cpp: what an experiment is compared by.
#include "harness/compare/measure.h"

#include "harness/row/format.h"

namespace harness {

std::optional<double> Measure::value_of(const Row& row) const {
  return is_time() ? std::optional(row.median_s()) : row.counter(key);
}

std::string Measure::text(double value) const {
  return is_time() ? format_time(value) : value_text(info_of(key), value);
}

std::string_view name_of(Better better) {
  return better == Better::lower ? "lower" : "higher";
}

bool has_no_break_even(const Row& row) {
  return row.counter(kNoBreakEven) && !row.counter(kBreakEven);
}

Measure measure_of(const Row& row) {
  for (const CounterInfo& info : counter_table()) {
    const bool is_sought = info.name == kBreakEven && has_no_break_even(row);
    if (!info.compared || !(is_sought || row.counter(std::string(info.name)))) continue;
    return {.key = std::string(info.name),
            .better = *info.compared,
            .scale = info.unit == Unit::share ? Scale::difference : Scale::ratio};
  }
  return {};
}

}  // namespace harness
