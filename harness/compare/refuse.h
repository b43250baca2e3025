// harness/compare/refuse.h: a file that cannot be compared is the user's mistake.
#pragma once

#include <filesystem>
#include <string>

#include "harness/error.h"

namespace harness {

/// Throws UserError, whose message names the file.
[[noreturn]] inline void refuse(const std::filesystem::path& file, const std::string& why) {
  throw UserError(file.string() + ": " + why);
}

}  // namespace harness
