// harness/report/run_console.cpp: a run on a terminal, row by row as they finish.
#include "harness/report/run_console.h"

#include <algorithm>
#include <utility>

#include "harness/report/account_table.h"
#include "harness/report/contention_tables.h"
#include "harness/report/terminal.h"

namespace harness {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kUsualName = 28;  // most have room in it
constexpr std::size_t kUsualStory = 28;

/// Why two rows do not apply, where that is the same.
bool is_said(const std::vector<Row>& rows, const Row& row) {
  return row.outcome == Outcome::not_applicable && std::ranges::any_of(rows, [&](const Row& other) {
           return other.outcome == row.outcome && other.id.strategy == row.id.strategy &&
                  other.reason == row.reason;
         });
}

/// How wide the names' column is: as the longest, where that leaves a story its room; at most a half.
std::size_t width_of_names(std::size_t longest, const std::vector<Column>& columns,
                           const std::vector<std::size_t>& widths, std::size_t screen) {
  std::size_t others = kIndent;
  for (std::size_t i = 1; i < columns.size(); ++i) {
    others += kColumnGap + (columns[i].right ? widths[i] : kUsualStory);
  }
  const std::size_t left = screen - std::min(screen, others);
  return std::min({longest, screen / 2, std::max(kUsualName, left)});
}

}  // namespace

RunConsole::RunConsole(std::ostream& out, const Screen& screen, RunColumns columns,
                       const std::vector<RowId>& ids, RanOn on)
    : out_(out),
      screen_(screen),
      columns_(std::move(columns)),
      on_(std::move(on)),
      table_{.columns = columns_.columns()},
      widths_(columns_.widths()) {
  std::size_t longest = 0;
  for (const RowId& id : ids) longest = std::max(longest, columns_of(label_of(id)));
  widths_.front() = width_of_names(longest, columns_.columns(), widths_, screen.width);
  // Then as many columns as fit, and a story what is left.
  std::size_t end = kIndent + widths_.front();
  std::size_t fitting = 1;
  while (fitting < widths_.size() && end + kColumnGap + widths_[fitting] <= screen.width) {
    end += kColumnGap + widths_[fitting++];
  }
  widths_.resize(fitting);
  table_.columns.resize(fitting);
  if (fitting > 1 && !table_.columns.back().right) widths_.back() = screen.width - end;
}

void RunConsole::begin_section(const Row& row) {
  std::string text = "\n";
  if (!std::exchange(titles_shown_, true)) {
    std::vector<TableCell> titles;
    for (const Column& column : table_.columns) titles.push_back({column.title, Style::dim});
    text = line_text(table_, titles, widths_, kIndent, screen_.color);
  }
  out_ << text << section_text({.title = section_of(row.id), .note = note_of(row)}, screen_);
}

std::string RunConsole::name_line(const TableCell& name) const {
  return std::string(kIndent, ' ') + paint(name.text, name.style, screen_.color) + "\n";
}

std::string RunConsole::lines_of(const Row& row) const {
  std::vector<TableCell> cells = columns_.cells_of(row, widths_.back());
  const TableCell name = cells.front();
  const bool has_room = columns_of(name.text) <= widths_.front() || widths_.size() == 1;
  if (row.ok()) {
    cells.resize(widths_.size());
    return row_text(table_, cells, widths_, kIndent, screen_.color);
  }
  // Why there is no time has the rest of the line, or further ones: it may be a command to be copied.
  TableCell& why = cells.at(1);
  for (const std::size_t width : {has_room ? widths_.front() : screen_.width, columns_of(name.text)}) {
    const std::size_t left = screen_.width - std::min(screen_.width, kIndent + width + kColumnGap);
    why.text = why_without_time(row, left);
    if (columns_of(why.text) > left) continue;
    return line_text({.columns = {{.key = "name"}, {.key = "reason"}}}, cells, {width, left}, kIndent,
                     screen_.color);
  }
  const std::size_t indent = 2 * kIndent;
  why.text = why_without_time(row, screen_.width - std::min(screen_.width, indent));
  std::string text = wrapped(why.text, indent, screen_);
  text.pop_back();
  return name_line(name) + paint(text, why.style, screen_.color) + "\n";
}

void RunConsole::show(const Row& row) {
  if (!section_.empty() && section_of(section_.front().id) != section_of(row.id)) finish();
  if (section_.empty()) begin_section(row);
  if (!is_said(section_, row)) out_ << lines_of(row);
  section_.push_back(row);
  out_.flush();
}

/// Where the threads' time went, a bar a row.
std::string RunConsole::accounts() const {
  const Table table = account_table(section_, screen_.width - std::min(screen_.width, kIndent));
  if (table.rows.empty()) return "";
  std::string text = "\n" + table_text(table, kIndent, screen_);
  for (const std::string& without : rows_without_account(section_)) {
    text += wrapped(without, kIndent, screen_);
  }
  return text + "\n";
}

void RunConsole::finish() {
  if (screen_.accounts) out_ << accounts();
  const std::string shows = sentences_of(section_, on_);
  if (!shows.empty()) out_ << wrapped(shows, kIndent, screen_);
  for (const Table& table : contention_tables(section_)) out_ << '\n' << table_text(table, kIndent, screen_);
  section_.clear();
}

}  // namespace harness
