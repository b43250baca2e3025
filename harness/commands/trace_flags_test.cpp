// harness/commands/trace_flags_test.cpp: where a program's command line begins, and what is recorded of it.
#include "harness/commands/trace_flags.h"

#include <gtest/gtest.h>

#include <vector>

#include "harness/error.h"

namespace harness::trace_flags_test {
namespace {

const std::vector<CommandWords> kCommands{{.name = "run", .help = "", .runs = Runs::rows}, trace_words()};

int own(std::vector<const char*> words) {
  words.insert(words.begin(), "harness");
  return own_words(static_cast<int>(words.size()), words.data(), kCommands);
}

Options options_of(std::vector<const char*> words) {
  words.insert(words.begin(), "harness");
  return parse_options(static_cast<int>(words.size()), words.data(), 2,
                       {.commands = kCommands,
                        .workloads = {},
                        .strategies = {},
                        .parameters = {},
                        .formats = {kConsole}})
      .options;
}

TEST(OwnWords, EndWithTheFirstThatIsNoFlagOfTheTrace) {
  EXPECT_EQ(own({"trace", "script.py", "--report=x"}), 2);
  EXPECT_EQ(own({"trace", "--report=x", "script.py"}), 3);
  EXPECT_EQ(own({"trace", "--report", "x", "--python=3.14", "-m", "json.tool"}), 5);
  EXPECT_EQ(own({"trace", "-X", "dev"}), 2);
  EXPECT_EQ(own({"trace", "-"}), 2);
  EXPECT_EQ(own({"trace"}), 2);
  EXPECT_EQ(own({"trace", "--version"}), 2) << "Python's own";
  EXPECT_EQ(own({"trace", "--reporting", "x"}), 2);
  EXPECT_EQ(own({"trace", "trace", "--report=x"}), 2);
}

TEST(OwnWords, MayComeBeforeTheCommand) {
  EXPECT_EQ(own({"--python=3.14", "trace", "script.py"}), 3);
  EXPECT_EQ(own({"--python", "3.14", "trace", "script.py"}), 4);
}

TEST(OwnWords, AreAllWhereNothingIsTraced) {
  EXPECT_EQ(own({}), 1);
  EXPECT_EQ(own({"--filter=trace", "--list"}), 3);
  EXPECT_EQ(own({"gil-report", "trace"}), 3);
  EXPECT_EQ(own({"--out", "trace"}), 3);
}

TEST(TraceFlags, AreTaken) {
  const Options options = options_of({"--python=3.14", "trace", "--report=r.json", "--timeline", "t.json",
                                      "--long-hold=0.001", "--trace-memory=1G", "script.py", "--report=x"});
  EXPECT_EQ(options.command, "trace");
  EXPECT_EQ(options.rest, (std::vector<std::string>{"script.py", "--report=x"}));
  const TraceOptions trace = trace_options(options);
  EXPECT_EQ(trace.report, "r.json");
  EXPECT_EQ(trace.timeline, "t.json");
  EXPECT_EQ(trace.long_hold_s, 0.001);
  EXPECT_EQ(trace.memory, std::size_t{1} << 30);
}

TEST(TraceFlags, HaveDefaults) {
  const TraceOptions trace = trace_options(options_of({"trace", "script.py"}));
  EXPECT_EQ(trace.report, "");
  EXPECT_EQ(trace.timeline, "");
  EXPECT_FALSE(trace.long_hold_s);
  EXPECT_EQ(trace.memory, std::size_t{64} << 20);
}

TEST(TraceFlags, AreChecked) {
  for (const std::string memory : {"64", "8M", "1T", "-1M", "M"}) {
    EXPECT_THROW(options_of({"trace", ("--trace-memory=" + memory).c_str()}), UserError) << memory;
  }
  for (const std::string seconds : {"0", "-1", "x", "1e9"}) {
    EXPECT_THROW(options_of({"trace", ("--long-hold=" + seconds).c_str()}), UserError) << seconds;
  }
  EXPECT_THROW(options_of({"trace", "--trace-memory", ""}), UserError);
  EXPECT_THROW(options_of({"--python=3.13", "--python=3.14", "trace", "script.py"}), UserError);
}

}  // namespace
}  // namespace harness::trace_flags_test
