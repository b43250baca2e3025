// harness/tracer/stored_summary.h: what harness trace --report wrote, read back.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/tracer/summary.h"

namespace harness::tracer {

/// Whether a file that begins so is summary_json()'s.
bool is_stored_summary(std::string_view begin);

/// The summary of which `text`, that of `file`, is the JSON; its texts are printable. Throws UserError, which
/// names the file, where it is none: where something is missing or of another type, or a number is below 0.
Summary stored_summary_of(const std::string& text, const std::filesystem::path& file);

}  // namespace harness::tracer
