// harness/report/run_document.cpp: a run's rows as a Document.
#include "harness/report/run_document.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "harness/report/account_table.h"
#include "harness/report/contention_tables.h"
#include "harness/report/csv.h"

namespace harness {
namespace {

Section section_of(const std::vector<Row>& rows, const RunColumns& columns, const RanOn& on) {
  Section section{.title = section_of(rows.front().id), .note = note_of(rows.front())};
  Table table{.columns = columns.columns()};
  for (const Row& row : rows) table.rows.push_back(columns.cells_of(row));
  section.tables.push_back(std::move(table));
  constexpr std::size_t kWidth = 100;  // columns
  Table account = account_table(rows, kWidth);
  if (!account.rows.empty()) {
    section.tables.push_back(std::move(account));
    std::ranges::move(rows_without_account(rows), std::back_inserter(section.sentences));
  }
  std::ranges::move(contention_tables(rows), std::back_inserter(section.tables));
  const std::string shows = sentences_of(rows, on);
  if (!shows.empty()) section.sentences.push_back(shows);
  return section;
}

}  // namespace

Document run_document(const std::vector<Row>& rows, const RunColumns& columns, const RanOn& on) {
  Document document{.data = run_data(rows)};
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last = std::find_if(
        first, rows.end(), [&](const Row& row) { return section_of(row.id) != section_of(first->id); });
    document.sections.push_back(section_of(std::vector<Row>(first, last), columns, on));
    first = last;
  }
  return document;
}

Table run_data(const std::vector<Row>& rows) {
  std::set<std::string> counters;
  for (const Row& row : rows) {
    for (const auto& [name, value] : row.counters) counters.insert(name);
  }
  Table data;
  for (const char* const key :
       {"name", "workload", "strategy", "size", "threads", "repetitions", "median_s", "cv"}) {
    data.columns.push_back({.key = key});
  }
  for (const std::string& name : counters) data.columns.push_back({.key = name});
  data.columns.push_back({.key = "error"});
  for (const Row& row : rows) {
    const auto variation = row.variation();
    std::vector<TableCell> cells{{row.name()},
                                 {row.id.workload},
                                 {row.id.strategy},
                                 {row.id.size()},
                                 {std::to_string(row.id.threads())},
                                 {std::to_string(row.times_s.size())},
                                 {row.times_s.empty() ? "" : csv_number(row.median_s())},
                                 {variation ? csv_number(*variation) : ""}};
    for (const std::string& name : counters) {
      const auto value = row.counter(name);
      cells.push_back({value ? csv_number(*value) : ""});
    }
    cells.push_back({stored_message(row.outcome, row.reason)});
    data.rows.push_back(std::move(cells));
  }
  return data;
}

}  // namespace harness
