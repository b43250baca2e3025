// harness/cli/help_test.cpp: a flag that no help names, or that of another command.
#include <gtest/gtest.h>

#include "harness/cli/options_fixture.h"

namespace harness::options_test {
namespace {

TEST(Help, NamesEveryFlag) {
  const std::string help = parse({"--help"}).text;
  for (const std::string flag : {"--filter",          "--list",          "--shuffle-rows",
                                 "--threads",         "--python",        "--list-pythons",
                                 "--switch-interval", "--scripts",       "--countdown-steps",
                                 "--sum-n",           "--image",         "--size",
                                 "--sizes",           "--python-pixels", "--streaming-above",
                                 "--kernel",          "--repetitions",   "--min-time",
                                 "--patience",        "--pin",           "--out",
                                 "--format",          "--color",         "--account",
                                 "--version",         "--help"}) {
    EXPECT_TRUE(contains(help, "  " + flag) || contains(help, "," + flag)) << flag << " in\n" << help;
  }
  EXPECT_EQ(parse({}).text, "");
}

TEST(Help, OfACommandHasTheFlagsThatMeanSomethingToIt) {
  const std::string show = parse({"show", "--help"}).text;
  EXPECT_TRUE(contains(show, "Usage: harness show [OPTIONS] FILE…\n")) << show;
  EXPECT_TRUE(contains(show, "  FILE REQUIRED ")) << show;
  // How far flags are indented is CLI11's.
  EXPECT_LT(show.find("\nThe report:\n"), show.find(" --format FORMAT")) << show;
  EXPECT_LT(show.find(" --format FORMAT"), show.find("\nComparing interpreters:\n")) << show;
  EXPECT_LT(show.find("\nComparing interpreters:\n"), show.find(" --margin PERCENT ")) << show;
  EXPECT_TRUE(contains(show, " --margin PERCENT ")) << show;
  for (const std::string flag : {"--rounds", "--out", "--repetitions", "--parent", "--version"})
    EXPECT_FALSE(contains(show, " " + flag + " ")) << flag << show;
  const std::string run = parse({"run", "--help"}).text;
  for (const std::string flag : {"--filter", "--rounds", "--countdown-steps", "--out", "--pin"})
    EXPECT_TRUE(contains(run, " " + flag + " ")) << flag << run;
  EXPECT_FALSE(contains(run, "--parent"));
}

TEST(Help, SaysWhichRowsRunOnlyWhereTheyAreAskedFor) {
  EXPECT_TRUE(contains(parse({"--help"}).text, "(default: all but those of processes, gil;"));
}

TEST(Version, IsALine) {
  const std::string version = parse({"--version"}).text;
  EXPECT_TRUE(version.starts_with("harness ")) << version;
  EXPECT_EQ(version.find('\n'), version.size() - 1) << version;
}

}  // namespace
}  // namespace harness::options_test
