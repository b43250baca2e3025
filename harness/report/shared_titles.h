// harness/report/shared_titles.h: tables under the same titles, which are written once.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/report/console_text.h"
#include "harness/report/document.h"

namespace harness {

/// Lays tables out that have the same titles (Table::shares_titles) so that what stands below a title begins
/// at the same place in each. Where it does not all fit beside one another it comes in bands, each with the
/// columns that are kept in any of the tables.
class SharedTitles {
 public:
  /// `tables`, one at least, must outlive this.
  SharedTitles(const std::vector<const Table*>& tables, std::size_t indent, const Screen& screen);

  /// Whether no band is wider than the screen, without that names get lines of their own.
  bool fits() const { return fits_; }

  std::size_t bands() const { return bands_.size(); }

  /// The line of titles above a band.
  std::string titles(std::size_t band) const;

  /// What a band has of one of the tables: its own title, and the rows that say anything in this band.
  std::string rows(const Table& table, std::size_t band) const;

 private:
  void make_bands(std::size_t kept);

  const std::size_t indent_;
  const Screen screen_;
  std::vector<std::string> titles_;  // of each block: a title with what is below it
  std::vector<bool> right_;          // of each block
  std::vector<std::size_t> widths_;  // of each block
  std::map<std::size_t, std::vector<std::size_t>> of_columns_;  // the widths in tables of so many columns
  std::vector<std::vector<std::size_t>> bands_;                 // blocks
  bool fits_ = true;
};

}  // namespace harness
