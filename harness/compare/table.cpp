// harness/compare/table.cpp: a comparison as people read it: in a terminal, and as Markdown for an issue.
#include "harness/compare/table.h"

#include <algorithm>
#include <functional>

#include "harness/compare/cell_text.h"
#include "harness/report/terminal.h"

namespace harness {
namespace {

using Line = std::vector<TableCell>;
using Group = std::vector<const ComparedRow*>;
using TextOf = std::function<std::string(const Cell&)>;

// Of the interpreters that are compared with the first, which begins each band.
constexpr std::size_t kInABand = 3;

std::string_view style_of(const Cell& cell) {
  if (cell.failed()) return cell.outcome == Outcome::failed ? kRed : kYellow;
  if (cell.verdict == Verdict::faster) return kGreen;
  if (cell.verdict == Verdict::slower) return kRed;
  return cell.verdict == Verdict::inconclusive ? kYellow : std::string_view{};
}

/// The columns [first, last) besides the first interpreter's.
std::string band(const Comparison& comparison, const Group& rows, std::size_t first, std::size_t last,
                 bool color) {
  std::vector<Line> lines{{{""}, {comparison.labels.front(), kBold}}};
  for (std::size_t i = first; i < last; ++i) {
    lines[0].insert(lines[0].end(), {{comparison.labels[i], kBold}, {""}, {""}});
  }
  for (const ComparedRow* const row : rows) {
    Line line{{experiment_of(*row)}, {time_text(row->cells[0]), style_of(row->cells[0])}};
    for (std::size_t i = first; i < last; ++i) {
      const Cell& cell = row->cells[i];
      line.insert(line.end(), {{time_text(cell), cell.failed() ? style_of(cell) : std::string_view{}},
                               {ratio_text(cell)},
                               {verdict_text(cell), style_of(cell)}});
    }
    lines.push_back(std::move(line));
  }
  return table_text(lines, 2, color);
}

/// A table of what `text_of` says of each cell; empty where it says nothing.
std::string extra(const Comparison& comparison, const Group& rows, const std::string& title,
                  const TextOf& text_of, bool color) {
  Line head{{title}};
  for (const std::string& label : comparison.labels) head.push_back({label});
  std::vector<Line> lines{head};
  for (const ComparedRow* const row : rows) {
    Line line{{experiment_of(*row)}};
    for (const Cell& cell : row->cells) line.push_back({text_of(cell)});
    if (std::ranges::any_of(line.begin() + 1, line.end(),
                            [](const TableCell& cell) { return !cell.text.empty(); })) {
      lines.push_back(std::move(line));
    }
  }
  return lines.size() == 1 ? "" : "\n" + table_text(lines, 2, color);
}

std::string workload_text(const Comparison& comparison, const Group& rows, bool color) {
  std::string text = paint(rows.front()->id.workload, kBold, color) + "\n";
  std::size_t first = 1;
  do {
    const std::size_t last = std::min(first + kInABand, comparison.labels.size());
    text += (first == 1 ? "" : "\n") + band(comparison, rows, first, last, color);
    first = last;
  } while (first < comparison.labels.size());
  text += extra(comparison, rows, "times faster than its own one thread", scaling_text, color);
  text += extra(comparison, rows, "the GIL", gil_text, color);
  return text;
}

/// A "|" within a cell would end it.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result;
}

std::string markdown_cell(const Cell& cell) {
  std::string text = time_text(cell);
  if (const std::string ratio = ratio_text(cell); !ratio.empty()) text += ", " + ratio;
  if (cell.verdict) text += " **" + verdict_text(cell) + "**";
  if (const std::string scaling = scaling_text(cell); !scaling.empty())
    text += "; " + scaling + " its one thread";
  if (const std::string gil = gil_text(cell); !gil.empty()) text += "; GIL " + gil;
  return escaped(text);
}

}  // namespace

std::string comparison_text(const Comparison& comparison, bool color) {
  std::string text;
  for (const Group& group : by_workload(comparison)) {
    text += "\n" + workload_text(comparison, group, color);
  }
  text += "\n" + heading_text(comparison) + "\n";
  for (const std::string& note : notes_of(comparison)) text += note + "\n";
  return text;
}

std::string comparison_markdown(const Comparison& comparison) {
  std::string text;
  for (const Group& group : by_workload(comparison)) {
    text += "| " + escaped(group.front()->id.workload) + " |";
    for (const std::string& label : comparison.labels) text += " " + escaped(label) + " |";
    text += "\n| --- |";
    for (std::size_t i = 0; i < comparison.labels.size(); ++i) text += " --- |";
    text += "\n";
    for (const ComparedRow* const row : group) {
      text += "| " + escaped(experiment_of(*row)) + " |";
      for (const Cell& cell : row->cells) text += " " + markdown_cell(cell) + " |";
      text += "\n";
    }
    text += "\n";
  }
  text += heading_text(comparison) + "\n";
  for (const std::string& note : notes_of(comparison)) text += "- " + escaped(note) + "\n";
  return text;
}

}  // namespace harness
