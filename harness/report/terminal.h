// harness/report/terminal.h: text for a terminal: colours and columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/report/document.h"

namespace harness {

/// ECMA-48 "select graphic rendition" around `text`, where there is colour.
std::string paint(const std::string& text, Style style, bool color);

/// How many columns UTF-8 `text` takes, every code point one. Without colours in it.
std::size_t columns_of(std::string_view text);

/// With blanks to `width` columns, behind it or, where `right`, before it.
std::string padded(const std::string& text, std::size_t width, bool right = false);

/// All of UTF-8 `text`, in pieces of `width` columns each, the last of them of what is left; none where it or
/// `width` is empty.
std::vector<std::string> pieces_of(const std::string& text, std::size_t width);

/// The first `width` columns of UTF-8 `text`, the last of them "…" where something is left out.
std::string cut(const std::string& text, std::size_t width);

}  // namespace harness
