// harness/report/console_text.h: a Document for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/report/document.h"

namespace harness {

inline constexpr std::size_t kColumnGap = 2;  ///< blanks between two columns of a table

/// Where a text is shown.
struct Screen {
  std::size_t width = 100;  ///< columns
  bool color = false;
  bool accounts = false;  ///< draws those of a run's rows
};

/// Sections and notes, no line wider than the screen but for a name that is. Facts and warnings are the
/// caller's to place. A table whose columns do not fit beside one another comes in several bands, each with
/// the columns that are kept. Where a band does not fit, a row's name has a line of its own above its values,
/// and what stands above a column has several lines: neither is ever cut. A value is, where it does not fit
/// even so. Titles that tables share stand once above all sections where they fit in one band, else once
/// above a band of a section, and where even one does not fit so, once above a band of tables with as many
/// columns.
std::string console_text(const Document& document, const Screen& screen);

/// One section of it, without the empty line before it.
std::string section_text(const Section& section, const Screen& screen);

/// The lines of a table, each with `indent` blanks before it.
std::string table_text(const Table& table, std::size_t indent, const Screen& screen);

/// `widths` are the columns': the line that they make of `cells`.
std::string line_text(const Table& table, const std::vector<TableCell>& cells,
                      const std::vector<std::size_t>& widths, std::size_t indent, bool color);

/// The same, with the first of the cells, a name, in a line of its own before it where it is wider than its
/// column.
std::string row_text(const Table& table, const std::vector<TableCell>& cells,
                     const std::vector<std::size_t>& widths, std::size_t indent, bool color);

/// `text` in lines of at most the screen's width, each with `indent` blanks before it. A word that is longer
/// has a line of its own.
std::string wrapped(const std::string& text, std::size_t indent, const Screen& screen);

}  // namespace harness
