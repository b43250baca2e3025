// harness/row/counters.h: the one table of what is measured beside a row's time.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace harness {

/// Named values that are measured beside a row's time.
using Counters = std::map<std::string, double>;

enum class Unit {
  count,             ///< of things, an iteration
  ratio,             ///< of two equal units
  share,             ///< a part of 1, shown in percent
  ns,                ///< nanoseconds
  bytes,             ///< of memory
  per_second,        ///< things a second of wall time
  bytes_per_second,  ///< of wall time
};

/// Which of two values is the better one.
enum class Better { lower, higher };

/// Whether a console row tells a counter, where it is among the first two that the row has to tell.
enum class Story {
  no,
  yes,
  where_not_0,         ///< who has not waited has a better story to tell
  of_several_threads,  ///< one thread is on one core
  as_largest_loss,     ///< before all others, where it is largest_loss() of the row's account
};

/// Where a counter is shown besides JSON and CSV, which have all.
struct Shown {
  Story story = Story::no;
  bool wide = false;   ///< a column of Google Benchmark's own table
  bool kept = false;   ///< a comparison keeps it
  bool cells = false;  ///< likewise, and shows it in words
};

struct CounterInfo {
  std::string_view name;  ///< in JSON
  Unit unit;
  std::string_view words;  ///< around its value, which stands for "{}"; of 1 without what is in parentheses
  Shown shown;
  /// A row that has this counter is compared by it instead of by its time, which is fixed there.
  std::optional<Better> compared = {};
  bool of_iteration = false;    ///< twice the iterations have twice of it: a sum, no share and no percentile
  std::string_view title = {};  ///< over a column of it, where that is not its words
  std::string_view wide_percent = {};  ///< its column of Google Benchmark's table, where that has percent
  std::string_view glyph = {};  ///< of a part of an account: what a bar has of it, one column, in UTF-8
};

/// Every counter whose name is fixed, in the order in which a story prefers them. Those that are named after
/// a workload's items ("pixels", "pixels_per_second") are not in it.
std::span<const CounterInfo> counter_table();

/// The counter's line of the table. One that is not in it is a rate where its name ends in "_per_second",
/// else a count; Google Benchmark's table shows it.
CounterInfo info_of(std::string_view counter);

/// The value with its unit: "99.9 %", "1.23 µs", "29.0 GB/s".
std::string value_text(const CounterInfo& info, double value);

/// The value in its words: "GIL wait 61.1 %", "1 switch", "61 switches".
std::string worded(const CounterInfo& info, double value);

/// What stands over a column of its values: "GIL wait".
std::string title_of(const CounterInfo& info);

/// What tells the story of a row on `threads` threads that has `counters`: two of them in words, at most.
std::vector<std::string> story_of(const Counters& counters, int threads);

}  // namespace harness
