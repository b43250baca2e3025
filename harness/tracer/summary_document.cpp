// harness/tracer/summary_document.cpp: the tables and sentences of a traced program.
#include "harness/tracer/summary_document.h"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/report/contention_tables.h"
#include "harness/row/format.h"
#include "harness/system/text.h"
#include "harness/tracer/culprit.h"

namespace harness::tracer {
namespace {

std::string time_text(std::int64_t ns) {
  return ns == 0 ? "0" : format_time(static_cast<double>(ns) * 1e-9);
}

std::string count_text(std::uint64_t count) {
  return format_count(static_cast<double>(count));
}

std::string share_text(std::int64_t part_ns, std::int64_t of_ns) {
  if (of_ns <= 0 || part_ns == 0) return "";
  return format_percent(static_cast<double>(part_ns) / static_cast<double>(of_ns));
}

/// Whether threads ran with a GIL. A free-threaded build turns one on for a moment at some imports.
bool has_gil(const Summary& summary) {
  constexpr std::int64_t kWorthALine = 100;  // of the time
  return std::ranges::any_of(summary.gils, [&](const GilSummary& gil) {
    return gil.use.waits > 0 || gil.use.held_ns > summary.traced_ns / kWorthALine;
  });
}

bool has_parks(const Summary& summary) {
  return std::ranges::any_of(summary.threads,
                             [](const ThreadSummary& thread) { return thread.parks + thread.yields > 0; });
}

constexpr std::size_t kMostShown = 20;

/// Those that did most, in the order in which they came.
std::vector<const ThreadSummary*> busiest(const Summary& summary) {
  std::vector<const ThreadSummary*> threads;
  for (const ThreadSummary& thread : summary.threads) threads.push_back(&thread);
  const auto activity = [](const ThreadSummary* thread) {
    return thread->gil.held_ns + thread->gil.waited_ns + thread->parked_ns + thread->spinning_ns;
  };
  std::ranges::stable_sort(threads, std::ranges::greater{}, activity);
  if (threads.size() > kMostShown) threads.resize(kMostShown);
  std::ranges::sort(threads, {},
                    [&](const ThreadSummary* thread) { return thread - summary.threads.data(); });
  return threads;
}

Table threads_table(const Summary& summary) {
  Table table{.title = "thread", .columns = {{.key = "thread"}}};
  const auto add_column = [&](const char* key, const char* title) {
    table.columns.push_back({.key = key, .title = title, .right = true});
  };
  const bool gil = has_gil(summary);
  const bool parks = has_parks(summary);
  add_column("alive", "alive");
  if (gil) {
    add_column("held", "held");
    add_column("held_share", "");
    table.columns.back().joined = true;
    add_column("waited", "waited");
    add_column("waited_share", "");
    table.columns.back().joined = true;
    add_column("longest_wait", "longest");
    add_column("detached", "detached");
    add_column("acquires", "acquires");
  }
  if (parks) {
    add_column("parked", "parked");
    if (!gil) {
      add_column("locks", "for locks");
      add_column("stopped", "stopped");
      add_column("spinning", "spinning");
      add_column("spins", "spins");
    }
  }
  for (const ThreadSummary* const thread : busiest(summary)) {
    std::vector<TableCell> cells{{thread->name}, {time_text(thread->alive_ns)}};
    if (gil) {
      cells.push_back({time_text(thread->gil.held_ns)});
      cells.push_back({share_text(thread->gil.held_ns, thread->alive_ns), Style::dim});
      cells.push_back({time_text(thread->gil.waited_ns)});
      cells.push_back({share_text(thread->gil.waited_ns, thread->alive_ns), Style::dim});
      cells.push_back({thread->gil.waits > 0 ? time_text(thread->gil.longest_wait_ns) : ""});
      cells.push_back({time_text(std::max<std::int64_t>(thread->detached_ns(), 0))});
      cells.push_back({count_text(thread->gil.acquires)});
    }
    if (parks) {
      cells.push_back({time_text(thread->parked_ns)});
      if (!gil) {
        cells.push_back({time_text(thread->locks_ns)});
        cells.push_back({time_text(thread->stopped_ns)});
        cells.push_back({time_text(thread->spinning_ns)});
        cells.push_back({count_text(thread->yields)});
      }
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

Table waits_table(const Summary& summary) {
  Table table{.title = "longest waits for the GIL",
              .columns = {{.key = "thread"},
                          {.key = "length", .title = "waited", .right = true},
                          {.key = "began", .title = "from", .right = true},
                          {.key = "holder", .title = "held by at first"}}};
  constexpr std::size_t kMost = 5;
  for (const LongWaitSummary& wait : summary.long_waits) {
    if (table.rows.size() == kMost) break;
    table.rows.push_back(
        {{wait.thread}, {time_text(wait.length_ns)}, {time_text(wait.began_ns)}, {wait.holder}});
  }
  return table;
}

/// "_json" of "_json.cpython-314-x86_64-linux-gnu.so", "libpython3.14" of "libpython3.14.so.1.0".
std::string short_name(const std::string& library) {
  std::size_t end = library.size();
  for (const char* const rest : {".cpython-", ".abi3.", ".so"}) end = std::min(end, library.find(rest));
  return library.substr(0, end);
}

Table holds_table(const Summary& summary) {
  Table table{.title = "kept the GIL though asked for it",
              .columns = {{.key = "function"},
                          {.key = "count", .title = "holds", .right = true},
                          {.key = "total", .title = "in all", .right = true},
                          {.key = "longest", .title = "longest", .right = true},
                          {.key = "python", .title = "called by"}}};
  constexpr std::size_t kMost = 15;
  for (const LongHoldSummary& hold : summary.long_holds) {
    if (table.rows.size() == kMost) break;
    table.rows.push_back({{culprit_text(hold)},
                          {count_text(hold.count)},
                          {time_text(hold.total_ns)},
                          {time_text(hold.longest_ns)},
                          {hold.python}});
  }
  return table;
}

/// Those that read alike added up.
std::vector<SiteSummary> by_place(const std::vector<SiteSummary>& sites) {
  std::vector<SiteSummary> places;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (const SiteSummary& site : sites) {
    const auto [number, is_new] = known.try_emplace({site.what, place_text(site.stack, 1)}, places.size());
    if (is_new) {
      places.push_back(site);
      continue;
    }
    SiteSummary& place = places[number->second];
    place.parks += site.parks;
    place.yields += site.yields;
    place.parked_ns += site.parked_ns;
    place.spinning_ns += site.spinning_ns;
    place.longest_park_ns = std::max(place.longest_park_ns, site.longest_park_ns);
  }
  std::ranges::stable_sort(places, std::ranges::greater{},
                           [](const SiteSummary& place) { return place.parked_ns + place.spinning_ns; });
  return places;
}

Table sites_table(const Summary& summary) {
  Table table{.title = "waited for",
              .columns = {{.key = "what"},
                          {.key = "lost", .title = "in all", .right = true},
                          {.key = "parks", .title = "parks", .right = true},
                          {.key = "longest", .title = "longest", .right = true},
                          {.key = "spins", .title = "spins", .right = true},
                          {.key = "stack", .title = "in"}}};
  constexpr std::size_t kMost = 10;
  for (const SiteSummary& site : by_place(summary.sites)) {
    if (table.rows.size() == kMost) break;
    table.rows.push_back({{site.what},
                          {time_text(site.parked_ns + site.spinning_ns)},
                          {count_text(site.parks)},
                          {site.parks > 0 ? time_text(site.longest_park_ns) : ""},
                          {count_text(site.yields)},
                          {place_text(site.stack, 1), Style::dim}});
  }
  return table;
}

Table stops_table(const Summary& summary) {
  Table table{.title = "stopped the world for",
              .columns = {{.key = "why"},
                          {.key = "stops", .title = "stops", .right = true},
                          {.key = "stopping", .title = "to stop", .right = true},
                          {.key = "stopped", .title = "stopped", .right = true},
                          {.key = "longest", .title = "longest", .right = true},
                          {.key = "requester", .title = "asked by"},
                          {.key = "last", .title = "last to stop"}}};
  for (const WorldStops& stops : summary.stops) {
    table.rows.push_back({{stops.why},
                          {format_count(stops.stops)},
                          {format_time(stops.stopping_ns * 1e-9)},
                          {format_time(stops.stopped_ns * 1e-9)},
                          {time_text(stops.longest_ns)},
                          {stops.requester},
                          {stops.last}});
  }
  return table;
}

std::vector<std::string> sentences_of(const Summary& summary) {
  std::vector<std::string> sentences;
  for (const GilSummary& gil : summary.gils) {
    if (!has_gil(summary) || gil.use.acquires == 0) continue;
    if (gil.is_of_several) {
      sentences.push_back("Further GILs were held for " + time_text(gil.use.held_ns) + ".");
      continue;
    }
    std::string text = summary.gils.size() > 1 ? "GIL " + std::to_string(gil.number) : "The GIL";
    text += " was held for " + time_text(gil.use.held_ns) + ", " +
            share_text(gil.use.held_ns, summary.traced_ns) + " of the time, and changed threads " +
            count_text(gil.switches) + " times";
    if (gil.handoffs > 0)
      text += "; a hand-off to a thread that waited took " + time_text(gil.handoff_mean_ns);
    sentences.push_back(text + ".");
  }
  if (!has_gil(summary) && summary.threads_ever > 0) sentences.emplace_back("No thread used a GIL.");
  const std::int64_t limit_ns = summary.long_hold_ns;
  const bool asked =
      std::ranges::any_of(summary.gils, [](const GilSummary& gil) { return gil.use.timeouts > 0; });
  if (asked && summary.long_holds.empty()) {
    sentences.push_back("No thread kept the GIL for more than " + time_text(limit_ns) +
                        " after another had asked for it.");
  }
  return sentences;
}

/// Without the columns that have nothing in them.
Table without_empty_columns(const Table& table) {
  Table shown{.title = table.title, .columns = {}};
  shown.rows.resize(table.rows.size());
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    if (std::ranges::all_of(table.rows, [&](const auto& row) { return row[column].text.empty(); })) continue;
    shown.columns.push_back(table.columns[column]);
    for (std::size_t row = 0; row < table.rows.size(); ++row)
      shown.rows[row].push_back(table.rows[row][column]);
  }
  return shown;
}

}  // namespace

std::string culprit_text(const LongHoldSummary& hold) {
  if (hold.function.empty() && hold.library.empty()) return "not known";
  const bool is_python = hold.function == kPythonCode;
  const std::string function = is_python ? "Python code" : hold.function.empty() ? "?" : hold.function;
  const std::string where = is_python || hold.library.empty() ? "" : " (" + short_name(hold.library) + ")";
  const std::string idle = hold.had_no_core           ? ", without a core"
                           : hold.system_call.empty() ? ""
                                                      : ", in " + hold.system_call;
  return function + where + idle;
}

Document summary_document(const Summary& summary) {
  Document document;
  std::string command;
  for (const std::string& word : summary.program.command) command += (command.empty() ? "" : " ") + word;
  document.facts = {{"program", printable(command)},
                    {"interpreter", summary.program.interpreter},
                    {"ended", summary.program.end + " after " + time_text(summary.traced_ns)}};
  Section section{.title = "threads: " + count_text(summary.threads_ever)};
  if (!summary.threads.empty()) section.tables.push_back(without_empty_columns(threads_table(summary)));
  section.sentences = sentences_of(summary);
  document.sections.push_back(std::move(section));
  Section waits{.title = "waits"};
  for (const Table& table :
       {waits_table(summary), holds_table(summary), sites_table(summary), stops_table(summary)}) {
    if (!table.rows.empty()) waits.tables.push_back(without_empty_columns(table));
  }
  if (!waits.tables.empty()) document.sections.push_back(std::move(waits));
  document.notes = summary.notes;
  return document;
}

std::string report_text(const Summary& summary, const Screen& screen) {
  Document document = summary_document(summary);
  std::string text = "\nharness trace\n";
  for (const auto& [name, value] : document.facts) text += wrapped(name + ": " + value, 2, screen);
  const std::vector<std::string> notes = std::exchange(document.notes, {});
  text += console_text(document, screen);
  for (const std::string& note : notes) text += wrapped("note: " + note, 0, screen);
  return text;
}

}  // namespace harness::tracer
