// harness/compare/comparison_document.cpp: a comparison as a Document.
#include "harness/compare/comparison_document.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/compare/cell_text.h"
#include "harness/report/csv.h"

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

TableCell time_cell(const Cell& cell) {
  return {time_text(cell), cell.failed() ? style_of(cell) : Style::plain};
}

/// Times, ratios and verdicts.
Table times_of(const Comparison& comparison, const Group& rows) {
  Table table{
      .columns = {{.key = "name"}, {.key = comparison.labels.front(), .title = comparison.labels.front()}},
      .kept = 2};
  for (std::size_t i = 1; i < comparison.labels.size(); ++i) {
    const std::string& label = comparison.labels[i];
    table.columns.push_back({.key = label, .title = label});
    table.columns.push_back({.key = label + "_ratio", .joined = true});
    table.columns.push_back({.key = label + "_verdict", .joined = true});
  }
  for (const ComparedRow* const row : rows) {
    std::vector<TableCell> cells{{experiment_of(*row)}, time_cell(row->cells[0])};
    for (std::size_t i = 1; i < row->cells.size(); ++i) {
      const Cell& cell = row->cells[i];
      cells.push_back(time_cell(cell));
      cells.push_back({ratio_text(cell)});
      cells.push_back({verdict_text(cell), style_of(cell)});
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

/// What `text_of` says of each cell, of rows of which it says anything.
Table extra(const Comparison& comparison, const Group& rows, const std::string& title,
            const TextOf& text_of) {
  Table table{.title = title, .columns = {{.key = "name"}}};
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

Section section_of(const Comparison& comparison, const Group& rows) {
  Section section{.title = rows.front()->id.workload};
  section.tables.push_back(times_of(comparison, rows));
  Table scaling = extra(comparison, rows, "times faster than its own one thread", scaling_text);
  Table gil = extra(comparison, rows, "meanwhile", gil_text);
  for (Table* const table : {&scaling, &gil}) {
    if (!table->rows.empty()) section.tables.push_back(std::move(*table));
  }
  return section;
}

std::string optional_number(const std::optional<double>& value) {
  return value ? csv_number(*value) : "";
}

std::vector<TableCell> data_row(const std::string& name, const std::string& label, const Cell& cell,
                                const std::set<std::string>& counters) {
  const auto interval = cell.ratio_interval();
  std::vector<TableCell> cells{{name},
                               {label},
                               {std::to_string(cell.times_s.size())},
                               {cell.times_s.empty() ? "" : csv_number(cell.time_s())},
                               {optional_number(cell.ratio())},
                               {interval ? csv_number(interval->low) : ""},
                               {interval ? csv_number(interval->high) : ""},
                               {cell.verdict ? std::string(name_of(*cell.verdict)) : ""},
                               {cell.verdict ? std::to_string(cell.compared) : ""},
                               {cell.rounds_needed > 0 ? std::to_string(cell.rounds_needed) : ""},
                               {optional_number(cell.scaling)}};
  for (const std::string& counter : counters) {
    const auto found = cell.counters.find(counter);
    cells.push_back({found == cell.counters.end() ? "" : csv_number(found->second)});
  }
  cells.push_back({cell.failure});
  return cells;
}

}  // namespace

Document comparison_document(const Comparison& comparison) {
  Document document{.data = comparison_data(comparison)};
  for (const Group& group : by_workload(comparison))
    document.sections.push_back(section_of(comparison, group));
  document.notes = notes_of(comparison);
  document.notes.insert(document.notes.begin(), heading_text(comparison));
  return document;
}

Table comparison_data(const Comparison& comparison) {
  std::set<std::string> counters;
  for (const ComparedRow& row : comparison.rows) {
    for (const Cell& cell : row.cells) {
      for (const auto& [name, value] : cell.counters) counters.insert(name);
    }
  }
  Table data;
  for (const char* const key : {"name", "interpreter", "processes", "time_s", "ratio", "ratio_low",
                                "ratio_high", "verdict", "compared", "rounds_needed", "scaling"}) {
    data.columns.push_back({.key = key});
  }
  for (const std::string& counter : counters) data.columns.push_back({.key = counter});
  data.columns.push_back({.key = "failure"});
  for (const ComparedRow& row : comparison.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      data.rows.push_back(data_row(row.id.name(), comparison.labels[i], row.cells[i], counters));
    }
  }
  return data;
}

}  // namespace harness
