// harness/report/console_text.cpp: a Document for a terminal.
#include "harness/report/console_text.h"

#include <algorithm>
#include <sstream>

#include "harness/report/terminal.h"

namespace harness {
namespace {

/// The texts of a column, with what stands above it.
std::size_t width_of(const Table& table, std::size_t column) {
  const std::string& title = column == 0 ? table.title : table.columns[column].title;
  std::size_t width = columns_of(title);
  for (const auto& row : table.rows) {
    if (column < row.size()) width = std::max(width, columns_of(row[column].text));
  }
  return width;
}

std::size_t sum_of(const std::vector<std::size_t>& widths, std::size_t indent) {
  std::size_t sum = indent;
  for (const std::size_t width : widths) sum += width + kColumnGap;
  return widths.empty() ? indent : sum - kColumnGap;
}

/// Columns by number, so many as fit: those that are kept, then further ones from `first` on, of which those
/// that are joined stay together. Takes one such group at least.
std::vector<std::size_t> band_of(const Table& table, std::size_t& first, std::size_t indent,
                                 std::size_t width) {
  std::vector<std::size_t> band, widths;
  const auto add = [&](std::size_t column) {
    band.push_back(column);
    widths.push_back(width_of(table, column));
  };
  for (std::size_t column = 0; column < std::min(table.kept, table.columns.size()); ++column) add(column);
  for (bool any = false; first < table.columns.size(); any = true) {
    const std::size_t before = band.size();
    std::size_t next = first;
    do add(next++);
    while (next < table.columns.size() && table.columns[next].joined);
    if (any && sum_of(widths, indent) > width) {
      band.resize(before);
      break;
    }
    first = next;
  }
  return band;
}

/// The columns of `band` alone, each cell no wider than its share of the screen.
Table part_of(const Table& table, const std::vector<std::size_t>& band) {
  Table part{.title = table.title, .columns = {}, .rows = {}, .kept = table.kept};
  for (const std::size_t column : band) part.columns.push_back(table.columns[column]);
  for (const auto& row : table.rows) {
    part.rows.emplace_back();
    for (const std::size_t column : band) {
      part.rows.back().push_back(column < row.size() ? row[column] : TableCell{});
    }
  }
  return part;
}

/// Cuts the widest columns until all fit.
std::vector<std::size_t> fitting(std::vector<std::size_t> widths, std::size_t indent, std::size_t width) {
  while (sum_of(widths, indent) > width) {
    const auto widest = std::ranges::max_element(widths);
    if (*widest <= 1) break;
    --*widest;
  }
  return widths;
}

bool has_titles(const Table& table) {
  return !table.title.empty() ||
         std::ranges::any_of(table.columns, [](const Column& column) { return !column.title.empty(); });
}

std::vector<TableCell> titles_of(const Table& table) {
  std::vector<TableCell> titles;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    titles.push_back({column == 0 ? table.title : table.columns[column].title, Style::strong});
  }
  return titles;
}

std::string band_text(const Table& table, std::size_t indent, const Screen& screen) {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < table.columns.size(); ++column)
    widths.push_back(width_of(table, column));
  widths = fitting(std::move(widths), indent, screen.width);
  std::string text;
  if (has_titles(table)) text += line_text(table, titles_of(table), widths, indent, screen.color);
  for (const auto& row : table.rows) text += line_text(table, row, widths, indent, screen.color);
  return text;
}

}  // namespace

std::string line_text(const Table& table, const std::vector<TableCell>& cells,
                      const std::vector<std::size_t>& widths, std::size_t indent, bool color) {
  std::string shown;
  std::size_t blanks = indent;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string text = cut(cells[i].text, widths[i]);
    const std::size_t space = widths[i] - columns_of(text);
    if (!text.empty()) {
      shown += std::string(blanks + (table.columns[i].right ? space : 0), ' ') +
               paint(text, cells[i].style, color);
      blanks = table.columns[i].right ? 0 : space;
    } else {
      blanks += space;
    }
    blanks += kColumnGap;
  }
  return shown + "\n";
}

std::string table_text(const Table& table, std::size_t indent, const Screen& screen) {
  std::string text;
  std::size_t next = std::min(table.kept, table.columns.size());
  do {
    const std::vector<std::size_t> band = band_of(table, next, indent, screen.width);
    text += (text.empty() ? "" : "\n") + band_text(part_of(table, band), indent, screen);
  } while (next < table.columns.size());
  return text;
}

std::string wrapped(const std::string& text, std::size_t indent, const Screen& screen) {
  if (indent + columns_of(text) <= screen.width) return std::string(indent, ' ') + text + "\n";
  std::istringstream words(text);
  std::string result;
  std::size_t column = 0;  // 0: at the beginning of the text
  for (std::string word; words >> word;) {
    const std::size_t width = columns_of(word);
    if (column == 0 || column + 1 + width > screen.width) {
      result += (column == 0 ? "" : "\n") + std::string(indent, ' ') + word;
      column = indent + width;
    } else {
      result += ' ' + word;
      column += 1 + width;
    }
  }
  return result + "\n";
}

std::string section_text(const Section& section, const Screen& screen) {
  const std::size_t left = screen.width - std::min(screen.width, columns_of(section.title) + kColumnGap);
  const std::string note = section.note.empty() ? "" : "  " + cut(section.note, left);
  std::string text = paint(cut(section.title, screen.width), Style::strong, screen.color) + note + "\n";
  bool first = true;
  for (const Table& table : section.tables) {
    text += (first ? "" : "\n") + table_text(table, 2, screen);
    first = false;
  }
  for (const std::string& sentence : section.sentences) text += wrapped(sentence, 2, screen);
  return text;
}

std::string console_text(const Document& document, const Screen& screen) {
  std::string text;
  for (const Section& section : document.sections) text += "\n" + section_text(section, screen);
  if (!document.notes.empty()) text += "\n";
  for (const std::string& note : document.notes) text += wrapped(note, 0, screen);
  return text;
}

}  // namespace harness
