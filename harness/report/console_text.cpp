// harness/report/console_text.cpp: a Document for a terminal.
#include "harness/report/console_text.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <vector>

#include "harness/report/shared_titles.h"
#include "harness/report/terminal.h"

namespace harness {
namespace {

const std::string& title_of(const Table& table, std::size_t column) {
  return column == 0 ? table.title : table.columns[column].title;
}

/// The texts of a column, without what stands above it.
std::size_t width_of_cells(const Table& table, std::size_t column) {
  std::size_t width = 0;
  for (const auto& row : table.rows) {
    if (column < row.size()) width = std::max(width, columns_of(row[column].text));
  }
  return width;
}

/// The same with what stands above it.
std::size_t width_of(const Table& table, std::size_t column) {
  return std::max(columns_of(title_of(table, column)), width_of_cells(table, column));
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

/// Takes from the widest columns, of which none gets narrower than its `least`, until all fit or none is
/// wider than that.
void narrow(std::vector<std::size_t>& widths, const std::vector<std::size_t>& least, std::size_t indent,
            std::size_t width) {
  while (sum_of(widths, indent) > width) {
    std::size_t* widest = nullptr;
    for (std::size_t column = 0; column < widths.size(); ++column) {
      if (widths[column] > least[column] && (widest == nullptr || widths[column] > *widest))
        widest = &widths[column];
    }
    if (widest == nullptr) return;
    --*widest;
  }
}

/// Where all do not fit, names and what stands above columns give way, which have further lines; values are
/// cut only where they do not fit even so.
std::vector<std::size_t> fitting(const Table& table, std::size_t indent, std::size_t width) {
  constexpr std::size_t kLeastOfTitle = 8;
  std::vector<std::size_t> widths, least;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    widths.push_back(width_of(table, column));
    const std::size_t of_title = std::min(columns_of(title_of(table, column)), kLeastOfTitle);
    least.push_back(column == 0 ? 0 : std::max(of_title, width_of_cells(table, column)));
  }
  if (table.columns.size() == 1) return widths;
  narrow(widths, least, indent, width);
  for (std::size_t column = 1; column < least.size(); ++column) least[column] = 1;
  narrow(widths, least, indent, width);
  return widths;
}

bool has_titles(const Table& table) {
  return !table.title.empty() ||
         std::ranges::any_of(table.columns, [](const Column& column) { return !column.title.empty(); });
}

std::string line_of_its_own(const TableCell& cell, std::size_t indent, bool color) {
  return std::string(indent, ' ') + paint(cell.text, cell.style, color) + "\n";
}

/// What stands above the columns, in as many lines as the longest needs.
std::string titles_text(const Table& table, const std::vector<std::size_t>& widths, std::size_t indent,
                        bool color) {
  std::string text;
  const bool has_room = columns_of(table.title) <= widths.front();
  if (!has_room) text = line_of_its_own({table.title, Style::strong}, indent, color);
  std::vector<std::vector<std::string>> pieces;
  std::size_t lines = 0;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    const std::string title = column == 0 && !has_room ? "" : title_of(table, column);
    pieces.push_back(pieces_of(title, widths[column]));
    lines = std::max(lines, pieces.back().size());
  }
  for (std::size_t line = 0; line < lines; ++line) {
    std::vector<TableCell> titles;
    for (const auto& of_column : pieces)
      titles.push_back({line < of_column.size() ? of_column[line] : "", Style::strong});
    text += line_text(table, titles, widths, indent, color);
  }
  return text;
}

std::string band_text(const Table& table, std::size_t indent, const Screen& screen) {
  const std::vector<std::size_t> widths = fitting(table, indent, screen.width);
  std::string text;
  if (has_titles(table)) text += titles_text(table, widths, indent, screen.color);
  for (const auto& row : table.rows) text += row_text(table, row, widths, indent, screen.color);
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

std::string row_text(const Table& table, const std::vector<TableCell>& cells,
                     const std::vector<std::size_t>& widths, std::size_t indent, bool color) {
  if (cells.empty() || columns_of(cells.front().text) <= widths.front())
    return line_text(table, cells, widths, indent, color);
  std::vector<TableCell> values = cells;
  values.front() = {};
  const bool has_values =
      std::ranges::any_of(values, [](const TableCell& cell) { return !cell.text.empty(); });
  return line_of_its_own(cells.front(), indent, color) +
         (has_values ? line_text(table, values, widths, indent, color) : "");
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

namespace {

constexpr std::size_t kIndentOfTables = 2;

std::vector<const Table*> tables_that_share(const Section& section) {
  std::vector<const Table*> tables;
  for (const Table& table : section.tables) {
    if (table.shares_titles) tables.push_back(&table);
  }
  return tables;
}

/// Tables that share titles, in bands; the titles above each unless they stand above all sections.
std::string shared_text(const std::vector<const Table*>& tables, const SharedTitles& shared,
                        bool with_titles) {
  std::string text;
  for (std::size_t band = 0; band < shared.bands(); ++band) {
    std::string of_band;
    for (const Table* const table : tables) {
      const std::string rows = shared.rows(*table, band);
      if (!rows.empty()) of_band += (of_band.empty() ? "" : "\n") + rows;
    }
    if (of_band.empty()) continue;
    text += (text.empty() ? "" : "\n") + (with_titles ? shared.titles(band) : "") + of_band;
  }
  return text;
}

/// Tables of a section that share titles. Where they do not fit below the same, those of as many columns as
/// the first are below theirs, and so are the others; and where these do not, either, each is by itself.
std::string sharing_text(std::vector<const Table*> tables, const Screen& screen) {
  if (tables.empty()) return "";
  const SharedTitles shared(tables, kIndentOfTables, screen);
  if (shared.fits()) return shared_text(tables, shared, true);
  const std::size_t columns = tables.front()->columns.size();
  const auto others = std::stable_partition(
      tables.begin(), tables.end(), [&](const Table* table) { return table->columns.size() == columns; });
  if (others != tables.end()) {
    return sharing_text({tables.begin(), others}, screen) + "\n" +
           sharing_text({others, tables.end()}, screen);
  }
  std::string text;
  for (const Table* const table : tables)
    text += (text.empty() ? "" : "\n") + table_text(*table, kIndentOfTables, screen);
  return text;
}

std::string title_line(const Section& section, const Screen& screen) {
  const std::size_t left = screen.width - std::min(screen.width, columns_of(section.title) + kColumnGap);
  const std::string note = section.note.empty() ? "" : "  " + cut(section.note, left);
  return paint(section.title, Style::strong, screen.color) + note + "\n";
}

/// `above`: titles that stand above all sections already. Null: there are none.
std::string section_below(const SharedTitles* above, const Section& section, const Screen& screen) {
  const std::vector<const Table*> sharing = tables_that_share(section);
  std::string tables = above != nullptr ? shared_text(sharing, *above, false) : sharing_text(sharing, screen);
  for (const Table& table : section.tables) {
    if (table.shares_titles) continue;
    tables += (tables.empty() ? "" : "\n") + table_text(table, kIndentOfTables, screen);
  }
  std::string text = title_line(section, screen) + tables;
  for (const std::string& sentence : section.sentences) text += wrapped(sentence, kIndentOfTables, screen);
  return text;
}

}  // namespace

std::string section_text(const Section& section, const Screen& screen) {
  return section_below(nullptr, section, screen);
}

std::string console_text(const Document& document, const Screen& screen) {
  std::vector<const Table*> sharing;
  for (const Section& section : document.sections) {
    for (const Table* const table : tables_that_share(section)) sharing.push_back(table);
  }
  std::optional<SharedTitles> above;
  if (!sharing.empty()) above.emplace(sharing, kIndentOfTables, screen);
  if (above && (!above->fits() || above->bands() > 1)) above.reset();
  std::string text = above ? "\n" + above->titles(0) : "";
  for (const Section& section : document.sections) {
    if (!above || &section != &document.sections.front()) text += "\n";
    text += section_below(above ? &*above : nullptr, section, screen);
  }
  if (!document.notes.empty()) text += "\n";
  for (const std::string& note : document.notes) text += wrapped(note, 0, screen);
  return text;
}

}  // namespace harness
