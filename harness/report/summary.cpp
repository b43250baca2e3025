// harness/report/summary.cpp: what a run shows, in the spirit of the talk's own summary.
#include "harness/report/summary.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/report/format.h"
#include "harness/report/terminal.h"

namespace harness {
namespace {

std::string_view style_of(double speedup) {
  if (speedup >= 1.05) return kGreen;
  return speedup <= 0.95 ? kRed : kYellow;
}

std::string threads_text(int threads) {
  return std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

std::string line(const Row& row, const Row* baseline, std::size_t width, bool color) {
  const std::string label = "  " + padded(row.strategy, width) + "  " + padded(threads_text(row.threads), 13);
  if (row.failed())
    return label + paint((row.applies ? "failed: " : "") + row.error, row.applies ? kRed : kYellow, color) +
           "\n";
  const std::string time = padded(format_time(row.median_s()), 9, true);
  if (baseline == nullptr || &row == baseline) return label + time + "\n";
  const double speedup = baseline->median_s() / row.median_s();
  return label + time + "  " +
         paint(padded(format_ratio(speedup) + " ×", 9, true), style_of(speedup), color) + "\n";
}

/// The row of `strategy` that finished first, or null.
const Row* fastest(const std::vector<Row>& rows, const std::string& strategy) {
  const Row* best = nullptr;
  for (const Row& row : rows) {
    if (row.failed() || (!strategy.empty() && row.strategy != strategy)) continue;
    if (best == nullptr || row.median_s() < best->median_s()) best = &row;
  }
  return best;
}

/// The python_threads row with the most threads, or null where none has more than one.
const Row* widest_python(const std::vector<Row>& rows) {
  const Row* widest = nullptr;
  for (const Row& row : rows) {
    if (row.failed() || row.strategy != "python_threads" || row.threads < 2) continue;
    if (widest == nullptr || row.threads > widest->threads) widest = &row;
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
  const double slower = threaded.median_s() / baseline.median_s();
  const bool same = slower >= 0.95 && slower <= 1.05;
  const std::string how = (same ? "" : format_ratio(slower) + " × ") + "as long as one";
  return std::to_string(threaded.threads) + " Python threads took " + how + because(threaded, gil_enabled);
}

std::string sentence(const std::vector<Row>& rows, const Row* baseline, bool gil_enabled) {
  if (baseline == nullptr) return "";
  std::string text;
  if (const Row* const threaded = widest_python(rows)) {
    text += about_threads(*threaded, *baseline, gil_enabled);
  }
  const Row* const best = fastest(rows, "");
  if (best != nullptr && best != baseline && best->strategy != "python_threads") {
    text += (text.empty() ? "" : " ") + best->strategy + " on " + threads_text(best->threads) + " was " +
            format_ratio(baseline->median_s() / best->median_s()) + " × as fast as pure Python.";
  }
  return text;
}

std::string summarize_workload(const std::vector<Row>& rows, bool gil_enabled, bool color) {
  const Row* const baseline = baseline_of(rows, rows.front().workload);
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.strategy.size());
  std::string text = paint(rows.front().workload, kBold, color) +
                     (baseline == nullptr ? "\n" : "  (× = how many times faster than pure Python)\n");
  for (const Row& row : rows) text += line(row, baseline, width, color);
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

std::string summarize_gil(const std::vector<Row>& rows, bool color) {
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.name.size());
  std::string text = paint("gil", kBold, color) + "\n";
  for (const Row& row : rows) {
    text += "  " + padded(row.name, width) + "  " +
            (row.failed() ? paint(row.error, row.applies ? kRed : kYellow, color) : findings_of(row)) + "\n";
  }
  return text;
}

}  // namespace

std::string summarize(const std::vector<Row>& rows, bool gil_enabled, bool color) {
  std::string text;
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last =
        std::find_if(first, rows.end(), [&](const Row& row) { return row.workload != first->workload; });
    const std::vector<Row> group(first, last);
    text += "\n" + (first->workload == "gil" ? summarize_gil(group, color)
                                             : summarize_workload(group, gil_enabled, color));
    first = last;
  }
  return text;
}

}  // namespace harness
