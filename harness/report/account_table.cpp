// harness/report/account_table.cpp: the accounts of a section's rows, a bar each.
#include "harness/report/account_table.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "harness/report/run_columns.h"
#include "harness/row/account.h"

namespace harness {
namespace {

constexpr double kShown = 0.005;  // of members x wall
constexpr std::string_view kNoAccount = "no account (";

double share_of(const Row& row, const AccountPart& part) {
  return row.counter(std::string(part.counter)).value_or(0);
}

bool is_shown(const Row& row, const AccountPart& part) {
  return std::abs(share_of(row, part)) >= kShown;
}

std::string whole_percent(double share) {
  return std::to_string(std::lround(100 * share));
}

std::string parts_text(const Row& row) {
  const double interval = row.counter("account_baseline_interval").value_or(0);
  std::string text;
  for (const AccountPart& part : account_parts()) {
    if (!is_shown(row, part)) continue;
    const double share = share_of(row, part);
    text += (text.empty() ? "" : ", ") + std::string(part.words) + " " + whole_percent(share);
    if (part.counter == "account_useful" && interval > 0) text += " ± " + whole_percent(share * interval);
    text += " %";
  }
  return text;
}

}  // namespace

std::string account_bar(const Row& row, std::size_t width) {
  std::string bar;
  double end = 0;
  std::size_t drawn = 0;
  for (const AccountPart& part : account_parts()) {
    end += std::max(share_of(row, part), 0.0);
    const auto until = static_cast<std::size_t>(std::lround(std::min(end, 1.0) * static_cast<double>(width)));
    for (; drawn < until; ++drawn) bar += part.glyph;
  }
  return bar;
}

Table account_table(const std::vector<Row>& rows, std::size_t bar_width) {
  Table table{.title = "where the threads' time went",
              .columns = {{.key = "name"}, {.key = "bar"}, {.key = "parts"}}};
  for (const Row& row : rows) {
    if (!has_account(row)) continue;
    table.rows.push_back({{label_of(row.id)}, {account_bar(row, bar_width)}, {parts_text(row)}});
  }
  return table;
}

std::string account_legend(const std::vector<Row>& rows) {
  std::string text;
  for (const AccountPart& part : account_parts()) {
    const bool any =
        std::ranges::any_of(rows, [&](const Row& row) { return has_account(row) && is_shown(row, part); });
    if (any) text += (text.empty() ? "" : "  ") + std::string(part.glyph) + " " + std::string(part.words);
  }
  return text;
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
