// harness/report/document.h: a report before it is written: what it says, not how it looks.
//
// A run and a comparison are each made into one Document; console_text(), markdown_text() and csv_text()
// write it. A further way to write it is one file that reads this.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/report/context.h"

namespace harness {

/// What a text means, for a renderer that can show it.
enum class Style { plain, strong, good, bad, doubtful, dim };

struct TableCell {
  std::string text;
  Style style = Style::plain;
};

struct Column {
  std::string key;         ///< what programs call it; unique in its table
  std::string title = {};  ///< what people read above it
  bool right = false;      ///< its texts line up at their ends
  bool joined = false;     ///< it belongs to the column before it: never shown apart from it
};

/// Each row has a cell for each column, or fewer: the rest is empty.
struct Table {
  std::string title = {};  ///< above its first column
  std::vector<Column> columns;
  std::vector<std::vector<TableCell>> rows = {};
  std::size_t kept = 1;  ///< so many columns come first wherever the others do not fit beside one another
  /// Its columns' titles, but for joined ones, are those of every such table of the document: written once
  /// where they can be.
  bool shares_titles = false;
};

struct Section {
  std::string title;
  std::string note = {};  ///< behind the title
  std::vector<Table> tables = {};
  std::vector<std::string> sentences = {};  ///< what the tables show
};

struct Document {
  ContextEntries facts = {};  ///< what was run
  std::vector<Section> sections = {};
  std::vector<std::string> notes = {};     ///< what holds for all sections
  std::vector<std::string> warnings = {};  ///< what a careful reader should know before believing it
  Table data = {};                         ///< every row with all its values, for programs
};

}  // namespace harness
