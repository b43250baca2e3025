// harness/report/account_table.cpp: the accounts of a section's rows, a bar each.
#include "harness/report/account_table.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

#include "harness/report/console_text.h"
#include "harness/report/run_columns.h"
#include "harness/report/terminal.h"
#include "harness/row/account.h"

namespace harness {
namespace {

constexpr double kShown = 0.015;  // of members x wall: 2 %, rounded
constexpr std::string_view kNoAccount = "no account (";

double share_of(const Row& row, const CounterInfo& part) {
  return row.counter(std::string(part.name)).value_or(0);
}

bool is_shown(const Row& row, const CounterInfo& part) {
  return std::abs(share_of(row, part)) >= kShown;
}

std::string whole_percent(double share) {
  return std::to_string(std::lround(100 * share));
}

std::string part_text(const Row& row, const CounterInfo& part) {
  if (!is_shown(row, part)) return "";
  const double share = share_of(row, part);
  const double interval = row.counter("account_baseline_interval").value_or(0);
  const bool is_uncertain = part.name == "account_useful" && interval > 0;
  return whole_percent(share) + (is_uncertain ? " ± " + whole_percent(share * interval) : "") + " %";
}

/// How wide the columns of `table` get, with a gap between two.
std::size_t needed_by(const Table& table) {
  std::size_t sum = 0;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    std::size_t widest = columns_of(column == 0 ? table.title : table.columns[column].title);
    for (const auto& row : table.rows) widest = std::max(widest, columns_of(row[column].text));
    sum += widest + (column == 0 ? 0 : kColumnGap);
  }
  return sum;
}

}  // namespace

std::string account_bar(const Row& row, std::size_t width) {
  std::string bar;
  double end = 0;
  std::size_t drawn = 0;
  for (const CounterInfo& part : account_parts()) {
    end += std::max(share_of(row, part), 0.0);
    const auto until = static_cast<std::size_t>(std::lround(std::min(end, 1.0) * static_cast<double>(width)));
    for (; drawn < until; ++drawn) bar += part.glyph;
  }
  return bar;
}

Table account_table(const std::vector<Row>& rows, std::size_t width) {
  constexpr std::size_t kBar = 1, kNarrow = 10, kWide = 40;
  std::vector<Row> accounted;
  std::ranges::copy_if(rows, std::back_inserter(accounted), has_account);
  Table table{.title = "where the threads' time went", .columns = {{.key = "name"}, {.key = "bar"}}};
  for (const Row& row : accounted) table.rows.push_back({{label_of(row.id)}, {""}});
  for (const CounterInfo& part : account_parts()) {
    if (std::ranges::none_of(accounted, [&](const Row& row) { return is_shown(row, part); })) continue;
    table.columns.push_back({.key = std::string(part.name),
                             .title = std::string(part.glyph) + " " + title_of(part),
                             .right = true});
    for (std::size_t i = 0; i < accounted.size(); ++i) {
      table.rows[i].push_back({part_text(accounted[i], part)});
    }
  }
  const std::size_t left = width - std::min(width, needed_by(table));
  for (std::size_t i = 0; i < accounted.size(); ++i) {
    table.rows[i][kBar].text = account_bar(accounted[i], std::clamp(left, kNarrow, kWide));
  }
  return table;
}

std::vector<std::string> rows_without_account(const std::vector<Row>& rows) {
  std::vector<std::pair<std::string, std::string>> reasons;  // each with its rows
  for (const Row& row : rows) {
    for (const std::string& remark : row.remarks) {
      if (!remark.starts_with(kNoAccount)) continue;
      const std::string reason = remark.substr(kNoAccount.size(), remark.size() - kNoAccount.size() - 1);
      auto known = std::ranges::find(reasons, reason, &decltype(reasons)::value_type::first);
      if (known == reasons.end()) known = reasons.insert(known, {reason, ""});
      known->second += (known->second.empty() ? "" : ", ") + label_of(row.id);
    }
  }
  std::vector<std::string> texts;
  for (const auto& [reason, names] : reasons) texts.push_back("no account of " + names + ": " + reason);
  return texts;
}

}  // namespace harness
