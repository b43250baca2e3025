// harness/cli/command_words_test.cpp: a command that is asked for, and not heard.
#include "harness/cli/command_words.h"

#include <gtest/gtest.h>

#include "harness/cli/options.h"
#include "harness/error.h"
#include "harness/parameters/values.h"
#include "harness/testing/assertions.h"

namespace harness::command_words_test {
namespace {

using Strings = std::vector<std::string>;

void complete_watch(Options& options) {
  if (options.command_values.text("--for").empty()) throw UserError("watch: say for how long");
  if (!options.was_given("--repetitions")) options.repetitions = 1;
}

const std::vector<CommandWords> kCommands{
    {.name = "run", .help = "", .runs = Runs::rows},
    {.name = "watch",
     .help = "Look on",
     .flags = {{.flag = "--for",
                .value = "SECONDS",
                .help = "How long",
                .check = [](const std::string& flag,
                            const std::string& text) { parse_seconds(flag, text, 60); }},
               {.flag = "--at", .value = "PLACE", .help = "Where (default here)", .default_text = "here"}},
     .shared_flags = {"--min-time", "--repetitions"},
     .footer = "It looks, and does nothing.",
     .takes_dashes = true,
     .error_status = 77,
     .complete = complete_watch},
    {.name = "start",
     .help = "",
     .runs = Runs::program,
     .flags = {{.flag = "--at", .value = "PLACE", .help = "Where"}},
     .shared_flags = {"--python", "--color"}}};

std::vector<const char*> argv_of(const Strings& words) {
  std::vector<const char*> argv{"harness"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  return argv;
}

Parsed parse(const Strings& words) {
  const auto argv = argv_of(words);
  return parse_options(
      static_cast<int>(argv.size()), argv.data(), 2,
      {.commands = kCommands, .workloads = {}, .strategies = {}, .parameters = {}, .formats = {kConsole}});
}

Options options_of(const Strings& words) {
  return parse(words).options;
}

std::string refusal_of(const Strings& words) {
  return error_of([&] { parse(words); });
}

std::optional<int> status_of(const Strings& words) {
  const auto argv = argv_of(words);
  return error_status(static_cast<int>(argv.size()), argv.data(), kCommands);
}

int own(const Strings& words) {
  const auto argv = argv_of(words);
  return own_words(static_cast<int>(argv.size()), argv.data(), kCommands);
}

TEST(CommandsOwnFlags, AreTakenBehindItsName) {
  const Options options = options_of({"watch", "--for=5", "--min-time=1"});
  EXPECT_EQ(options.command, "watch");
  EXPECT_EQ(options.command_values.text("--for"), "5");
  EXPECT_EQ(options.command_values.text("--at"), "here");
  EXPECT_EQ(options.given_flags, Strings{"--min-time=1"});
  EXPECT_TRUE(contains(refusal_of({"--for=5", "watch"}), "--for"));
  EXPECT_TRUE(contains(refusal_of({"--for=5"}), "--for"));
}

TEST(CommandsOwnFlags, AreCheckedEachAndTogether) {
  EXPECT_EQ(refusal_of({"watch", "--for=61"}), "--for=61: give a number of seconds above 0 and up to 60");
  EXPECT_EQ(refusal_of({"watch"}), "watch: say for how long");
}

TEST(CommandsOwnFlags, CompleteWhatWasNotGiven) {
  EXPECT_EQ(options_of({"watch", "--for=5"}).repetitions, 1);
  EXPECT_EQ(options_of({"watch", "--for=5", "--repetitions=2"}).repetitions, 2);
}

TEST(CommandsOwnFlags, StandInItsHelp) {
  const std::string help = parse({"watch", "--help"}).text;
  for (const char* const text : {"Look on", "--for SECONDS", "How long", "It looks, and does nothing."})
    EXPECT_TRUE(contains(help, text)) << help;
  EXPECT_FALSE(contains(help, "Examples:"));
  EXPECT_FALSE(contains(parse({"--help"}).text, "--for SECONDS"));
  EXPECT_TRUE(contains(parse({"run", "--help"}).text, "Examples:"));
}

TEST(WordsOfOthers, AreBehindDashesWhereTheCommandTakesThem) {
  EXPECT_EQ(own({"watch", "--for=5", "--", "make"}), 3);
  EXPECT_EQ(own({"--out=x", "--", "watch"}), 4);
  EXPECT_EQ(options_of({"watch", "--for=5", "--", "make", "--for=6"}).rest,
            (Strings{"--", "make", "--for=6"}));
  EXPECT_EQ(options_of({"watch", "--for=5"}).rest, Strings{});
}

TEST(WordsOfOthers, BeginWithTheFirstThatIsNoFlagOfACommandThatRunsAProgram) {
  EXPECT_EQ(own({"start", "--at=x", "--python", "3.14", "--for=5", "watch"}), 5);
  EXPECT_EQ(own({"start", "--", "watch"}), 2);
  EXPECT_EQ(options_of({"start", "--at", "x", "a.py", "--at=y"}).rest, (Strings{"a.py", "--at=y"}));
}

TEST(ErrorStatus, IsTheCommandsWhereItsNameStandsAmongThisProgramsWords) {
  EXPECT_EQ(status_of({"watch", "--nosuch"}), 77);
  EXPECT_EQ(status_of({"--nosuch", "watch"}), 77);
  EXPECT_EQ(status_of({"--out", "start", "watch"}), 77);
  EXPECT_FALSE(status_of({"run", "--nosuch"}));
  EXPECT_FALSE(status_of({"start", "watch"}));
  EXPECT_FALSE(status_of({"run", "--", "watch"}));
  EXPECT_FALSE(status_of({}));
}

}  // namespace
}  // namespace harness::command_words_test
