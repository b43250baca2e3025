// harness/run/ceiling.cpp: what memory allows a row, timed in turn with it.
#include "harness/run/ceiling.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/error.h"
#include "harness/row/format.h"
#include "harness/row/relations.h"
#include "harness/run/settle.h"

namespace harness {
namespace {

constexpr double kTolerance = 0.02;

}  // namespace

double bytes_of(const Prepared& prepared) {
  for (const Rate& rate : prepared.rates()) {
    if (rate.name == "bytes_per_second") return rate.per_iteration;
  }
  return 0;
}

OfCeiling of_ceiling(double rate, double ceiling_before, double ceiling_after) {
  const double ceiling = (ceiling_before + ceiling_after) / 2;
  const double change = std::abs(ceiling_after - ceiling_before) / ceiling;
  const double value = rate / ceiling;
  const std::string withheld = "of_ceiling withheld: ";
  if (change > kTolerance) {
    return {.value = {},
            .withheld = withheld + "memory's speed changed by " + format_percent(change) + " meanwhile"};
  }
  if (value > 1 + kTolerance) {
    return {.value = {}, .withheld = withheld + "it came out at " + format_ratio(value)};
  }
  return {.value = value, .withheld = {}};
}

CeilingInTurn::CeilingInTurn(const std::vector<Experiment>& plan, Session& session,
                             std::function<bool()> interrupted)
    : plan_(plan), session_(session), interrupted_(std::move(interrupted)) {}

void CeilingInTurn::before(const Experiment& row, const std::vector<Row>& rows, std::int64_t iterations) {
  const Experiment* const ceiling = ceiling_of_row(row, rows);
  const bool still_holds = &row == row_ && ceiling == ceiling_ && iterations == iterations_;
  row_ = &row;
  ceiling_ = ceiling;
  iterations_ = iterations;
  if (ceiling_ != nullptr && (!still_holds || !latest_)) latest_ = rate();
}

OfCeiling CeilingInTurn::after(double bytes_per_second) {
  if (ceiling_ == nullptr || !latest_) return {};
  const double before = *latest_;
  latest_ = rate();
  return latest_ ? of_ceiling(bytes_per_second, before, *latest_) : OfCeiling{};
}

const Experiment* CeilingInTurn::ceiling_of_row(const Experiment& row, const std::vector<Row>& rows) const {
  Row bound;
  bound.id = row.id;
  bound.traits = row.traits;
  const Row* const fastest = ceiling_of(rows, bound);
  if (fastest == nullptr) return nullptr;
  const auto found = std::ranges::find(plan_, fastest->id, &Experiment::id);
  return found == plan_.end() ? nullptr : &*found;
}

std::optional<double> CeilingInTurn::rate() {
  try {
    Prepared& prepared = session_.beside(*ceiling_);
    settle(prepared, interrupted_);
    double wall_s = 0;
    for (std::int64_t i = 0; i < iterations_; ++i) {
      if (interrupted_()) return std::nullopt;
      wall_s += prepared.run().wall_s();
    }
    return bytes_of(prepared) * static_cast<double>(iterations_) / wall_s;
  } catch (const ExperimentError&) {
    return std::nullopt;  // its own row says so
  }
}

}  // namespace harness
