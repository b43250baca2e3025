// harness/report/csv.cpp: a Document's data as comma-separated values.
#include "harness/report/csv.h"

#include <array>
#include <charconv>

namespace harness {
namespace {

/// `text` as RFC 4180 wants it: in quotes where it needs them.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

}  // namespace

std::string csv_text(const Table& data) {
  std::string text;
  for (std::size_t column = 0; column < data.columns.size(); ++column) {
    text += (column == 0 ? "" : ",") + quoted(data.columns[column].key);
  }
  text += '\n';
  for (const auto& row : data.rows) {
    for (std::size_t column = 0; column < data.columns.size(); ++column) {
      text += (column == 0 ? "" : ",") + (column < row.size() ? quoted(row[column].text) : "");
    }
    text += '\n';
  }
  return text;
}

std::string csv_number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

}  // namespace harness
