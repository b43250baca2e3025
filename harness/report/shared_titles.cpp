// harness/report/shared_titles.cpp: tables under the same titles, which are written once.
#include "harness/report/shared_titles.h"

#include <algorithm>
#include <numeric>

#include "harness/report/terminal.h"

namespace harness {
namespace {

/// Columns that belong together: [first, end).
struct Block {
  std::size_t first;
  std::size_t end;
};

std::vector<Block> blocks_of(const Table& table) {
  std::vector<Block> blocks;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    if (blocks.empty() || !table.columns[column].joined) blocks.push_back({column, column});
    blocks.back().end = column + 1;
  }
  return blocks;
}

std::size_t width_of_block(const std::vector<std::size_t>& widths, const Block& block) {
  std::size_t width = (block.end - block.first - 1) * kColumnGap;
  for (std::size_t column = block.first; column < block.end; ++column) width += widths[column];
  return width;
}

void widen(std::vector<std::size_t>& widths, const Table& table) {
  widths.resize(table.columns.size());
  for (const auto& row : table.rows) {
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], columns_of(row[column].text));
  }
}

}  // namespace

SharedTitles::SharedTitles(const std::vector<const Table*>& tables, std::size_t indent, const Screen& screen)
    : indent_(indent), screen_(screen) {
  const Table& first = *tables.front();
  for (const Block& block : blocks_of(first)) {
    titles_.push_back(block.first == 0 ? "" : first.columns[block.first].title);
    widths_.push_back(columns_of(titles_.back()));
    right_.push_back(std::ranges::all_of(tables, [&](const Table* table) {
      return table->columns[blocks_of(*table)[right_.size()].first].right;
    }));
  }
  std::size_t kept = 1;
  for (const Table* const table : tables) {
    widen(of_columns_[table->columns.size()], *table);
    kept = std::max(kept, table->kept);
  }
  for (const Table* const table : tables) {
    const std::vector<Block> blocks = blocks_of(*table);
    for (std::size_t i = 0; i < blocks.size(); ++i)
      widths_[i] = std::max(widths_[i], width_of_block(of_columns_.at(table->columns.size()), blocks[i]));
  }
  make_bands(std::min(kept, widths_.size()));
}

/// Each has one block at least beside those that are kept.
void SharedTitles::make_bands(std::size_t kept) {
  std::size_t next = kept;
  do {
    std::vector<std::size_t> band(kept);
    std::iota(band.begin(), band.end(), 0);
    std::size_t end = indent_;
    for (const std::size_t block : band) end += (block > 0 ? kColumnGap : 0) + widths_[block];
    for (; next < widths_.size(); ++next) {
      const std::size_t with = end + kColumnGap + widths_[next];
      if (with > screen_.width && band.size() > kept) break;
      end = with;
      band.push_back(next);
    }
    fits_ = fits_ && end <= screen_.width;
    bands_.push_back(band);
  } while (next < widths_.size());
}

std::string SharedTitles::titles(std::size_t band) const {
  Table table;
  std::vector<TableCell> cells;
  std::vector<std::size_t> widths;
  for (const std::size_t block : bands_.at(band)) {
    table.columns.push_back({.key = titles_[block], .right = right_[block]});
    cells.push_back({titles_[block], Style::strong});
    widths.push_back(widths_[block]);
  }
  return line_text(table, cells, widths, indent_, screen_.color);
}

std::string SharedTitles::rows(const Table& table, std::size_t band) const {
  const std::vector<Block> blocks = blocks_of(table);
  const std::vector<std::size_t>& of_columns = of_columns_.at(table.columns.size());
  Table part;
  std::vector<std::size_t> columns, widths;
  for (const std::size_t block : bands_.at(band)) {
    for (std::size_t column = blocks[block].first; column < blocks[block].end; ++column) {
      columns.push_back(column);
      widths.push_back(of_columns[column]);
      part.columns.push_back(table.columns[column]);
      part.columns.back().right = right_[block];
    }
    widths.back() += widths_[block] - width_of_block(of_columns, blocks[block]);
  }
  std::string text;
  for (const auto& row : table.rows) {
    std::vector<TableCell> cells;
    for (const std::size_t column : columns) cells.push_back(column < row.size() ? row[column] : TableCell{});
    const bool says_any =
        std::any_of(cells.begin() + 1, cells.end(), [](const TableCell& cell) { return !cell.text.empty(); });
    if (says_any) text += row_text(part, cells, widths, indent_, screen_.color);
  }
  if (text.empty() || table.title.empty()) return text;
  return std::string(indent_, ' ') + paint(table.title, Style::strong, screen_.color) + "\n" + text;
}

}  // namespace harness
