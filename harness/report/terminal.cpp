// harness/report/terminal.cpp: text for a terminal: colours and columns.
#include "harness/report/terminal.h"

#include <algorithm>

namespace harness {
namespace {

bool begins_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

std::string_view rendition_of(Style style) {
  switch (style) {
    case Style::strong:
      return "1";
    case Style::good:
      return "32";
    case Style::bad:
      return "31";
    case Style::doubtful:
      return "33";
    case Style::dim:
      return "2";
    case Style::plain:
      break;
  }
  return "";
}

}  // namespace

std::string paint(const std::string& text, Style style, bool color) {
  const std::string_view rendition = rendition_of(style);
  if (!color || rendition.empty() || text.empty()) return text;
  return "\033[" + std::string(rendition) + "m" + text + "\033[0m";
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_code_point));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t columns = columns_of(text);
  const std::string space(columns < width ? width - columns : 0, ' ');
  return right ? space + text : text + space;
}

std::vector<std::string> pieces_of(const std::string& text, std::size_t width) {
  std::vector<std::string> pieces;
  if (width == 0) return pieces;
  std::size_t columns = 0;
  for (const char c : text) {
    if (begins_code_point(c) && columns++ % width == 0) pieces.emplace_back();
    if (!pieces.empty()) pieces.back() += c;
  }
  return pieces;
}

std::string cut(const std::string& text, std::size_t width) {
  if (columns_of(text) <= width) return text;
  if (width == 0) return "";
  std::size_t columns = 0;
  std::size_t end = 0;
  while (end < text.size() && (columns += begins_code_point(text[end]) ? 1U : 0U) < width) ++end;
  return text.substr(0, end) + "…";
}

}  // namespace harness
