// harness/report/summary.cpp: what a run shows, in the spirit of the talk's own summary.
#include "harness/report/summary.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/report/terminal.h"
#include "harness/row/counters.h"
#include "harness/row/format.h"
#include "harness/row/relations.h"

namespace harness {
namespace {

std::string_view style_of(double speedup) {
  if (speedup >= 1.05) return kGreen;
  return speedup <= 0.95 ? kRed : kYellow;
}

std::string threads_text(int threads) {
  return std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

/// What else there is to say of a row in its line.
std::string remarks(const Row& row, double most_items) {
  std::string text;
  if (row.items() < most_items) {
    text += "  (" + format_count(row.items()) + " of " + format_count(most_items) + ")";
  }
  const auto of_ceiling = row.counters.find("of_ceiling");
  if (of_ceiling != row.counters.end()) {
    text += "  " + padded(format_percent(of_ceiling->second), 6, true) + " of the memory's speed";
  }
  return text;
}

std::string line(const Row& row, const Row* baseline, double most_items, std::size_t width, bool color) {
  const std::string label =
      "  " + padded(row.id.strategy, width) + "  " + padded(threads_text(row.id.threads()), 13);
  if (!row.ok())
    return label +
           paint((row.outcome == Outcome::failed ? "failed: " : "") + stored_message(row.outcome, row.reason),
                 row.outcome == Outcome::failed ? kRed : kYellow, color) +
           "\n";
  const std::string time = padded(format_time(row.median_s()), 9, true);
  const std::string rest = remarks(row, most_items) + "\n";
  if (baseline == nullptr) return label + time + rest;
  if (&row == baseline) return label + time + (rest == "\n" ? "" : std::string(11, ' ')) + rest;
  const double speedup = baseline->item_s() / row.item_s();
  return label + time + "  " +
         paint(padded(format_ratio(speedup) + " ×", 9, true), style_of(speedup), color) + rest;
}

/// The row of `strategy` that finished first, or null.
const Row* fastest(const std::vector<Row>& rows, const std::string& strategy) {
  const Row* best = nullptr;
  for (const Row& row : rows) {
    if (!row.ok() || (!strategy.empty() && row.id.strategy != strategy)) continue;
    if (best == nullptr || row.item_s() < best->item_s()) best = &row;
  }
  return best;
}

/// The python_threads row with the most threads, or null where none has more than one.
const Row* widest_python(const std::vector<Row>& rows) {
  const Row* widest = nullptr;
  for (const Row& row : rows) {
    if (!row.ok() || row.id.strategy != "python_threads" || row.id.threads() < 2) continue;
    if (widest == nullptr || row.id.threads() > widest->id.threads()) widest = &row;
  }
  return widest;
}

/// What the trace says of why, or what is known without one.
std::string because(const Row& threaded, bool gil_enabled) {
  const auto held = threaded.counters.find("gil_held_share");
  const auto waited = threaded.counters.find("gil_wait_share");
  if (held != threaded.counters.end() && waited != threaded.counters.end()) {
    return ": the GIL was held " + format_percent(held->second) +
           " of the time, and each thread waited for " + format_percent(waited->second) + " of it.";
  }
  return gil_enabled ? ": only one of them can hold the GIL." : ": they share no GIL.";
}

std::string about_threads(const Row& threaded, const Row& baseline, bool gil_enabled) {
  const double slower = threaded.item_s() / baseline.item_s();
  const bool same = slower >= 0.95 && slower <= 1.05;
  const std::string how = (same ? "" : format_ratio(slower) + " × ") + "as long as one";
  return std::to_string(threaded.id.threads()) + " Python threads took " + how +
         because(threaded, gil_enabled);
}

std::string sentence(const std::vector<Row>& rows, const Row* baseline, bool gil_enabled) {
  if (baseline == nullptr) return "";
  std::string text;
  if (const Row* const threaded = widest_python(rows)) {
    text += about_threads(*threaded, *baseline, gil_enabled);
  }
  const Row* const best = fastest(rows, "");
  if (best != nullptr && best != baseline && best->id.strategy != "python_threads") {
    text += (text.empty() ? "" : " ") + best->id.strategy + " on " + threads_text(best->id.threads()) +
            " was " + format_ratio(baseline->item_s() / best->item_s()) + " × as fast as pure Python.";
  }
  return text;
}

std::string title(const Row& row, bool color) {
  return paint(row.id.workload + (row.id.size().empty() ? "" : " " + row.id.size()), kBold, color);
}

std::string summarize_workload(const std::vector<Row>& rows, bool gil_enabled, bool color) {
  const Row* const baseline = baseline_of(rows, rows.front());
  std::size_t width = 0;
  double most_items = 0;
  for (const Row& row : rows) {
    width = std::max(width, row.id.strategy.size());
    if (row.ok()) most_items = std::max(most_items, row.items());
  }
  std::string text = title(rows.front(), color) +
                     (baseline == nullptr ? "\n" : "  (× = how many times faster than pure Python)\n");
  for (const Row& row : rows) text += line(row, baseline, most_items, width, color);
  const std::string shows = sentence(rows, baseline, gil_enabled);
  return text + (shows.empty() ? "" : "  " + shows + "\n");
}

/// What each experiment of the group "gil" is about: a counter, and the words around it.
struct Finding {
  std::string_view counter;
  std::string_view before;
  std::string_view after;
};
constexpr std::array kFindings{
    Finding{"pair_ns", "a pair ", ""},
    Finding{"pair_max_ns", "at most ", ""},
    Finding{"handoff_p50_ns", "p50 ", ""},
    Finding{"handoff_p99_ns", "p99 ", ""},
    Finding{"latency_p50_ns", "p50 ", ""},
    Finding{"latency_p99_ns", "p99 ", ""},
    Finding{"latency_max_ns", "longest ", ""},
    Finding{"python_share_of_alone", "", " of the Python work that gets done alone"},
};

std::string findings_of(const Row& row) {
  std::string text;
  for (const auto& [counter, before, after] : kFindings) {
    const auto found = row.counters.find(std::string(counter));
    if (found == row.counters.end()) continue;
    const std::string value =
        counter.ends_with("_ns") ? format_time(found->second * 1e-9) : format_percent(found->second);
    text += (text.empty() ? "" : ", ") + std::string(before) + value + std::string(after);
  }
  return text;
}

/// The ceilings: what memory gives, whatever is computed.
std::string summarize_memory(const std::vector<Row>& rows, bool color) {
  const auto label = [](const Row& row) {
    const std::string stores = row.id.value_of("stores");
    return row.id.strategy + (stores.empty() ? "" : ", " + stores + " stores");
  };
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, label(row).size());
  std::string text =
      title(rows.front(), color) + "  (what bounds grayscale: its traffic without its arithmetic)\n";
  for (const Row& row : rows) {
    text += "  " + padded(label(row), width) + "  " + padded(threads_text(row.id.threads()), 13);
    const auto rate = row.counters.find("bytes_per_second");
    if (!row.ok()) {
      text += paint("failed: " + stored_message(row.outcome, row.reason), kRed, color);
    } else if (rate != row.counters.end()) {
      text += padded(format_ratio(rate->second * 1e-9), 5, true) + " GB/s";
    }
    text += "\n";
  }
  return text;
}

std::string summarize_gil(const std::vector<Row>& rows, bool color) {
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.name().size());
  std::string text = paint("gil", kBold, color) + "\n";
  for (const Row& row : rows) {
    text += "  " + padded(row.name(), width) + "  " +
            (!row.ok() ? paint(stored_message(row.outcome, row.reason),
                               row.outcome == Outcome::failed ? kRed : kYellow, color)
                       : findings_of(row)) +
            "\n";
  }
  return text;
}

}  // namespace

std::string summarize(const std::vector<Row>& rows, bool gil_enabled, bool color) {
  std::string text;
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last = std::find_if(first, rows.end(), [&](const Row& row) {
      return row.id.workload != first->id.workload || row.id.size() != first->id.size();
    });
    const std::vector<Row> group(first, last);
    text += "\n" + (first->id.workload == "gil"      ? summarize_gil(group, color)
                    : first->id.workload == "memory" ? summarize_memory(group, color)
                                                     : summarize_workload(group, gil_enabled, color));
    first = last;
  }
  return text;
}

}  // namespace harness
