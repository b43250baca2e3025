// harness/cli/trace_flags_test.cpp: where a program's command line begins.
#include "harness/cli/trace_flags.h"

#include <gtest/gtest.h>

#include <vector>

#include "harness/error.h"

namespace harness {
namespace {

int own(std::vector<const char*> words) {
  words.insert(words.begin(), "harness");
  return own_words(static_cast<int>(words.size()), words.data());
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

TEST(TraceValues, AreChecked) {
  EXPECT_EQ(take_trace_values({.timeline = "", .report = "", .long_hold = "0.001", .memory = "1G"}).memory,
            std::size_t{1} << 30);
  for (const char* const memory : {"64", "8M", "1T", "-1M", "M", ""}) {
    EXPECT_THROW(take_trace_values({.timeline = "", .report = "", .long_hold = {}, .memory = memory}),
                 UserError)
        << memory;
  }
  for (const char* const seconds : {"0", "-1", "x", "1e9"}) {
    EXPECT_THROW(take_trace_values({.timeline = "", .report = "", .long_hold = seconds, .memory = {}}),
                 UserError)
        << seconds;
  }
}

}  // namespace
}  // namespace harness
