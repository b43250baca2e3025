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
#include "harness/tracer/summary.h"

namespace harness {

/// What an answer is about, and the answer.
using Answers = std::vector<std::pair<std::string, std::string>>;

/// "How fast are countdown and grayscale on CPython 3.14.7t, on 1 and 2 threads?"; of rows of the
/// GIL's own and of what ways cost what they are about.
std::string question_of(const std::vector<Row>& rows, const std::string& interpreter);

/// What each section of the run's document says; where one says nothing, what its rows came to.
Answers answers_of(const Document& document, const std::vector<Row>& rows);

/// "Is 3.14t faster than 3.14?"
std::string question_of(const Comparison& comparison);

/// Of each other interpreter: how many rows came out how, those that failed among them, and the row that
/// differs most for certain, with its interval.
Answers answers_of(const Comparison& comparison);

/// Whether any thread waited for a GIL; or held one, on an interpreter that has one as it runs.
bool is_about_a_gil(const gil_trace::TimelineFile& timeline);

/// Of each GIL: for how much of the timeline it was held, how often it changed threads, and who waited how
/// long. And what waiting for locks cost.
Answers answers_of(const gil_trace::TimelineFile& timeline);

/// "app.py" of "/usr/bin/python3 -X dev src/app.py --fast"; "-c …" and "-m MODULE" as they were given.
std::string program_name(const tracer::Summary& summary);

/// "Who held the GIL in app.py, and who waited for it?"
std::string question_of(const tracer::Summary& summary, const std::string& program);

/// What the trace's document says of GILs, who kept one longest though asked for it, and what else most time
/// was waited for.
Answers answers_of(const tracer::Summary& summary, const Document& document);

}  // namespace harness
