// harness/report_page/answer.h: what a page asks, and what answers it, in a sentence each.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/compare/comparison.h"
#include "harness/gil_trace/timeline_file.h"
#include "harness/report/document.h"
#include "harness/row/row.h"

namespace harness {

/// What an answer is about, and the answer.
using Answers = std::vector<std::pair<std::string, std::string>>;

/// "How fast are countdown and grayscale on CPython 3.14.7t, on 1 and 2 threads, and why?"
std::string question_of(const std::vector<Row>& rows, const std::string& interpreter);

/// What each section of the run's document says.
Answers answers_of(const Document& document);

/// "Is 3.14t faster than 3.14?"
std::string question_of(const Comparison& comparison);

/// Of each other interpreter: how many rows came out how, and the row that differs most for certain, with its
/// interval.
Answers answers_of(const Comparison& comparison);

/// Of each GIL: for how much of the timeline it was held, how often it changed threads, and who waited how
/// long. Where there was none to wait for: what locks cost.
Answers answers_of(const gil_trace::TimelineFile& timeline);

}  // namespace harness
