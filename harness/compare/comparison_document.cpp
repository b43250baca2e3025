// harness/compare/comparison_document.cpp: a comparison as a Document.
#include "harness/compare/comparison_document.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/compare/cell_text.h"
#include "harness/error.h"
#include "harness/report/break_even_sentence.h"
#include "harness/report/csv.h"
#include "harness/row/counters.h"
#include "harness/row/format.h"

namespace harness {
namespace {

using Group = std::vector<const ComparedRow*>;
using TextOf = std::function<std::string(const Cell&)>;

Style style_of(const Cell& cell) {
  if (cell.failed()) return cell.outcome == Outcome::failed ? Style::bad : Style::dim;
  if (cell.verdict == Verdict::faster) return Style::good;
  if (cell.verdict == Verdict::slower) return Style::bad;
  return cell.verdict == Verdict::inconclusive ? Style::doubtful : Style::plain;
}

TableCell value_cell(const ComparedRow& row, const Cell& cell) {
  return {value_text(row, cell), cell.failed() ? style_of(cell) : Style::plain};
}

/// Times, or what else rows are compared by, ratios and verdicts.
Table values_of(const Comparison& comparison, const Group& rows) {
  Table table{
      .columns = {{.key = "name"}, {.key = comparison.labels.front(), .title = comparison.labels.front()}},
      .kept = 2,
      .shares_titles = true};
  for (std::size_t i = 1; i < comparison.labels.size(); ++i) {
    const std::string& label = comparison.labels[i];
    table.columns.push_back({.key = label, .title = label});
    table.columns.push_back({.key = label + "_ratio", .joined = true});
    table.columns.push_back({.key = label + "_verdict", .joined = true});
  }
  for (const ComparedRow* const row : rows) {
    std::vector<TableCell> cells{{experiment_of(*row)}, value_cell(*row, row->cells[0])};
    for (std::size_t i = 1; i < row->cells.size(); ++i) {
      const Cell& cell = row->cells[i];
      cells.push_back(value_cell(*row, cell));
      cells.push_back({effect_text(*row, cell)});
      cells.push_back({verdict_text(comparison, *row, cell), style_of(cell)});
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

/// What `text_of` says of each cell, of rows of which it says anything.
Table extra(const Comparison& comparison, const Group& rows, const std::string& title,
            const TextOf& text_of) {
  Table table{.title = title, .columns = {{.key = "name"}}, .shares_titles = true};
  for (const std::string& label : comparison.labels) table.columns.push_back({.key = label, .title = label});
  for (const ComparedRow* const row : rows) {
    std::vector<TableCell> cells{{experiment_of(*row)}};
    for (const Cell& cell : row->cells) cells.push_back({text_of(cell)});
    if (std::any_of(cells.begin() + 1, cells.end(),
                    [](const TableCell& cell) { return !cell.text.empty(); })) {
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

/// Whether a thread of it has waited for the GIL; where that is not known, whether the GIL changed hands.
bool has_waits(const Cell& cell) {
  constexpr double kLeastShare = 0.0005;
  const auto wait = cell.counters.find("gil_wait_share");
  if (wait != cell.counters.end()) return wait->second >= kLeastShare;
  const auto switches = cell.counters.find("gil_switches");
  return switches != cell.counters.end() && switches->second >= 1;
}

/// What the GIL did on each interpreter, of rows whose threads have waited for it: a line for all
/// interpreters of which the same is to be said.
Table meanwhile(const Comparison& comparison, const Group& rows) {
  Table table{.title = "meanwhile",
              .columns = {{.key = "name"}, {.key = "interpreter"}, {.key = "gil", .joined = true}}};
  std::string all;
  for (const std::string& label : comparison.labels) all += (all.empty() ? "" : ", ") + label;
  for (const ComparedRow* const row : rows) {
    const std::size_t first = table.rows.size();
    for (std::size_t i = 0; i < row->cells.size(); ++i) {
      if (!has_waits(row->cells[i])) continue;
      const std::string text = gil_text(row->cells[i]);
      const auto known =
          std::find_if(table.rows.begin() + static_cast<std::ptrdiff_t>(first), table.rows.end(),
                       [&](const auto& line) { return line[2].text == text; });
      if (known != table.rows.end()) {
        (*known)[1].text += ", " + comparison.labels[i];
      } else {
        const bool is_first = table.rows.size() == first;
        table.rows.push_back({{is_first ? experiment_of(*row) : ""}, {comparison.labels[i]}, {text}});
      }
    }
  }
  for (auto& line : table.rows) {
    if (comparison.labels.size() > 1 && line[1].text == all) line[1].text = "all";
  }
  return table;
}

/// From which length of a task on the way pays, on each interpreter where it does; "" of other rows.
std::string break_even_of(const Comparison& comparison, const ComparedRow& row,
                          const FindTraits& find_traits) {
  if (row.measure.key != kBreakEven) return "";
  std::vector<std::pair<std::string, double>> from_ns;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Cell& cell = row.cells[i];
    if (cell.failed() || cell.values.empty()) continue;
    const std::string not_always = no_break_even_text(comparison, cell);
    from_ns.emplace_back(comparison.labels[i] + (not_always.empty() ? "" : " (" + not_always + ")"),
                         row.value(cell));
  }
  return break_even_sentence(row.id, find_traits(row.id).value_or(Traits{}), from_ns);
}

/// What comparison.csv has for every comparison, besides name and interpreter.
constexpr std::array kOfEveryCell{"processes",   "time_s",       "ratio",          "ratio_low",
                                  "ratio_high",  "verdict",      "compared",       "rounds_needed",
                                  "scaling",     "scaling_low",  "scaling_high",   "speedup",
                                  "speedup_low", "speedup_high", "compared_by",    "better",
                                  "value",       "difference",   "difference_low", "difference_high"};

Section section_of(const Comparison& comparison, const Group& rows, const FindTraits& find_traits) {
  Section section{.title = rows.front()->id.workload};
  section.tables.push_back(values_of(comparison, rows));
  for (Table& table : std::array{extra(comparison, rows, "times faster than its own one thread",
                                       [](const Cell& cell) { return gain_text(cell.scaling); }),
                                 extra(comparison, rows, "times faster than plain Python",
                                       [](const Cell& cell) { return gain_text(cell.speedup); }),
                                 meanwhile(comparison, rows)}) {
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
  }
  for (const ComparedRow* const row : rows) {
    const std::string break_even = break_even_of(comparison, *row, find_traits);
    if (!break_even.empty()) section.sentences.push_back(break_even);
  }
  return section;
}

std::string optional_number(const std::optional<double>& value) {
  return value ? csv_number(*value) : "";
}

/// A ratio, or a difference, with its interval's ends.
struct Effect {
  std::optional<double> value, low, high;
};

/// That of the cell where it is on `scale`.
Effect effect_on(Scale scale, const ComparedRow& row, const Cell& cell) {
  if (row.measure.scale != scale) return {};
  const auto interval = row.effect_interval(cell);
  if (!interval) return {.value = row.effect(cell), .low = {}, .high = {}};
  return {.value = row.effect(cell), .low = interval->low, .high = interval->high};
}

Effect effect_of(const std::optional<Gain>& gain) {
  if (!gain) return {};
  if (!gain->interval) return {.value = gain->times, .low = {}, .high = {}};
  return {.value = gain->times, .low = gain->interval->low, .high = gain->interval->high};
}

constexpr const char* kFailure = "failure";  // the last one

/// There only where a break-even was sought in some process of a cell that has one, and not found.
constexpr const char* kWithoutBreakEven = "no_break_even_processes";

bool lacks_break_evens(const Comparison& comparison) {
  return std::ranges::any_of(comparison.rows, [](const ComparedRow& row) {
    return std::ranges::any_of(row.cells, [](const Cell& cell) { return cell.without_break_even > 0; });
  });
}

/// What only a comparison has that was put together from parts.
constexpr std::array<const char*, 4> kOfMachines{"machines", "machines_agreeing", "machines_needed",
                                                 "differs_between_machines"};

void add_machine_data(const Comparison& comparison, const ComparedRow& row, const Cell& cell,
                      std::vector<TableCell>& cells) {
  const std::size_t agreeing = row.machines_agreeing(cell, comparison.settings.margin);
  cells.insert(cells.end(),
               {{cell.machines.empty() ? "" : std::to_string(cell.machines.size())},
                {cell.verdict && cell.verdict != Verdict::inconclusive ? std::to_string(agreeing) : ""},
                {cell.machines_needed > 0 ? std::to_string(cell.machines_needed) : ""},
                {!cell.one_effect_probability    ? ""
                 : cell.differs_between_machines ? "true"
                                                 : "false"}});
}

std::vector<TableCell> data_row(const Comparison& comparison, const ComparedRow& row,
                                const std::string& label, const Cell& cell,
                                const std::set<std::string>& counters) {
  const Effect ratio = effect_on(Scale::ratio, row, cell);
  const Effect difference = effect_on(Scale::difference, row, cell);
  std::vector<TableCell> cells{{row.id.name()},
                               {label},
                               {std::to_string(cell.times_s.size())},
                               {cell.times_s.empty() ? "" : csv_number(cell.time_s())},
                               {optional_number(ratio.value)},
                               {optional_number(ratio.low)},
                               {optional_number(ratio.high)},
                               {cell.verdict ? std::string(name_of(*cell.verdict)) : ""},
                               {cell.verdict ? std::to_string(cell.compared) : ""},
                               {cell.rounds_needed > 0 ? std::to_string(cell.rounds_needed) : ""}};
  for (const std::optional<Gain>& gain : {cell.scaling, cell.speedup}) {
    const Effect times = effect_of(gain);
    cells.insert(
        cells.end(),
        {{optional_number(times.value)}, {optional_number(times.low)}, {optional_number(times.high)}});
  }
  cells.insert(cells.end(), {{row.measure.key},
                             {std::string(name_of(row.measure.better))},
                             {cell.values.empty() ? "" : csv_number(row.value(cell))},
                             {optional_number(difference.value)},
                             {optional_number(difference.low)},
                             {optional_number(difference.high)}});
  if (comparison.merged) add_machine_data(comparison, row, cell, cells);
  if (lacks_break_evens(comparison)) {
    const bool is_sought = row.measure.key == kBreakEven && !cell.failed();
    cells.push_back({is_sought ? std::to_string(cell.without_break_even) : ""});
  }
  for (const std::string& counter : counters) {
    const auto found = cell.counters.find(counter);
    cells.push_back({found == cell.counters.end() ? "" : csv_number(found->second)});
  }
  cells.push_back({cell.failure});
  return cells;
}

/// What a cell has in a column of comparison.csv: in words where there are any, else as it stands there.
TableCell chosen_cell(const Comparison& comparison, const ComparedRow& row, const Cell& cell,
                      const std::string& key, const std::string& as_csv) {
  if (key == "value") return value_cell(row, cell);
  if (key == "verdict") return {verdict_text(comparison, row, cell), style_of(cell)};
  if (key == "time_s") return {cell.times_s.empty() ? "" : format_time(cell.time_s())};
  if (key == "ratio" || key == "difference") {
    const bool is_its = (row.measure.scale == Scale::ratio) == (key == "ratio");
    return {is_its ? effect_text(row, cell) : ""};
  }
  if (key == "scaling") return {gain_text(cell.scaling)};
  if (key == "speedup") return {gain_text(cell.speedup)};
  const auto counter = cell.counters.find(key);
  return {counter == cell.counters.end() ? as_csv : value_text(info_of(key), counter->second)};
}

/// A table of each chosen column, of rows of which it says anything.
class ChosenTables {
 public:
  ChosenTables(const Comparison& comparison, const Table& data) : comparison_(comparison), data_(data) {}

  Section section_of(const Group& rows, const std::vector<std::string>& chosen) {
    Section section{.title = rows.front()->id.workload};
    for (const std::string& key : chosen) {
      Table table{.title = key, .columns = {{.key = "name"}}, .shares_titles = true};
      for (const std::string& label : comparison_.labels)
        table.columns.push_back({.key = label, .title = label, .right = is_number(key)});
      for (const ComparedRow* const row : rows) add(*row, key, table);
      if (table.rows.empty()) continue;
      section.tables.push_back(std::move(table));
      shown_.insert(key);
    }
    return section;
  }

  /// A sentence for each of the chosen ones of which no row has anything.
  std::vector<std::string> notes(const std::vector<std::string>& chosen) const {
    std::vector<std::string> notes;
    for (const std::string& key : chosen) {
      if (!shown_.contains(key)) notes.push_back("--columns: no row has " + key);
    }
    return notes;
  }

 private:
  static bool is_number(const std::string& key) {
    constexpr std::array kWords{"verdict", "compared_by", "better", "failure", "differs_between_machines"};
    return std::ranges::find(kWords, key) == kWords.end();
  }

  void add(const ComparedRow& row, const std::string& key, Table& table) const {
    const auto column = std::ranges::find(data_.columns, key, &Column::key);
    const auto place = static_cast<std::size_t>(&row - comparison_.rows.data()) * comparison_.labels.size();
    std::vector<TableCell> cells{{experiment_of(row)}};
    bool any = false;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::string as_csv =
          column == data_.columns.end()
              ? ""
              : data_.rows.at(place + i).at(static_cast<std::size_t>(column - data_.columns.begin())).text;
      cells.push_back(chosen_cell(comparison_, row, row.cells[i], key, as_csv));
      any = any || !cells.back().text.empty();
    }
    if (any) table.rows.push_back(std::move(cells));
  }

  const Comparison& comparison_;
  const Table& data_;  // a row a cell
  std::set<std::string> shown_;
};

}  // namespace

void check_comparison_columns(const std::vector<std::string>& chosen, const std::set<std::string>& counters) {
  const auto is_known = [&](const std::string& name) {
    return std::ranges::find(kOfEveryCell, name) != kOfEveryCell.end() ||
           std::ranges::find(kOfMachines, name) != kOfMachines.end() || name == kWithoutBreakEven ||
           name == kFailure || counters.contains(name);
  };
  for (const std::string& name : chosen) {
    if (is_known(name)) continue;
    throw UserError("--columns: a comparison has no '" + name +
                    "'; give columns of comparison.csv: time_s, value, ratio, difference, verdict, scaling, "
                    "speedup, compared, processes, or counters that it keeps, for instance gil_wait_share");
  }
}

std::set<std::string> kept_counters(const std::vector<std::string>& item_units) {
  std::set<std::string> counters(item_units.begin(), item_units.end());
  for (const CounterInfo& info : counter_table()) {
    if (info.shown.kept) counters.emplace(info.name);
  }
  return counters;
}

std::set<std::string> counters_of(const Comparison& comparison) {
  std::set<std::string> counters;
  for (const ComparedRow& row : comparison.rows) {
    for (const Cell& cell : row.cells) {
      for (const auto& [name, value] : cell.counters) counters.insert(name);
    }
  }
  counters.erase("speedup");  // stored runs have it; it has columns of its own
  return counters;
}

Document comparison_document(const Comparison& comparison, const FindTraits& find_traits,
                             const std::vector<std::string>& chosen) {
  Document document{.data = comparison_data(comparison)};
  document.notes = notes_of(comparison);
  ChosenTables tables(comparison, document.data);
  for (const Group& group : by_workload(comparison)) {
    Section section =
        chosen.empty() ? section_of(comparison, group, find_traits) : tables.section_of(group, chosen);
    if (!section.tables.empty()) document.sections.push_back(std::move(section));
  }
  std::ranges::move(tables.notes(chosen), std::back_inserter(document.notes));
  document.notes.insert(document.notes.begin(), heading_text(comparison));
  return document;
}

Table comparison_data(const Comparison& comparison) {
  const std::set<std::string> counters = counters_of(comparison);
  Table data;
  data.columns = {{.key = "name"}, {.key = "interpreter"}};
  for (const char* const key : kOfEveryCell) data.columns.push_back({.key = key});
  if (comparison.merged) {
    for (const char* const key : kOfMachines) data.columns.push_back({.key = key});
  }
  if (lacks_break_evens(comparison)) data.columns.push_back({.key = kWithoutBreakEven});
  for (const std::string& counter : counters) data.columns.push_back({.key = counter});
  data.columns.push_back({.key = kFailure});
  for (const ComparedRow& row : comparison.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      data.rows.push_back(data_row(comparison, row, comparison.labels[i], row.cells[i], counters));
    }
  }
  return data;
}

}  // namespace harness
