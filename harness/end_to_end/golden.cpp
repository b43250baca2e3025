// harness/end_to_end/golden.cpp: what of a file is the same on every machine, and its comparison.
#include "harness/end_to_end/golden.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string_view>
#include <vector>

#include "harness/system/text.h"

namespace harness::golden {
namespace {

/// Keys of JSON whose values are the same in every run. All other values vary.
const std::set<std::string_view> kSame{
    // A row, as Google Benchmark writes it.
    "name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions",
    "repetition_index", "threads", "time_unit", "aggregate_name", "aggregate_unit", "error_message", "label",
    "steps", "terms", "pixels", "round",
    // The context.
    "countdown_steps", "sum_n", "image", "image_size", "image_sha256", "image_conversion", "python_label",
    "python_pixels", "python_implementation", "switch_interval_s", "processes", "code",
    // A comparison, its journal and its pyperf files.
    "margin", "confidence", "cell_confidence", "seed", "rounds", "labels", "compared", "failure", "journal",
    "arguments", "compared_by", "better", "work_flags", "python", "text", "folder", "unit", "version",
    // A timeline.
    "ph", "pid", "s", "gil", "format", "format_version", "displayTimeUnit", "row"};

/// The same of CSV: its columns.
const std::set<std::string_view> kSameColumns{
    "name",      "workload", "strategy", "size",  "threads", "repetitions", "error",       "interpreter",
    "processes", "compared", "failure",  "steps", "terms",   "pixels",      "compared_by", "better"};

/// Lists and objects of which only that they are there is the same.
const std::set<std::string_view> kOpaque{"caches", "load_avg", "files", "environment"};

/// Lines of JSON that are there on some machines, in some runs, or of some versions of Google Benchmark:
/// 1.8 added its own and its schema's version, 1.9 the layout of addresses; it leaves out a scaling it cannot
/// tell. OMP_* are there as far as the environment has them. An account is there where an iteration is long
/// enough for the threads' clocks, and as far as Linux says how long a thread had no core.
const std::regex kSometimes(
    R"re( *"(cpu_scaling_enabled|aslr_enabled|library_version|json_schema_version|warning_\d+|OMP_\w+|)re"
    R"re(others_cpu_share|stolen_cpu_share|shared_core_(share|looks)|rounds_needed|of_ceiling|GOMP_\w+|)re"
    R"re(MALLOC_\w+|GLIBC_TUNABLES|account_\w+)": .*|)re"
    R"re( *"label": "(of_ceiling withheld: |account withheld: |no account \(|threads shared a core: ).*)re");

/// Counters of a row whose threads have waited for the GIL: those of gil/handoff always have, others may.
const std::regex kOfWaits(R"re( *"gil_(wait_max|wait_p99|handoff_p50|handoff_p99)_ns": .*)re");
constexpr std::string_view kRowThatWaits = "gil/handoff";

/// Google Benchmark 1.7.1 has no coefficient of variation of what is always 0, which counters of traces can
/// be.
const std::regex kOfZeros(R"re( *"(gil_|lock_|world_|semaphore_)\w+": .*)re");

/// Columns of CSV that are left out, as those of an account are, and those whose fields may be empty or not.
const std::set<std::string_view> kSometimesColumns{"others_cpu_share", "stolen_cpu_share", "of_ceiling",
                                                   "shared_core_share", "shared_core_looks"};
const std::set<std::string_view> kSometimesEmpty{"gil_wait_max_ns",    "gil_wait_p99_ns",
                                                 "gil_handoff_p50_ns", "gil_handoff_p99_ns",
                                                 "rounds_needed",      "verdict"};

/// What threads that compute in Python do on a timeline only where the scheduler lets them meet.
constexpr std::array<std::string_view, 4> kByChance{R"({"name":"detached")", R"({"name":"forced switch")",
                                                    R"({"name":"timeout")", R"({"name":"waiting")"};

bool matches(std::string_view line, const std::regex& regex) {
  return std::regex_match(line.begin(), line.end(), regex);
}

/// The lines of `text`, empty ones as well, without their ends.
std::vector<std::string_view> all_lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// `result`, whose last line has an end, as `text` has one or not.
std::string ended_as(const std::string& text, std::string result) {
  if (!text.ends_with('\n') && result.ends_with('\n')) result.pop_back();
  return result;
}

/// Leaves out the lines that come and go, each with the comma before it where it was the last of its object.
std::string without_sometimes(const std::string& text) {
  std::string result;
  bool waits = false, of_cv = false, left_out = false;
  for (const std::string_view line : all_lines_of(text)) {
    if (line.find("\"name\": ") != std::string_view::npos) {
      waits = line.find(kRowThatWaits) != std::string_view::npos;
      of_cv = line.find("_cv\"") != std::string_view::npos;
    }
    if (matches(line, kSometimes) || (!waits && matches(line, kOfWaits)) ||
        (of_cv && matches(line, kOfZeros))) {
      left_out = true;
      continue;
    }
    if (left_out && trimmed(line).starts_with('}') && result.ends_with(",\n")) {
      result.erase(result.size() - 2, 1);
    }
    left_out = false;
    result += std::string(line) + '\n';
  }
  return ended_as(text, result);
}

/// Copies JSON and replaces the values that vary, token by token.
class Shape {
 public:
  explicit Shape(std::string_view text) : text_(text) {}

  std::string take() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        string();
      } else if (c == '-' || std::isdigit(static_cast<unsigned char>(c)) != 0) {
        value(text_.substr(at_, end_of_number() - at_), "#");
      } else if (text_.substr(at_).starts_with("null")) {  // an infinite number
        value("null", "#");
      } else if ((c == '[' || c == '{') && kOpaque.contains(key_)) {
        at_ = text_.find(c == '[' ? ']' : '}', at_) + 1;
        result_ += c == '[' ? "[#]" : "{#}";
        key_ = {};
      } else {
        result_ += c;
        ++at_;
      }
    }
    return std::move(result_);
  }

 private:
  void string() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    const std::string_view word = text_.substr(at_, end + 1 - at_);
    if (text_.substr(end + 1).starts_with(':')) {
      key_ = word.substr(1, word.size() - 2);
      result_ += word;
      at_ = end + 1;
    } else {
      value(word, "\"#\"");
    }
  }

  void value(std::string_view word, const char* if_varies) {
    result_ += kSame.contains(key_) ? word : if_varies;
    at_ += word.size();
  }

  std::size_t end_of_number() const {
    return std::min(text_.find_first_not_of("+-.0123456789eE", at_), text_.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view key_;  // of the value that comes, and of the elements of a list
  std::string result_;
};

std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields{""};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::filesystem::path path_of(const std::string& name) {
  return std::filesystem::path(HARNESS_GOLDEN_FOLDER) / name;
}

}  // namespace

std::string shape_of_json(const std::string& text) {
  return Shape(without_sometimes(text)).take();
}

std::string shape_of_csv(const std::string& text) {
  std::string result;
  std::vector<std::string> header;
  for (const std::string_view line : all_lines_of(text)) {
    const std::vector<std::string> fields = fields_of(line);
    const bool is_header = header.empty();
    if (is_header) header = fields;
    if (fields.size() != header.size()) return "a line has other columns than the header:\n" + text;
    std::string shape;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string_view column = header[i];
      if (kSometimesColumns.contains(column) || column.starts_with("account_")) continue;
      if (i > 0) shape += ',';
      if (is_header || kSameColumns.contains(column)) {
        shape += fields[i];
      } else if (kSometimesEmpty.contains(column)) {
        shape += '?';
      } else if (!fields[i].empty()) {
        shape += '#';
      }
    }
    result += shape + '\n';
  }
  return ended_as(text, result);
}

std::string shape_of_timeline(const std::string& text, const std::string& name) {
  static const std::regex kCut(R"re(,"((begin|end)_is_cut":true|end_cpu":#))re");
  static const std::regex kCores(R"re("cores":[^"]*,)re");
  static const std::regex kNumbered(R"re("(iteration|thread) \d+")re");
  std::string head, tail;
  std::set<std::string> kinds;
  for (const std::string_view line : all_lines_of(text)) {
    std::string shape = Shape(line).take();
    if (!line.starts_with("{\"name\":")) {
      (kinds.empty() ? head : tail) += std::regex_replace(shape, kCores, "\"cores\":#,") + '\n';
      continue;
    }
    if (shape.ends_with(',')) shape.pop_back();
    shape = std::regex_replace(shape, kCut, "");
    kinds.insert(std::regex_replace(shape, kNumbered, "\"$1 #\""));
  }
  const std::string stored_text = read_text_file(path_of(name)).value_or("");
  for (const std::string_view kind : kByChance) {
    const auto is_kind = [&](std::string_view line) { return line.starts_with(kind); };
    if (std::ranges::any_of(kinds, is_kind)) continue;
    for (const std::string_view line : all_lines_of(stored_text)) {
      if (is_kind(line)) kinds.emplace(line);
    }
  }
  for (const std::string& kind : kinds) head += kind + '\n';
  return ended_as(text, head + tail);
}

std::string rounded(const std::string& text) {
  static const std::regex kLong(R"re(\d+\.?\d+(e[-+]?\d+)?)re");
  std::string result;
  auto begin = text.cbegin();
  for (std::sregex_iterator found(text.begin(), text.end(), kLong), none; found != none; ++found) {
    const std::string number = found->str();
    const auto digits = std::ranges::count_if(number.substr(0, number.find('e')),
                                              [](unsigned char c) { return std::isdigit(c) != 0; });
    result.append(begin, (*found)[0].first);
    begin = (*found)[0].second;
    if (digits < 15) {
      result += number;
      continue;
    }
    std::array<char, 32> shorter{};
    std::snprintf(shorter.data(), shorter.size(), "%.12g~", std::strtod(number.c_str(), nullptr));
    result += shorter.data();
  }
  return result.append(begin, text.cend());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string stored(const std::string& name) {
  const auto text = read_text_file(path_of(name));
  EXPECT_TRUE(text) << path_of(name);
  return text.value_or("");
}

void expect_same(const std::string& name, const std::string& actual) {
  const char* const update = std::getenv("HARNESS_GOLDEN_UPDATE");
  if (update != nullptr && std::string_view(update) == "1") {
    std::ofstream(path_of(name), std::ios::binary) << actual;
    return;
  }
  const std::string expected = stored(name);
  if (actual == expected) return;
  const auto before = all_lines_of(expected);
  const auto now = all_lines_of(actual);
  const auto [first, other] = std::ranges::mismatch(before, now);
  ADD_FAILURE() << path_of(name) << ":" << first - before.begin() + 1
                << ": differs\n  stored: " << (first == before.end() ? "(end)" : *first)
                << "\n  now:    " << (other == now.end() ? "(end)" : *other) << "\nthe whole of it now:\n"
                << actual;
}

}  // namespace harness::golden
