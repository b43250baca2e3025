// harness/cli/options_test.cpp: a flag that does nothing, a mistake that is not reported.
#include "harness/cli/options.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/cli/options_fixture.h"
#include "harness/workloads/image_parameters.h"

namespace harness::options_test {
namespace {

std::vector<ImageSize> sizes_of(const Strings& flags) {
  return image_choice(options_of(flags).values).sizes;
}

TEST(Options, HaveTheDefaultsThatHelpNames) {
  const Options options = options_of({});
  EXPECT_EQ(options.command, "run");
  EXPECT_FALSE(options.list || options.list_pythons || options.compares);
  EXPECT_EQ(options.filter, Options().filter);
  EXPECT_EQ(options.repetitions, 3);
  EXPECT_EQ(options.min_time_s, 0.3);
  EXPECT_EQ(options.values.integer("--countdown-steps"), 10'000'000);
  EXPECT_EQ(options.values.integer("--sum-n"), 5'000'000);
  EXPECT_EQ(image_choice(options.values).sizes, (std::vector<ImageSize>{{1280, 720}}));
  EXPECT_EQ(options.values.integer("--python-pixels"), 1'048'576);
  EXPECT_FALSE(streaming_above_bytes(options.values));
  EXPECT_EQ(image_choice(options.values).file, "");
  EXPECT_EQ(options.pythons.at(0).spec, "");
  EXPECT_FALSE(options.switch_interval_s);
  EXPECT_FALSE(options.patience_s);
  EXPECT_EQ(options.code, "pyc");
  EXPECT_EQ(options.scripts, "");
  EXPECT_EQ(options.out, "");
  EXPECT_EQ(options.format, "console");
  EXPECT_EQ(options.benchmark_flags, Strings{});
}

TEST(Options, HaveEveryFlagsValue) {
  const Options options = options_of(
      {"--filter=sum|gray", "--threads=3,1", "--repetitions=7", "--min-time=0.5", "--countdown-steps=11",
       "--sum-n=12", "--python=3.13t", "--switch-interval=0.001", "--scripts=my scripts", "--out=here",
       "--format=csv", "--size=640x480", "--code=source", "--patience=2.5"});
  EXPECT_EQ(options.filter, "sum|gray");
  EXPECT_EQ(options.threads, (std::vector{1, 3}));
  EXPECT_EQ(options.repetitions, 7);
  EXPECT_EQ(options.min_time_s, 0.5);
  EXPECT_EQ(options.values.integer("--countdown-steps"), 11);
  EXPECT_EQ(options.values.integer("--sum-n"), 12);
  EXPECT_EQ(options.pythons.at(0).spec, "3.13t");
  EXPECT_EQ(options.switch_interval_s, 0.001);
  EXPECT_EQ(options.patience_s, 2.5);
  EXPECT_EQ(options.code, "source");
  EXPECT_EQ(options.scripts, "my scripts");
  EXPECT_EQ(options.out, "here");
  EXPECT_EQ(options.format, "csv");
  EXPECT_EQ(image_choice(options.values).sizes, (std::vector<ImageSize>{{640, 480}}));
  EXPECT_EQ(image_choice(options_of({"--image=photo.jpg"}).values).file, "photo.jpg");
  EXPECT_EQ(options_of({"--format=json"}).format, "json");
  EXPECT_EQ(options_of({"--format=gbench"}).format, "gbench");
  EXPECT_EQ(options_of({"--format=console"}).format, "console");
}

TEST(Options, TakeACommandWithItsOperandsAndFlagsOnEitherSide) {
  const Options shows = options_of({"--format=json", "show", "a.json", "--color=never"});
  EXPECT_EQ(shows.command, "show");
  EXPECT_EQ(shows.operands, (std::vector<std::filesystem::path>{"a.json"}));
  EXPECT_EQ(shows.format, "json");
  const Options runs = options_of({"run", "--filter=sum"});
  EXPECT_EQ(runs.command, "run");
  EXPECT_EQ(runs.filter, "sum");
  EXPECT_TRUE(contains(refusal_of({"show"}), "FILE")) << refusal_of({"show"});
  EXPECT_NE(refusal_of({"run", "show", "a.json"}), "") << "one at a time";
}

TEST(Options, TakeColumnsSeparatedByCommas) {
  EXPECT_EQ(options_of({"--columns=cv,speedup"}).columns, (Strings{"cv", "speedup"}));
  EXPECT_EQ(options_of({}).columns, Strings{});
}

TEST(Options, TakeAValueAfterASpaceToo) {
  const Options options = options_of({"--filter", "sum", "--threads", "2"});
  EXPECT_EQ(options.filter, "sum");
  EXPECT_EQ(options.threads, std::vector{2});
}

TEST(Options, TakeAFilterThatBeginsWithADash) {
  EXPECT_EQ(options_of({"--filter=-opencv"}).filter, "-opencv");
}

TEST(Options, ListTheTaskThatWasAskedFor) {
  EXPECT_TRUE(options_of({"--list"}).list);
  EXPECT_TRUE(options_of({"--list-pythons"}).list_pythons);
}

TEST(Options, TakeOneTwoFourAndAllCoresWithoutThreads) {
  EXPECT_EQ(options_of({}, 1).threads, (std::vector{1, 2, 4}));
  EXPECT_EQ(options_of({}, 3).threads, (std::vector{1, 2, 3, 4}));
  EXPECT_EQ(options_of({}, 96).threads, (std::vector{1, 2, 4, 96}));
  EXPECT_EQ(options_of({}, 5000).threads, (std::vector{1, 2, 4, 1024}));
}

TEST(Options, NameTheFlagAndTheMendOfEveryValueThatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"--threads=0", "'0' is not a thread count; give a list such as 1,2,4, each from 1 to 1,024"},
      {"--repetitions=0", "give a whole number from 1 to 1,000,000"},
      {"--min-time=-1", "give a number of seconds above 0 and up to 86400"},
      {"--countdown-steps=1000000000001", "give a whole number from 1 to 1,000,000,000,000"},
      {"--countdown-steps=-1", "give a whole number from 1 to 1,000,000,000,000"},
      {"--sum-n=4000000001", "give a whole number from 1 to 4,000,000,000"},
      {"--switch-interval=0", "give a number of seconds above 0 and up to 100"},
      {"--patience=0", "give a number of seconds above 0 and up to 86400"},
      {"--size=0x0", "give WIDTHxHEIGHT in pixels, each from 1 to 1,000,000, for instance 1280x720"},
  };
  for (const auto& [flag, mend] : wrong) EXPECT_EQ(refusal_of({flag}), flag + ": " + mend);
}

TEST(Options, NameTheChoicesWhereAWordIsNoneOfThem) {
  for (const std::string choice : {"xml", "console", "json", "csv"}) {
    EXPECT_TRUE(contains(refusal_of({"--format=xml"}), choice));
  }
  for (const std::string choice : {"--color", "maybe", "auto", "always", "never"}) {
    EXPECT_TRUE(contains(refusal_of({"--color=maybe"}), choice));
  }
}

TEST(Options, RefuseWhatIsNoFlagAndPointToHelp) {
  for (const std::string word : {"--fliter=sum", "--thread", "countdown", "-x"}) {
    const std::string error = refusal_of({word});
    EXPECT_TRUE(contains(error, word.substr(0, word.find('='))));
    EXPECT_TRUE(error.ends_with("; --help lists the flags")) << error;
    EXPECT_FALSE(contains(error, "\n"));
  }
}

TEST(Options, RefuseAFlagWithoutItsValue) {
  EXPECT_TRUE(contains(refusal_of({"--python"}), "--python"));
  EXPECT_EQ(refusal_of({"--filter="}), "--filter=: the value is missing; --help lists the flags");
}

TEST(Options, RefuseAnImageWithASize) {
  const std::string error = refusal_of({"--image=photo.jpg", "--size=2x2"});
  EXPECT_TRUE(contains(error, "--image"));
  EXPECT_TRUE(contains(error, "--size"));
}

TEST(Options, TakeSeveralSizesInTheirOrderAndEachOnce) {
  EXPECT_EQ(sizes_of({"--size=8x4", "--size=2x2", "--size", "8x4"}),
            (std::vector<ImageSize>{{8, 4}, {2, 2}}));
  EXPECT_EQ(refusal_of({"--size=8x4", "--size=8"}),
            "--size=8: give WIDTHxHEIGHT in pixels, each from 1 to 1,000,000, for instance 1280x720");
}

TEST(Options, TakeTheCacheFolderFromTheEnvironment) {
  const auto cache_in = [](const char* xdg, const char* home) {
    const Environment cache("XDG_CACHE_HOME", xdg);
    const Environment folder("HOME", home);
    return options_of({}).cache;
  };
  EXPECT_EQ(cache_in("/cache", "/home/me"), "/cache/harness");
  EXPECT_EQ(cache_in(nullptr, "/home/me"), "/home/me/.cache/harness");
  EXPECT_EQ(cache_in("relative", "/home/me"), "/home/me/.cache/harness") << "as the specification says";
  EXPECT_EQ(cache_in(nullptr, nullptr), "");
}

TEST(Options, TakeTheSizesOfTheCurve) {
  EXPECT_EQ(sizes_of({"--sizes=curve"}),
            (std::vector<ImageSize>{{320, 240}, {1280, 720}, {3840, 2160}, {8192, 8192}}));
  EXPECT_TRUE(contains(refusal_of({"--sizes=line"}), "curve"));
  EXPECT_TRUE(contains(refusal_of({"--sizes=curve", "--size=2x2"}), "excludes"));
}

TEST(Options, TakeAThresholdForStreamingAndAnAmountForPython) {
  EXPECT_EQ(streaming_above_bytes(options_of({"--streaming-above=0"}).values), 0);
  EXPECT_EQ(options_of({"--python-pixels=9"}).values.integer("--python-pixels"), 9);
  EXPECT_EQ(refusal_of({"--python-pixels=0"}),
            "--python-pixels=0: give a whole number from 1 to 1,000,000,000,000");
}

TEST(Options, PassGoogleBenchmarksFlagsOnInTheirOrder) {
  const Options options =
      options_of({"--benchmark_min_time=1", "--filter=sum", "--benchmark_counters_tabular"});
  EXPECT_EQ(options.benchmark_flags, (Strings{"--benchmark_min_time=1", "--benchmark_counters_tabular"}));
  EXPECT_EQ(options.filter, "sum");
}

TEST(Options, RefuseAFlagThatMeansNothingToTheCommand) {
  EXPECT_EQ(refusal_of({"show", "a", "--image=x"}),
            "--image: harness show reads files and runs nothing; leave it out");
  EXPECT_EQ(refusal_of({"--pin", "show", "a"}),
            "--pin: harness show reads files and runs nothing; leave it out");
  EXPECT_EQ(refusal_of({"show", "a", "--benchmark_min_time=1"}),
            "--benchmark_min_time: harness show reads files and runs nothing; leave it out");
  EXPECT_EQ(refusal_of({"show", "a", "--color=never", "--margin=1%"}), "");
}

TEST(CommandLine, CanBeTypedAgain) {
  EXPECT_EQ(options_of({"--filter=sum", "--threads=1,2"}).command_line, "harness --filter=sum --threads=1,2");
  EXPECT_EQ(options_of({"--filter=a|b c$"}).command_line, "harness '--filter=a|b c$'");
  EXPECT_EQ(options_of({"--out=it's"}).command_line, "harness '--out=it'\\''s'");
  EXPECT_EQ(options_of({"--filter", ""}).command_line, "harness --filter ''");
  EXPECT_EQ(options_of({"--benchmark_min_time=1"}).command_line, "harness --benchmark_min_time=1");
}

TEST(VariablesOfOpenMpAndPython, AreKeptAsTheyAreWhereARowMayDependOnThem) {
  const Environment threads("OMP_PROC_BIND", "a=b"), other("OMPX", "1");
  const Environment malloc("PYTHONMALLOC", "debug"), colors("PYTHON_COLORS", "1");
  const Variables variables = options_of({}).environment;
  const auto has = [&](const char* name, const char* value) {
    return std::ranges::find(variables, Variables::value_type(name, value)) != variables.end();
  };
  EXPECT_TRUE(has("OMP_PROC_BIND", "a=b"));
  EXPECT_TRUE(has("PYTHONMALLOC", "debug"));
  EXPECT_FALSE(has("OMPX", "1"));
  EXPECT_FALSE(has("PYTHON_COLORS", "1"));
}

TEST(Options, LeavesWhatAComparisonFoundOutOfTheCommandLine) {
  const Options options =
      options_of({"--found=", "--library-facts=AVX2", "--sum-n=5", "--found=a=b c", "--library-facts=4.6.0"});
  EXPECT_EQ(options.found, (Strings{"", "a=b c"}));
  EXPECT_EQ(options.library_facts, (Strings{"AVX2", "4.6.0"}));
  EXPECT_EQ(options.command_line, "harness --sum-n=5");
  EXPECT_EQ(options.arguments.size(), 6U) << "what starts itself again is told the same";
}

}  // namespace
}  // namespace harness::options_test
