// harness/report/terminal.cpp: text for a terminal: colours, and columns that line up.
#include "harness/report/terminal.h"

#include <algorithm>

namespace harness {

std::string paint(const std::string& text, std::string_view style, bool color) {
  return color && !style.empty() ? "\033[" + std::string(style) + "m" + text + "\033[0m" : text;
}

std::size_t columns_of(const std::string& text) {
  // Columns, not bytes: a continuation byte of UTF-8 takes no column.
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t columns = columns_of(text);
  const std::string space(columns < width ? width - columns : 0, ' ');
  return right ? space + text : text + space;
}

std::string table_text(const std::vector<std::vector<TableCell>>& lines, std::size_t indent, bool color) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], columns_of(line[i].text));
  }
  std::string text;
  for (const auto& line : lines) {
    std::string shown;
    std::size_t blanks = indent;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (!line[i].text.empty()) {
        shown += std::string(blanks, ' ') + paint(line[i].text, line[i].style, color);
        blanks = 0;
      }
      blanks += widths[i] - columns_of(line[i].text) + 2;
    }
    text += shown + "\n";
  }
  return text;
}

}  // namespace harness
