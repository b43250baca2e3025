// harness/compare/stored_text.cpp: the text of a file that is compared, within its limits.
#include "harness/compare/stored_text.h"

#include "harness/compare/refuse.h"
#include "harness/system/text.h"

namespace harness {

std::string stored_text(const std::filesystem::path& file, const std::string& unread) {
  try {
    std::optional<std::string> text = read_stored_file(file);
    if (text) return *std::move(text);
  } catch (const FileTooLarge& error) {
    refuse(file, error.what());
  }
  refuse(file, unread);
}

void check_levels(std::string_view text, const std::filesystem::path& file) {
  if (has_more_levels(text)) {
    refuse(file, "it has more than " + std::to_string(kMostJsonLevels) + " levels");
  }
}

}  // namespace harness
