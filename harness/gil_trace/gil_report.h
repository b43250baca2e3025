// harness/gil_trace/gil_report.h: a timeline as text for the terminal.
#pragma once

#include <string>

#include "harness/gil_trace/timeline_file.h"

namespace harness::gil_trace {

/// A table with a line for each thread and GIL, then histograms of waits and holds on a logarithmic scale.
/// Says before that what is missing (left out, dropped) and whether the self-check failed. `colour`: with
/// ANSI escapes.
std::string gil_report(const TimelineFile& file, bool colour);

}  // namespace harness::gil_trace
