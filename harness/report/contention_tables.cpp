// harness/report/contention_tables.cpp: sites and stops as cells.
#include "harness/report/contention_tables.h"

#include <algorithm>
#include <array>

#include "harness/report/run_columns.h"
#include "harness/row/format.h"

namespace harness {
namespace {

constexpr double kWorthALine = 0.01;  // of what the row lost, and of its threads' time

double stops_ns(const WorldStops& of) {
  return of.stops * (of.stopping_ns + of.stopped_ns);
}

/// All of its threads' time, an iteration.
double threads_ns(const Row& row) {
  return row.median_s() * 1e9 * std::max(row.id.threads(), 1);
}

double lost_ns(const Row& row) {
  double lost = row.contention.lost_ns;
  for (const WorldStops& stops : row.contention.stops) lost = std::max(lost, stops_ns(stops));
  return lost;
}

std::string time_text(double ns) {
  return format_time(ns * 1e-9);
}

/// What takes a lock for whoever wants it, which says nothing of the place.
bool takes_any(const std::string& function) {
  return std::ranges::any_of(
      std::array{"_PyMutex_", "PyMutex_", "_PyRecursiveMutex_", "_PyCriticalSection", "PyCriticalSection",
                 "PyEvent_Wait", "_PyThreadState_Attach", "PyThread_acquire_lock"},
      [&](const char* prefix) { return function.starts_with(prefix); });
}

std::string title(const Row& row, const std::string& what) {
  const std::string others = row.contention.of_others ? "and others " : "";
  // A row on one thread waits where its script has threads of its own.
  if (!row.traits.baseline_on_threads || row.id.threads() < 2) return label_of(row.id) + " " + others + what;
  return std::to_string(row.id.threads()) + " threads " + others + what;
}

Table sites_table(const Row& row) {
  Table table{.title = title(row, "waited for"),
              .columns = {{.key = "what"},
                          {.key = "lost_ns", .title = "lost", .right = true},
                          {.key = "lost_share", .title = "of all", .right = true},
                          {.key = "parks", .title = "parks", .right = true},
                          {.key = "spins", .title = "spins", .right = true},
                          {.key = "stack", .title = "in"}}};
  for (const ContentionSite& site : row.contention.sites) {
    if (site.lost_ns() < kWorthALine * row.contention.lost_ns) continue;
    table.rows.push_back({{site.what},
                          {time_text(site.lost_ns())},
                          {row.contention.of_others ? "" : format_percent(site.lost_ns() / threads_ns(row))},
                          {format_count(site.parks)},
                          {format_count(site.spins)},
                          {place_text(site.stack), Style::dim}});
  }
  return table;
}

Table stops_table(const Row& row) {
  Table table{.title = title(row, "stopped for"),
              .columns = {{.key = "why"},
                          {.key = "stops", .title = "stops", .right = true},
                          {.key = "stopping_ns", .title = "to stop", .right = true},
                          {.key = "stopped_ns", .title = "stopped", .right = true},
                          {.key = "longest_ns", .title = "longest", .right = true},
                          {.key = "requester", .title = "asked by"},
                          {.key = "last", .title = "last to stop"}}};
  for (const WorldStops& stops : row.contention.stops) {
    table.rows.push_back({{stops.why},
                          {format_count(stops.stops)},
                          {time_text(stops.stopping_ns)},
                          {time_text(stops.stopped_ns)},
                          {time_text(static_cast<double>(stops.longest_ns))},
                          {stops.requester},
                          {stops.last}});
  }
  return table;
}

}  // namespace

std::string place_text(const std::vector<std::string>& stack, int most) {
  std::string text;
  int shown = 0;
  for (auto function = std::ranges::find_if_not(stack, takes_any); function != stack.end(); ++function) {
    if (shown++ == most) break;
    if (!text.empty()) text += " < ";
    text += *function;
  }
  return text;
}

std::vector<Table> contention_tables(const std::vector<Row>& rows) {
  const Row* most = nullptr;
  for (const Row& row : rows) {
    if (!row.ok() || lost_ns(row) < kWorthALine * threads_ns(row)) continue;
    if (most == nullptr || lost_ns(row) > lost_ns(*most)) most = &row;
  }
  if (most == nullptr) return {};
  std::vector<Table> tables;
  for (Table table : {sites_table(*most), stops_table(*most)}) {
    if (!table.rows.empty()) tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace harness
