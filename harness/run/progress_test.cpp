// harness/run/progress_test.cpp: a line that is left behind on the terminal, a time that is never right.
#include "harness/run/progress.h"

#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <sstream>

namespace harness {
namespace {

/// What `action` writes to standard error.
std::string shown_by(const std::function<void()>& action) {
  std::ostringstream text;
  std::streambuf* const before = std::cerr.rdbuf(text.rdbuf());
  action();
  std::cerr.rdbuf(before);
  return text.str();
}

constexpr const char* kClear = "\r\033[K";

TEST(TimeLeft, IsAsMuchForEachAsThoseThatAreDoneTook) {
  EXPECT_EQ(time_left(1, 4, 10), "0:30");
  EXPECT_EQ(time_left(3, 4, 126), "0:42");
  EXPECT_EQ(time_left(4, 4, 100), "0:00");
}

TEST(TimeLeft, IsInMinutesAndTwoDigitsOfSeconds) {
  EXPECT_EQ(time_left(1, 2, 65.2), "1:05");
  EXPECT_EQ(time_left(1, 2, 59.6), "1:00");
  EXPECT_EQ(time_left(1, 2, 3661), "61:01");
}

TEST(TimeLeft, IsUnknownBeforeTheFirstIsDone) {
  EXPECT_EQ(time_left(0, 4, 10), "");
}

TEST(Progress, CountsExperimentsAndTakesItsLineAwayAtTheEnd) {
  const std::string text = shown_by([] {
    Progress progress(2, 80);
    progress.show("sum/python/threads:1");
    progress.show("sum/native/threads:1");
  });
  EXPECT_EQ(text, std::string(kClear) + "[1/2] sum/python/threads:1" + kClear +
                      "[2/2] sum/native/threads:1  about 0:00 left" + kClear);
}

TEST(Progress, CountsAnExperimentOnceHoweverOftenItIsShown) {
  const std::string text = shown_by([] {
    Progress progress(2, 80);
    for (int repetition = 0; repetition < 3; ++repetition) progress.show("a");
  });
  EXPECT_EQ(text, std::string(kClear) + "[1/2] a" + kClear);
}

TEST(Progress, HasOneLineOfTheTerminalHoweverLongTheName) {
  const std::string text = shown_by([] {
    Progress progress(2, 24);
    progress.show("grayscale/processes/threads:2/start:forkserver");
  });
  EXPECT_EQ(text, std::string(kClear) + "[1/2] grayscale/proces…" + kClear);
}

TEST(Progress, IsShownAnewBelowAMessageThatHasLinesOfItsOwn) {
  const std::string text = shown_by([] {
    Progress progress(2, 80);
    progress.say("before\n");
    progress.show("a");
    progress.say("b failed");
    progress.say("why\n");
    progress.say("");
    progress.clear();
    progress.say("after\n");
  });
  const std::string line = "[1/2] a";
  EXPECT_EQ(text, "before\n" + (kClear + line) + kClear + "b failed\n" + line + kClear + "why\n" + line +
                      kClear + "after\n");
}

TEST(Progress, WritesAMessageAsItIsWhereThereIsNoTerminal) {
  EXPECT_EQ(shown_by([] {
              Progress progress(2, 0);
              progress.show("a");
              progress.say("b failed");
              progress.say("why\n");
            }),
            "b failedwhy\n");
}

TEST(Progress, WritesNothingBeforeItIsShown) {
  EXPECT_EQ(shown_by([] { Progress(2, 80).clear(); }), "");
}

TEST(Progress, WritesNothingWhereThereIsNoTerminal) {
  EXPECT_EQ(shown_by([] {
              Progress progress(1, 0);
              progress.show("a");
              progress.clear();
            }),
            "");
}

}  // namespace
}  // namespace harness
