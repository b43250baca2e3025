// harness/compare/table.h: a comparison as people read it: in a terminal, and as Markdown for an issue.
#pragma once

#include <string>

#include "harness/compare/comparison.h"

namespace harness {

/// A table a workload: rows are experiments, columns interpreters, cells the time and its ratio to the first
/// interpreter's with its interval and verdict; then what each gains by more threads, and what the GIL did;
/// then the notes. More interpreters than fit beside one another come in several bands.
std::string comparison_text(const Comparison& comparison, bool color);

/// The same in Markdown, one wide table a workload.
std::string comparison_markdown(const Comparison& comparison);

}  // namespace harness
