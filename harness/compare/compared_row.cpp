// harness/compare/compared_row.cpp: what a row that was compared says of itself.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "harness/compare/comparison.h"

namespace harness {
namespace {

double geometric_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::log(value);
  return std::exp(sum / static_cast<double>(values.size()));
}

}  // namespace

double Cell::time_s() const {
  return geometric_mean(times_s);
}

double ComparedRow::value(const Cell& cell) const {
  if (measure.scale == Scale::ratio) return geometric_mean(cell.values);
  return std::accumulate(cell.values.begin(), cell.values.end(), 0.0) /
         static_cast<double>(cell.values.size());
}

std::optional<double> ComparedRow::effect(const Cell& cell) const {
  if (!cell.effect) return std::nullopt;
  return measure.scale == Scale::ratio ? std::exp(cell.effect->mean) : cell.effect->mean;
}

std::optional<Interval> ComparedRow::effect_interval(const Cell& cell) const {
  if (!cell.effect_interval || measure.scale == Scale::difference) return cell.effect_interval;
  return Interval{std::exp(cell.effect_interval->low), std::exp(cell.effect_interval->high)};
}

std::optional<Interval> ComparedRow::worse(const Cell& cell) const {
  if (!cell.effect_interval || measure.better == Better::lower) return cell.effect_interval;
  return Interval{-cell.effect_interval->high, -cell.effect_interval->low};
}

std::size_t ComparedRow::machines_agreeing(const Cell& cell, double margin) const {
  const double limit = limit_of(measure.scale, margin);
  const auto agrees = [&](const MachineEffect& machine) {
    const double worse_by = measure.better == Better::lower ? machine.mean : -machine.mean;
    switch (cell.verdict.value_or(Verdict::inconclusive)) {
      case Verdict::faster:
        return worse_by < 0;
      case Verdict::slower:
        return worse_by > 0;
      case Verdict::same:
        return std::abs(worse_by) <= limit;
      case Verdict::inconclusive:
        break;
    }
    return false;
  };
  return static_cast<std::size_t>(std::ranges::count_if(cell.machines, agrees));
}

Beyond ComparedRow::beyond(const Cell& cell, double limit) const {
  const auto interval = cell.verdict ? worse(cell) : std::nullopt;
  return interval ? harness::beyond(*interval, limit_of(measure.scale, limit)) : Beyond::unknown;
}

bool ComparedRow::decided(const CompareSettings& settings) const {
  if (!settings.worse_than) return decided();
  return std::ranges::none_of(cells, [&](const Cell& cell) {
    return cell.verdict && beyond(cell, *settings.worse_than) == Beyond::unknown;
  });
}

bool ComparedRow::decided() const {
  return std::ranges::none_of(cells, [](const Cell& cell) { return cell.verdict == Verdict::inconclusive; });
}

}  // namespace harness
