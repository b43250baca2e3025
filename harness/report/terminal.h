// harness/report/terminal.h: text for a terminal: colours, and columns that line up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace harness {

inline constexpr std::string_view kBold = "1";
inline constexpr std::string_view kRed = "31";
inline constexpr std::string_view kGreen = "32";
inline constexpr std::string_view kYellow = "33";

/// ECMA-48 "select graphic rendition" around `text`.
std::string paint(const std::string& text, std::string_view style, bool color);

/// How many columns UTF-8 `text` takes, every code point one. Without colours in it.
std::size_t columns_of(const std::string& text);

/// With blanks to `width` columns, behind it or, where `right`, before it.
std::string padded(const std::string& text, std::size_t width, bool right = false);

/// A text and how it is painted; "" not at all.
struct TableCell {
  std::string text;
  std::string_view style = {};
};

/// Lines of cells in columns that are as wide as their widest cell, two blanks between; each line ends with
/// "\n" and without blanks before it. `indent` blanks come first.
std::string table_text(const std::vector<std::vector<TableCell>>& lines, std::size_t indent, bool color);

}  // namespace harness
