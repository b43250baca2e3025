// harness/gil_trace/gil_report.cpp: who held, who waited, and for how long.
#include "harness/gil_trace/gil_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "harness/gil_trace/analysis.h"

namespace harness::gil_trace {
namespace {

using Lengths = std::vector<std::int64_t>;

// "12.3 µs": three digits and a unit.
std::string duration(std::int64_t ns) {
  struct Unit {
    double ns;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits{{{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}, {1, "ns"}}};
  const auto value = static_cast<double>(ns);
  const auto unit =
      std::ranges::find_if(kUnits, [&](const Unit& one) { return value >= one.ns || one.ns == 1; });
  const double scaled = value / unit->ns;
  const int decimals = unit->ns == 1 || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f %s", decimals, scaled, unit->name);
  return text.data();
}

std::string duration(std::optional<std::int64_t> ns) {
  return ns ? duration(*ns) : "-";
}

std::string share(std::int64_t ns, std::int64_t of_ns) {
  if (of_ns <= 0) return "-";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %%",
                100 * static_cast<double>(ns) / static_cast<double>(of_ns));
  return text.data();
}

// Columns on a terminal: the bytes that do not continue a UTF-8 character.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t to, bool right) {
  const std::string blanks(to > width(text) ? to - width(text) : 0, ' ');
  return right ? blanks + std::string(text) : std::string(text) + blanks;
}

// Lines of cells, the first the headings; all columns but the first stand at the right.
std::string table(const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  }
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += (i == 0 ? "" : "  ") + padded(line[i], widths[i], i != 0);
    }
    text += '\n';
  }
  return text;
}

// As Linux writes a list of CPUs: "0-3,7".
std::string cpu_list(const std::set<trace::CpuNumber>& cpus) {
  std::string text;
  for (auto first = cpus.begin(); first != cpus.end();) {
    auto last = first;
    while (std::next(last) != cpus.end() && *std::next(last) == *last + 1) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(*first);
    if (last != first) text += '-' + std::to_string(*last);
    first = std::next(last);
  }
  return text.empty() ? "-" : text;
}

// Those on which the events of `use` happened.
std::set<trace::CpuNumber> cpus_of(const TimelineFile& file, const ThreadUse& use) {
  std::set<trace::CpuNumber> cpus;
  for (const Event& event : file.recording.threads[use.thread].events) {
    if (event.gil == use.gil && event.cpu != trace::kUnknownCpu) cpus.insert(event.cpu);
  }
  return cpus;
}

std::vector<std::string> cells(std::string name, std::string gil, const GilUse& use, std::int64_t wall_ns) {
  return {std::move(name),
          std::move(gil),
          std::to_string(use.acquires),
          duration(use.held_ns()),
          share(use.held_ns(), wall_ns),
          duration(use.wait_ns()),
          share(use.wait_ns(), wall_ns),
          duration(percentile(use.waits_ns, 100)),
          duration(percentile(use.holds_ns, 100)),
          std::to_string(use.handoffs_ns.size()),
          duration(percentile(use.handoffs_ns, 50))};
}

std::string thread_table(const TimelineFile& file, const Analysis& analysis) {
  const std::int64_t wall_ns = file.window.length_ns();
  std::vector<std::vector<std::string>> lines{{"thread", "GIL", "acquires", "held", "share", "waiting",
                                               "share", "longest wait", "longest hold", "hand-offs",
                                               "hand-off p50"}};
  std::vector<std::set<trace::CpuNumber>> cpus;
  for (const ThreadUse& use : analysis.uses) {
    lines.push_back(
        cells(file.recording.threads[use.thread].name, std::to_string(use.gil), use.use, wall_ns));
    cpus.push_back(cpus_of(file, use));
  }
  if (analysis.uses.size() > 1) {
    lines.push_back(cells("all", "", analysis.total(), wall_ns));
    std::set<trace::CpuNumber> all;
    for (const auto& some : cpus) all.insert(some.begin(), some.end());
    cpus.push_back(std::move(all));
  }
  // A file of version 1 does not tell.
  if (!cpus.back().empty()) {
    lines.front().emplace_back("CPUs");
    for (std::size_t i = 0; i < cpus.size(); ++i) lines[i + 1].push_back(cpu_list(cpus[i]));
  }
  return table(lines);
}

std::string switches(const GilUse& all) {
  std::string text = "switches: " + std::to_string(all.switches);
  if (all.switches > 0 && all.switches_same_core + all.switches_other_core == all.switches) {
    text += ", " + std::to_string(all.switches_same_core) + " of them within a core, " +
            std::to_string(all.switches_other_core) + " from one to another";
  }
  return text + '\n';
}

// The bins of a histogram: 1, 2, 5, 10, 20, 50, … ns, each up to the next.
std::vector<std::int64_t> bin_begins(std::int64_t longest_ns) {
  std::vector<std::int64_t> begins{0};
  for (std::int64_t decade = 1; begins.back() <= longest_ns; decade *= 10) {
    for (const std::int64_t step : {1, 2, 5}) begins.push_back(step * decade);
  }
  return begins;
}

std::string bar(std::size_t count, std::size_t most) {
  constexpr double kColumns = 40;
  constexpr std::array<const char*, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double length = kColumns * static_cast<double>(count) / static_cast<double>(most);
  // Never nothing for something.
  const auto eighths = std::max<std::size_t>(count > 0, static_cast<std::size_t>(std::lround(length * 8)));
  std::string text;
  for (std::size_t full = 0; full < eighths / 8; ++full) text += "█";
  return text + kEighths[eighths % 8];
}

std::string histogram(std::string_view title, const Lengths& lengths_ns, bool colour,
                      const char* colour_code) {
  std::string text = std::string(title) + ": ";
  if (lengths_ns.empty()) return text + "none\n";
  text += std::to_string(lengths_ns.size()) + ", p50 " + duration(percentile(lengths_ns, 50)) + ", p90 " +
          duration(percentile(lengths_ns, 90)) + ", p99 " + duration(percentile(lengths_ns, 99)) +
          ", longest " + duration(percentile(lengths_ns, 100)) + '\n';
  const std::vector<std::int64_t> begins = bin_begins(std::ranges::max(lengths_ns));
  std::vector<std::size_t> counts(begins.size());
  for (const std::int64_t length_ns : lengths_ns) {
    ++counts[static_cast<std::size_t>(std::ranges::upper_bound(begins, length_ns) - begins.begin() - 1)];
  }
  const auto used = [](std::size_t count) { return count > 0; };
  const auto first = static_cast<std::size_t>(std::ranges::find_if(counts, used) - counts.begin());
  const std::size_t most = std::ranges::max(counts);
  for (std::size_t bin = first; bin < counts.size() && begins[bin] <= std::ranges::max(lengths_ns); ++bin) {
    text += "  " + padded(duration(begins[bin]), 8, true) + " ┤";
    text += colour ? colour_code + bar(counts[bin], most) + "\033[0m" : bar(counts[bin], most);
    text += ' ' + std::to_string(counts[bin]) + '\n';
  }
  return text;
}

std::string joined(const std::vector<std::string>& stack) {
  std::string text;
  for (const std::string& function : stack) text += (text.empty() ? "" : " < ") + function;
  return text;
}

// Of any number, which a file may have made up.
std::string rounded(double count) {
  return std::to_string(std::llround(count));
}

std::string sites_table(const std::vector<ContentionSite>& sites) {
  if (sites.empty()) return "";
  std::vector<std::vector<std::string>> lines{{"waited for", "parks", "parked", "spins", "spinning"}};
  std::string stacks;
  for (const ContentionSite& site : sites) {
    const std::string number = std::to_string(lines.size()) + "  ";
    lines.push_back({number + site.what, rounded(site.parks), duration(std::llround(site.park_ns)),
                     rounded(site.spins), duration(std::llround(site.spin_ns))});
    stacks += number + joined(site.stack) + '\n';
  }
  return '\n' + table(lines) + '\n' + stacks;
}

std::string stops_table(const std::vector<WorldStops>& all) {
  if (all.empty()) return "";
  std::vector<std::vector<std::string>> lines{
      {"world stopped for", "stops", "to stop", "stopped", "longest", "asked by", "last to stop"}};
  for (const WorldStops& stops : all) {
    lines.push_back({stops.why, rounded(stops.stops), duration(std::llround(stops.stopping_ns)),
                     duration(std::llround(stops.stopped_ns)), duration(stops.longest_ns), stops.requester,
                     stops.last.empty() ? "-" : stops.last});
  }
  return '\n' + table(lines);
}

// An iteration's; "" where nobody waited for anything but the GIL.
std::string contention_text(const Contention& contention) {
  return sites_table(contention.sites) + stops_table(contention.stops);
}

std::string heading(const TimelineFile& file, const Analysis& analysis) {
  std::string text;
  for (const auto& [key, value] : file.metadata) text += key + ": " + value + '\n';
  text += "wall time: " + duration(file.window.length_ns()) + '\n';
  if (file.left_out > 0) {
    text += "not the whole: the file holds the first " + duration(file.window.length_ns()) + " of " +
            duration(file.whole_window_ns) + "; " + std::to_string(file.left_out) +
            " spans and timeouts were left out\n";
  }
  if (file.dropped_events > 0) {
    text += "not the whole: " + std::to_string(file.dropped_events) +
            " events were dropped while recording, their threads' buffers being full\n";
  }
  if (!analysis.failure.empty()) text += "do not trust what follows: " + analysis.failure + '\n';
  return text;
}

}  // namespace

std::string gil_report(const TimelineFile& file, bool colour) {
  const Analysis analysis = analyse(file.recording, file.window, file.cores);
  const std::string head = heading(file, analysis) + '\n';
  const std::string locks = contention_text(file.contention);
  if (analysis.uses.empty()) return head + "No thread acquired, held or waited for a GIL.\n" + locks;
  const GilUse all = analysis.total();
  return head + thread_table(file, analysis) + '\n' + switches(all) + '\n' +
         histogram("waits", all.waits_ns, colour, "\033[33m") + '\n' +
         histogram("holds", all.holds_ns, colour, "\033[32m") + locks;
}

}  // namespace harness::gil_trace
