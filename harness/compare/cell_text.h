// harness/compare/cell_text.h: a comparison's cells in words, the same in a terminal and in Markdown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/compare/comparison.h"

namespace harness {

/// "5 %", of shares "5 points".
std::string limit_text(Scale scale, double limit);

/// "41.2 ms", or what else the row is compared by: "54.0 %"; "failed"; "–" where the experiment has no
/// meaning there or nothing was timed.
std::string value_text(const ComparedRow& row, const Cell& cell);

/// "0.974 [0.951, 0.998]", of shares "+52.9 points [+50.1, +55.7]"; empty where there is none.
std::string effect_text(const ComparedRow& row, const Cell& cell);

/// "faster"; empty where there is none.
std::string verdict_text(const Cell& cell);

/// The same; where the comparison was put together from parts "faster on 3 of 4 machines", see
/// ComparedRow::machines_agreeing().
std::string verdict_text(const Comparison& comparison, const ComparedRow& row, const Cell& cell);

/// "no break-even in 1 of 10 rounds"; empty where one was found in all, or in too few.
std::string no_break_even_text(const Comparison& comparison, const Cell& cell);

/// "1.78 × [1.70, 1.86]"; empty where there is none.
std::string gain_text(const std::optional<Gain>& gain);

/// "GIL wait 49.8 %, GIL held 99.9 %, 61 switches"; empty where nothing of it was measured.
std::string gil_text(const Cell& cell);

/// What every reader must know of the table: what the ratios are, how sure, and on how many processes.
std::string heading_text(const Comparison& comparison);

/// A line each: how sure gains are, what failed and why, where a break-even was not always found, which rows
/// are still open and about how many rounds they would need, which differ between machines and what they are
/// there, of each interpreter how many rows came out how, and the machines.
std::vector<std::string> notes_of(const Comparison& comparison);

/// The rows of each workload, in their order.
std::vector<std::vector<const ComparedRow*>> by_workload(const Comparison& comparison);

/// The row's name without its workload.
std::string experiment_of(const ComparedRow& row);

}  // namespace harness
