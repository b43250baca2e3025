// harness/system/text.cpp: small files, lines and words.
#include "harness/system/text.h"

#include <algorithm>
#include <array>
#include <fstream>

namespace harness {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (text.empty()) return parts;
    parts.push_back(text.substr(0, text.find_first_of(separators)));
    text.remove_prefix(parts.back().size());
  }
}

}  // namespace

std::optional<std::string> read_text_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 4096> piece{};
  while (file) {
    file.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return std::nullopt;
  return text;
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  return split(text, "\n");
}

std::vector<std::string_view> words_of(std::string_view text) {
  return split(text, kBlanks);
}

std::string_view value_of(std::string_view text, std::string_view key, char separator) {
  for (const std::string_view line : lines_of(text)) {
    if (!line.starts_with(key)) continue;
    const auto at = line.find(separator, key.size());
    if (at != std::string_view::npos) return trimmed(line.substr(at + 1));
  }
  return {};
}

}  // namespace harness
