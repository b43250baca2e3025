// harness/compare/cell_text.cpp: a comparison's cells in words, the same in a terminal and in Markdown.
#include "harness/compare/cell_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "harness/compare/machine_contexts.h"
#include "harness/row/counters.h"
#include "harness/row/format.h"

namespace harness {
namespace {

constexpr const char* kNothing = "–";

/// Ratios near 1 matter most, and three digits are too few for them.
std::string exact_ratio(double ratio) {
  if (ratio >= 10) return format_ratio(ratio);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), ratio < 0.1 ? "%.3g" : "%.3f", ratio);
  return text.data();
}

/// A difference of shares in points: "+52.9".
std::string points(double difference) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%+.1f", 100 * difference);
  return text.data();
}

/// "countdown/python/threads:1", "… and …", or "12 rows".
std::string listed(const std::vector<std::string>& rows) {
  if (rows.size() > 2) return counted(rows.size(), "row");
  return rows.size() == 1 ? rows[0] : rows[0] + " and " + rows[1];
}

/// What failed, each reason once a label.
void add_failures(const Comparison& comparison, std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < comparison.labels.size(); ++i) {
    std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
    for (const ComparedRow& row : comparison.rows) {
      const std::string& failure = row.cells[i].failure;
      if (failure.empty()) continue;
      auto known = std::ranges::find(reasons, failure, &decltype(reasons)::value_type::first);
      if (known == reasons.end()) known = reasons.insert(known, {failure, {}});
      known->second.push_back(row.id.name());
    }
    for (const auto& [reason, rows] : reasons) {
      notes.push_back(comparison.labels[i] + ", " + listed(rows) + ": " + reason);
    }
  }
}

/// "3.14, start/break_even/processes: no break-even in 1 of 10 rounds; its value is of the others".
void add_break_evens_not_found(const Comparison& comparison, std::vector<std::string>& notes) {
  for (const ComparedRow& row : comparison.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const Cell& cell = row.cells[i];
      const std::string text = cell.failed() ? "" : no_break_even_text(comparison, cell);
      if (text.empty()) continue;
      notes.push_back(comparison.labels[i] + ", " + row.id.name() + ": " + text + "; its value " +
                      (cell.effect ? "and its ratio are" : "is") + " of the others");
    }
  }
}

void add_open_rows(const Comparison& comparison, std::vector<std::string>& notes) {
  const std::string what = !comparison.paired ? "process" : comparison.sequential ? "round" : "further round";
  const std::string in_all = comparison.paired && !comparison.sequential ? "" : " in all";
  for (const ComparedRow& row : comparison.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (row.cells[i].verdict != Verdict::inconclusive) continue;
      const std::size_t machines = row.cells[i].machines_needed;
      const std::size_t needed = machines > 0 ? machines : row.cells[i].rounds_needed;
      notes.push_back("open: " + row.id.name() + " on " + comparison.labels[i] +
                      (needed == 0 ? ""
                                   : "; about " +
                                         (machines > 0 ? counted(needed, "machine") + " in all"
                                                       : counted(needed, what) + in_all) +
                                         " would decide it"));
    }
  }
}

/// "0.974", "+52.9 points": what a machine's rounds come to.
std::string machine_value(const ComparedRow& row, const MachineEffect& machine) {
  return row.measure.scale == Scale::ratio ? exact_ratio(std::exp(machine.mean))
                                           : points(machine.mean) + " points";
}

/// "node1 0.974, node2 1.204"; of many machines those with the least and the most.
std::string machine_values(const MergedParts& merged, const ComparedRow& row, const Cell& cell) {
  constexpr std::size_t kShown = 8;
  const auto one = [&](const MachineEffect& machine) {
    return merged.machines.at(machine.machine).name + " " + machine_value(row, machine);
  };
  if (cell.machines.size() > kShown) {
    const auto [least, most] = std::ranges::minmax_element(cell.machines, {}, &MachineEffect::mean);
    return one(*least) + " to " + one(*most) + " of " + counted(cell.machines.size(), "machine");
  }
  std::string text;
  for (const MachineEffect& machine : cell.machines) text += (text.empty() ? "" : ", ") + one(machine);
  return text;
}

void add_machines_that_differ(const Comparison& comparison, std::vector<std::string>& notes) {
  if (!comparison.merged) return;
  for (const ComparedRow& row : comparison.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (!row.cells[i].differs_between_machines) continue;
      notes.push_back("differs between machines: " + row.id.name() + " on " + comparison.labels[i] + ": " +
                      machine_values(*comparison.merged, row, row.cells[i]));
    }
  }
}

/// "node1: 3 rounds, AMD EPYC 9R14", and what machines differ in besides.
void add_machines(const Comparison& comparison, std::vector<std::string>& notes) {
  if (!comparison.merged) return;
  for (const ComparedMachine& machine : comparison.merged->machines) {
    notes.push_back("machine " + machine.name + ": " + counted(machine.rounds, "round") +
                    (machine.cpu_model.empty() ? "" : ", " + machine.cpu_model));
  }
  auto differs = comparison.merged->context_differs;
  differs.erase("cpu_model");  // the machines' own notes say it
  for (const std::string& note : machine_difference_notes(differs)) notes.push_back(note);
}

/// "compared by pair_ns, of which less is better: gil/detach_attach and gil/ensure_release".
void add_measures(const Comparison& comparison, std::vector<std::string>& notes) {
  std::vector<std::pair<const Measure*, std::vector<std::string>>> measures;
  for (const ComparedRow& row : comparison.rows) {
    if (row.measure.is_time()) continue;
    auto known = std::ranges::find_if(
        measures, [&](const auto& measure) { return measure.first->key == row.measure.key; });
    if (known == measures.end()) known = measures.insert(known, {&row.measure, {}});
    const std::string name = row.id.workload + "/" + row.id.strategy;
    if (std::ranges::find(known->second, name) == known->second.end()) known->second.push_back(name);
  }
  for (const auto& [measure, rows] : measures) {
    notes.push_back("compared by " + measure->key + ", of which " +
                    (measure->better == Better::lower ? "less" : "more") + " is better: " + listed(rows));
  }
}

/// "5 of 6 rounds on 2 machines; intervals are of what varies between machines".
std::string merged_text(const MergedParts& merged) {
  const std::size_t planned = static_cast<std::size_t>(merged.rounds);
  const std::size_t there = planned - merged.missing_rounds.size();
  return (there == planned ? "" : std::to_string(there) + " of ") + counted(planned, "round") + " on " +
         counted(merged.machines.size(), "machine") +
         (merged.machines.size() > 1 ? "; intervals are of what varies between machines" : "");
}

/// How sure the intervals of gains are, where there are any.
void add_sureness_of_gains(const Comparison& comparison, std::vector<std::string>& notes) {
  const auto has_interval = [](const Cell& cell) {
    return (cell.scaling && cell.scaling->interval) || (cell.speedup && cell.speedup->interval);
  };
  if (std::ranges::any_of(comparison.rows, [&](const ComparedRow& row) {
        return std::ranges::any_of(row.cells, has_interval);
      })) {
    notes.push_back("times faster [" + limit_text(Scale::ratio, comparison.settings.confidence) +
                    " sure of all these together]");
  }
}

void add_counts(const Comparison& comparison, std::vector<std::string>& notes) {
  constexpr std::array kVerdicts{Verdict::faster, Verdict::slower, Verdict::same, Verdict::inconclusive};
  for (std::size_t i = 1; i < comparison.labels.size(); ++i) {
    std::string text;
    for (const Verdict verdict : kVerdicts) {
      const auto count = std::ranges::count_if(
          comparison.rows, [&](const ComparedRow& row) { return row.cells[i].verdict == verdict; });
      if (count == 0) continue;
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(name_of(verdict));
    }
    if (!text.empty())
      notes.push_back(comparison.labels[i] + " against " + comparison.labels[0] + ": " + text);
  }
}

}  // namespace

std::string limit_text(Scale scale, double limit) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.10g", 100 * limit);
  return text.data() + std::string(scale == Scale::ratio ? " %" : " points");
}

std::string value_text(const ComparedRow& row, const Cell& cell) {
  if (cell.failed()) return cell.outcome == Outcome::failed ? "failed" : kNothing;
  return cell.values.empty() ? kNothing : row.measure.text(row.value(cell));
}

std::string effect_text(const ComparedRow& row, const Cell& cell) {
  const auto interval = row.effect_interval(cell);
  if (!interval) return "";
  const bool is_ratio = row.measure.scale == Scale::ratio;
  const auto text = is_ratio ? exact_ratio : points;
  return text(*row.effect(cell)) + (is_ratio ? "" : " points") + " [" + text(interval->low) + ", " +
         text(interval->high) + "]";
}

std::string verdict_text(const Cell& cell) {
  return cell.verdict ? std::string(name_of(*cell.verdict)) : "";
}

std::string verdict_text(const Comparison& comparison, const ComparedRow& row, const Cell& cell) {
  const std::string verdict = verdict_text(cell);
  if (cell.machines.empty() || cell.verdict == Verdict::inconclusive) return verdict;
  const std::size_t agreeing = row.machines_agreeing(cell, comparison.settings.margin);
  return verdict + " on " + std::to_string(agreeing) + " of " + counted(cell.machines.size(), "machine");
}

std::string no_break_even_text(const Comparison& comparison, const Cell& cell) {
  if (cell.without_break_even == 0) return "";
  return "no break-even in " + std::to_string(cell.without_break_even) + " of " +
         counted(cell.without_break_even + cell.values.size(), comparison.paired ? "round" : "process");
}

std::string gain_text(const std::optional<Gain>& gain) {
  if (!gain) return "";
  const std::string times = format_ratio(gain->times) + " ×";
  if (!gain->interval) return times;
  return times + " [" + format_ratio(gain->interval->low) + ", " + format_ratio(gain->interval->high) + "]";
}

std::string gil_text(const Cell& cell) {
  std::string text;
  for (const CounterInfo& info : counter_table()) {
    const auto found = cell.counters.find(std::string(info.name));
    if (!info.shown.cells || found == cell.counters.end()) continue;
    text += (text.empty() ? "" : ", ") + worded(info, found->second);
  }
  return text;
}

std::string heading_text(const Comparison& comparison) {
  std::size_t processes = 0;
  for (const ComparedRow& row : comparison.rows) {
    for (const Cell& cell : row.cells) processes = std::max(processes, cell.times_s.size());
  }
  const auto reported = static_cast<std::size_t>(comparison.first_round - 1);
  const std::string left_out =
      reported == 0 ? "" : "; without the " + counted(reported, "round") + " reported before";
  const bool by_time =
      std::ranges::all_of(comparison.rows, [](const ComparedRow& row) { return row.measure.is_time(); });
  const std::string ratio_to =
      by_time ? "time and its ratio to " : "what rows are compared by, and its ratio or difference to ";
  const std::string rounds = comparison.paired ? counted(processes, "round") : "unpaired runs";
  if (comparison.part) {
    return (by_time ? "time" : "what rows are compared by") + ("; " + rounds) + ", part " +
           std::to_string(comparison.part->part) + " of " + std::to_string(comparison.part->parts) + " of " +
           counted(static_cast<std::size_t>(comparison.part->rounds), "round") +
           "; verdicts come once harness merge has put all parts together";
  }
  return ratio_to + comparison.labels.front() + "'s [" +
         limit_text(Scale::ratio, comparison.settings.confidence) + " sure of all together], " +
         (comparison.merged ? merged_text(*comparison.merged) : rounds) + "; same: within " +
         limit_text(Scale::ratio, comparison.settings.margin) + left_out;
}

std::vector<std::string> notes_of(const Comparison& comparison) {
  std::vector<std::string> notes;
  add_sureness_of_gains(comparison, notes);
  add_measures(comparison, notes);
  add_failures(comparison, notes);
  add_break_evens_not_found(comparison, notes);
  add_open_rows(comparison, notes);
  add_machines_that_differ(comparison, notes);
  add_counts(comparison, notes);
  add_machines(comparison, notes);
  return notes;
}

std::vector<std::vector<const ComparedRow*>> by_workload(const Comparison& comparison) {
  std::vector<std::vector<const ComparedRow*>> groups;
  for (const ComparedRow& row : comparison.rows) {
    const auto known = std::ranges::find_if(
        groups, [&](const auto& group) { return group.front()->id.workload == row.id.workload; });
    if (known != groups.end()) {
      known->push_back(&row);
    } else {
      groups.push_back({&row});
    }
  }
  return groups;
}

std::string experiment_of(const ComparedRow& row) {
  return row.id.strategy.empty() ? row.id.workload : row.id.name_in_workload();
}

}  // namespace harness
