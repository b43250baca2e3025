// harness/report/markdown.h: a Document as Markdown, to paste into an issue.
#pragma once

#include <string>

#include "harness/report/document.h"

namespace harness {

/// A heading a section, its tables as GitHub's Markdown has them, however wide; then notes and warnings as
/// lists.
std::string markdown_text(const Document& document);

}  // namespace harness
