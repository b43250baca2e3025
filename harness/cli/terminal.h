// harness/cli/terminal.h: what standard output and standard error can show.
#pragma once

#include <cstddef>
#include <string>

namespace harness {

/// Columns of the terminal that `descriptor` is; 0 where it is none.
std::size_t width_of_terminal(int descriptor);

/// Of standard output; kNoTerminalWidth where it is no terminal.
std::size_t width_of_output();

/// `when` is auto, always or never; auto is for a terminal, unless NO_COLOR is set (no-color.org).
bool color_wanted(const std::string& when);

/// Whether bars are drawn. auto is for a terminal with UTF-8: other encodings have not their characters.
bool accounts_wanted(const std::string& when);

}  // namespace harness
