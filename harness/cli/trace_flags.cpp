// harness/cli/trace_flags.cpp: the words of `harness trace` that are its own, and those that it hands on.
#include "harness/cli/trace_flags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

#include "harness/error.h"
#include "harness/parameters/values.h"

namespace harness {
namespace {

constexpr const char* kTimelineFlag = "--timeline";
constexpr const char* kReportFlag = "--report";
constexpr const char* kLongHoldFlag = "--long-hold";
constexpr const char* kMemoryFlag = "--trace-memory";

constexpr std::array<std::string_view, 6> kWithValue{"--python",  "--color",     kTimelineFlag,
                                                     kReportFlag, kLongHoldFlag, kMemoryFlag};

bool is_help(std::string_view word) {
  return word == "--help" || word == "-h";
}

/// How many words the flag there takes, with its value; 0 where it is none of the trace's.
int flag_words(std::string_view word) {
  if (is_help(word)) return 1;
  if (std::ranges::find(kWithValue, word) != kWithValue.end()) return 2;
  const std::string_view name = word.substr(0, word.find('='));
  return name != word && std::ranges::find(kWithValue, name) != kWithValue.end() ? 1 : 0;
}

/// "64M" as bytes.
std::size_t parse_memory(const std::string& text) {
  constexpr std::int64_t kLeast_M = 16;
  constexpr std::int64_t kMost_M = 65'536;
  const bool gibi = text.ends_with('G');
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, number);
  const bool is_size = error == std::errc() && unit + 1 == end && (*unit == 'M' || gibi) && number <= kMost_M;
  const std::int64_t mebibytes = !is_size ? 0 : gibi ? number * 1024 : number;
  if (mebibytes < kLeast_M || mebibytes > kMost_M) {
    throw UserError(std::string(kMemoryFlag) + "=" + text +
                    ": give a size from 16M to 64G with its unit, for instance 64M or 1G");
  }
  return static_cast<std::size_t>(mebibytes) << 20;
}

}  // namespace

int own_words(int argc, const char* const* argv) {
  int at = 1;
  while (at < argc && std::strcmp(argv[at], kTraceCommand) != 0) {
    const int words = flag_words(argv[at]);
    if (words == 0) return argc;
    at += words;
  }
  for (++at; at < argc;) {
    const int words = flag_words(argv[at]);
    if (words == 0) return at;
    at += words;
  }
  return argc;
}

void add_trace_flags(CLI::App& command, TraceTexts& texts) {
  const auto add = [&](const char* name, auto& text, const char* type, const char* what) {
    return command.add_option(name, text, what)->type_name(type);
  };
  add(kTimelineFlag, texts.timeline, "FILE",
      "Write the last part of what each thread did (.json or .json.gz), for ui.perfetto.dev\n"
      "and for `harness gil-report FILE`");
  add(kReportFlag, texts.report, "FILE", "Write the report as JSON");
  add(kLongHoldFlag, texts.long_hold, "SECONDS",
      "Say who kept the GIL for so long after a waiter's first timeout (default 0.005)");
  add(kMemoryFlag, texts.memory, "SIZE", "For what is recorded: 16M and more (default 64M)");
}

TraceOptions take_trace_values(const TraceTexts& texts) {
  TraceOptions options;
  options.timeline = texts.timeline;
  options.report = texts.report;
  if (texts.long_hold) options.long_hold_s = parse_seconds(kLongHoldFlag, *texts.long_hold, 3600);
  if (texts.memory) options.memory = parse_memory(*texts.memory);
  return options;
}

}  // namespace harness
