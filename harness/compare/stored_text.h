// harness/compare/stored_text.h: the text of a file that is compared, within its limits.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace harness {

/// The whole of `file`. Throws UserError, which names it, where it cannot be read, which `unread` then says,
/// or is larger than kMostFileBytes.
std::string stored_text(const std::filesystem::path& file, const std::string& unread);

/// Throws UserError, which names `file`, where its `text` has more than kMostJsonLevels.
void check_levels(std::string_view text, const std::filesystem::path& file);

}  // namespace harness
