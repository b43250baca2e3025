// harness/tracer/summary_document.h: a Summary for people, and for programs.
#pragma once

#include <string>

#include "harness/report/console_text.h"
#include "harness/report/document.h"
#include "harness/tracer/summary.h"

namespace harness::tracer {

/// What --report's file says it is.
inline constexpr int kReportSchema = 1;

Document summary_document(const Summary& summary);

/// "encoder_call (_json)", "Python code", "planted_sleep (planted), in nanosleep"; "not known".
std::string culprit_text(const LongHoldSummary& hold);

/// The document for a terminal, whole.
std::string report_text(const Summary& summary, const Screen& screen);

/// All of it as one JSON object: times in nanoseconds, what was not seen absent.
std::string summary_json(const Summary& summary);

}  // namespace harness::tracer
