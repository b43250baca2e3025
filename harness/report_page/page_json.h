// harness/report_page/page_json.h: what a page is made of, for the program that draws it (results/report.py).
#pragma once

#include <span>
#include <string>

#include "harness/report/document.h"
#include "harness/report_page/page_part.h"

namespace harness {

/// One object: "version" and "commit" of this program, and of each part its "kind", "source", "title",
/// "question", "answers" [[what it is about, the answer], …], "command", "text", "document"; of a run also
/// its "rows", with times in seconds; of a comparison "comparison", as comparison_json() has it; of a
/// timeline its path; of a trace "trace", as summary_json() has it.
std::string page_json(std::span<const PagePart> parts);

}  // namespace harness
