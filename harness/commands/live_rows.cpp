// harness/commands/live_rows.cpp: the rows of a run on standard output, as they finish.
#include "harness/commands/live_rows.h"

#include <algorithm>
#include <iostream>
#include <utility>

namespace harness {

void check_columns(const Options& options, const std::vector<Experiment>& plan) {
  std::vector<std::string> units;
  for (const Experiment& experiment : plan) {
    if (!experiment.traits.item_unit.empty()) units.push_back(experiment.traits.item_unit);
  }
  check_columns(options.columns, units);
}

LiveRows::LiveRows(const Options& options, const std::vector<Experiment>& plan, RanOn on) {
  std::vector<RowId> ids;
  std::size_t longest = 0;
  for (const Experiment& experiment : plan) {
    ids.push_back(experiment.id);
    longest = std::max(longest, experiment.name().size());
  }
  const RunColumns columns(options.columns);
  if (options.format == kConsole) {
    console_.emplace(
        std::cout,
        Screen{.width = options.width, .color = options.color_output, .accounts = options.accounts}, columns,
        ids, std::move(on));
  }
  if (options.format == kGbench) table_.emplace(std::cout, options.color_output, longest);
}

void LiveRows::show(const Row& row, const std::vector<RowReporter::Run>& runs) {
  if (console_) console_->show(row);
  if (table_) table_->show(row, runs);
}

void LiveRows::finish() {
  if (console_) console_->finish();
}

}  // namespace harness
