// harness/row/row.h: one experiment's result, as every report but Google Benchmark's own reads it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/row/contention.h"
#include "harness/row/outcome.h"
#include "harness/row/row_id.h"
#include "harness/row/traits.h"

namespace harness {

/// Between the remarks of a row in one text, which is a label of Google Benchmark's.
constexpr std::string_view kBetweenRemarks = "; ";

struct Row {
  RowId id;
  Traits traits;
  Outcome outcome = Outcome::ok;
  std::string reason;           ///< why there is no time; empty where there is
  std::string mend;             ///< the command that makes it apply; empty where none does
  std::vector<double> times_s;  ///< seconds an iteration, one value a repetition
  /// The process's CPU time in seconds an iteration, and how many iterations there were, likewise; of a
  /// stored row none.
  std::vector<double> cpu_s, iterations;
  std::map<std::string, double>
      counters;  ///< the median over the repetitions; what was not measured is absent
  /// Where its threads waited for each other, a mean over the repetitions.
  Contention contention = {};
  /// Those of each repetition, in the order of times_s; of a stored row none.
  std::vector<std::map<std::string, double>> repetitions;
  /// What a reader must know of it, each once: "what it is: why", or a word. The parts of its repetitions'
  /// labels.
  std::vector<std::string> remarks;

  bool ok() const { return outcome == Outcome::ok; }
  std::string name() const { return id.name(); }
  /// Of `counters`; absent where it was not measured.
  std::optional<double> counter(const std::string& counter_name) const;
  double median_s() const;
  /// How much work an iteration was, in Traits::item_unit; 1 where there is no unit.
  double items() const;
  /// Seconds an item, by which rows are compared: not all do the whole job.
  double item_s() const { return median_s() / items(); }
  /// Sample standard deviation over mean; absent below two repetitions.
  std::optional<double> variation() const;
};

/// A stored row without results: its identity and traits are what its name says.
Row stored_row(const std::string& name);

/// What the program knows of its own rows besides what their names say, for stored ones; nothing of others.
using FindTraits = std::function<std::optional<Traits>(const RowId& id)>;

/// Adds the parts of a repetition's label that the row has not yet.
void add_remarks(Row& row, std::string_view label);

/// Takes the unit of a stored row's items from its counters: X of one that also has X_per_second.
void find_item_unit(Row& row);

/// The row of that identity, or null.
const Row* find_row(const std::vector<Row>& rows, const RowId& id);

/// The middle of `values`, the mean of the middle two where their number is even. At least one value.
double median(std::vector<double> values);

/// Sample standard deviation over mean. At least two values.
double coefficient_of_variation(const std::vector<double>& values);

}  // namespace harness
