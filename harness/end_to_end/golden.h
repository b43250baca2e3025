// harness/end_to_end/golden.h: files that programs read, compared byte for byte with stored ones.
#pragma once

#include <string>

namespace harness::golden {

/// Fails the test where `actual` is not the stored file golden/`name`, and shows the first line that differs.
/// With HARNESS_GOLDEN_UPDATE=1 in the environment it writes that file instead, into the source tree.
void expect_same(const std::string& name, const std::string& actual);

/// The text of the stored file golden/`name`; fails the test where there is none.
std::string stored(const std::string& name);

/// What every machine writes alike of a JSON text, or of one JSON text a line: values that vary are "#" or #,
/// and lines that come and go are left out (the tables at the top of golden.cpp). Everything else stays byte
/// for byte: keys and their order, indentation, separators, and the notation of numbers that do not vary.
std::string shape_of_json(const std::string& text);

/// The same of comma-separated values with a header, without line breaks in a field. A field that varies is
/// #, an empty one stays empty; ? stands where a field may be empty or not.
std::string shape_of_csv(const std::string& text);

/// The same of a timeline: each kind of event is one line, in alphabetical order, however many there are. A
/// kind that happens by chance and did not happen is taken from the stored file golden/`name`.
std::string shape_of_timeline(const std::string& text, const std::string& name);

/// `text` with each number of 15 digits and more rounded to 12, and marked by ~: the C library's exp() and
/// log() differ between machines in the last digit.
std::string rounded(const std::string& text);

/// `text` with each `from` replaced by `to`; an empty `from` is nowhere.
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace harness::golden
