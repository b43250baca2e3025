// harness/commands/trace_flags.cpp: the words of `harness trace`.
#include "harness/commands/trace_flags.h"

#include <charconv>
#include <string>

#include "harness/error.h"
#include "harness/parameters/values.h"

namespace harness {
namespace {

constexpr const char* kTimelineFlag = "--timeline";
constexpr const char* kReportFlag = "--report";
constexpr const char* kLongHoldFlag = "--long-hold";
constexpr const char* kMemoryFlag = "--trace-memory";

double parse_long_hold(const std::string& flag, const std::string& text) {
  return parse_seconds(flag, text, 3600);
}

/// "64M" as bytes.
std::size_t parse_memory(const std::string& flag, const std::string& text) {
  constexpr std::int64_t kLeast_M = 16;
  constexpr std::int64_t kMost_M = 65'536;
  const bool gibi = text.ends_with('G');
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, number);
  const bool is_size = error == std::errc() && unit + 1 == end && (*unit == 'M' || gibi) && number <= kMost_M;
  const std::int64_t mebibytes = !is_size ? 0 : gibi ? number * 1024 : number;
  if (mebibytes < kLeast_M || mebibytes > kMost_M) {
    throw UserError(flag + "=" + text +
                    ": give a size from 16M to 64G with its unit, for instance 64M or 1G");
  }
  return static_cast<std::size_t>(mebibytes) << 20;
}

/// Throws UserError.
void complete_trace(Options& options) {
  if (options.compares) throw UserError("--python: a program is traced on one interpreter");
}

}  // namespace

CommandWords trace_words() {
  return {
      .name = "trace",
      .help =
          "Run a program as python would, and say who held the GIL, who waited, and for what:\n"
          "harness trace [--python=SPEC] [--timeline=FILE] [--report=FILE] [--long-hold=SECONDS]\n"
          "[--trace-memory=SIZE] WORD…, the words as python gets them. Ends as the program does",
      .runs = Runs::program,
      .flags =
          {{.flag = kTimelineFlag,
            .value = "FILE",
            .help = "Write the last part of what each thread did (.json or .json.gz), for ui.perfetto.dev\n"
                    "and for `harness gil-report FILE`"},
           {.flag = kReportFlag, .value = "FILE", .help = "Write the report as JSON"},
           {.flag = kLongHoldFlag,
            .value = "SECONDS",
            .help = "Say who kept the GIL for so long after a waiter's first timeout (default 0.005)",
            .check = [](const std::string& flag, const std::string& text) { parse_long_hold(flag, text); }},
           {.flag = kMemoryFlag,
            .value = "SIZE",
            .help = "For what is recorded: 16M and more (default 64M)",
            .check = [](const std::string& flag, const std::string& text) { parse_memory(flag, text); }}},
      .shared_flags = {"--python", "--color"},
      .complete = complete_trace};
}

TraceOptions trace_options(const Options& options) {
  const ParameterValues& values = options.command_values;
  TraceOptions trace{
      .timeline = values.text(kTimelineFlag), .report = values.text(kReportFlag), .long_hold_s = {}};
  if (const std::string text = values.text(kLongHoldFlag); !text.empty())
    trace.long_hold_s = parse_long_hold(kLongHoldFlag, text);
  if (const std::string text = values.text(kMemoryFlag); !text.empty())
    trace.memory = parse_memory(kMemoryFlag, text);
  return trace;
}

}  // namespace harness
