// harness/report/markdown.cpp: a Document as Markdown, to paste into an issue.
#include "harness/report/markdown.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace harness {
namespace {

/// A "|" within a cell would end it, and a line break the row.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += "\\|";
    if (c == '\n') result += "<br>";
    if (c != '|' && c != '\n') result += c;
  }
  return result;
}

std::string styled(const TableCell& cell) {
  const bool bold = cell.style == Style::good || cell.style == Style::bad || cell.style == Style::doubtful;
  return cell.text.empty() || !bold ? escaped(cell.text) : "**" + escaped(cell.text) + "**";
}

std::string table_markdown(const Table& table) {
  std::string text = "| " + escaped(table.title) + " |";
  std::string rule = "| --- |";
  for (std::size_t column = 1; column < table.columns.size(); ++column) {
    text += " " + escaped(table.columns[column].title) + " |";
    rule += table.columns[column].right ? " ---: |" : " --- |";
  }
  text += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      text += " " + (column < row.size() ? styled(row[column]) : "") + " |";
    }
    text += "\n";
  }
  return text + "\n";
}

/// As it stands, to be copied: no character in it means anything.
std::string code(const std::string& text) {
  std::size_t longest = 0, run = 0;
  std::string line;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    line += c == '\n' ? ' ' : c;
  }
  const std::string fence(longest + 1, '`');
  const std::string gap = longest > 0 ? " " : "";
  return fence + gap + line + gap + fence;
}

std::string list(const std::vector<std::string>& lines, std::string_view before) {
  std::string text;
  for (const std::string& line : lines) text += "- " + std::string(before) + escaped(line) + "\n";
  return text.empty() ? "" : text + "\n";
}

}  // namespace

std::string markdown_text(const Document& document) {
  std::string text;
  for (const auto& [what, fact] : document.facts) text += "- " + escaped(what) + ": " + code(fact) + "\n";
  if (!text.empty()) text += "\n";
  for (const Section& section : document.sections) {
    text +=
        "### " + escaped(section.title) + (section.note.empty() ? "" : " " + escaped(section.note)) + "\n\n";
    for (const Table& table : section.tables) text += table_markdown(table);
    for (const std::string& sentence : section.sentences) text += escaped(sentence) + "\n\n";
  }
  text += list(document.notes, "") + list(document.warnings, "warning: ");
  return text.substr(0, text.find_last_not_of('\n') + 1) + "\n";
}

}  // namespace harness
