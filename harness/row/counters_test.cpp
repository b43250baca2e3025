// harness/row/counters_test.cpp: a counter that is shown in the wrong unit, or tells no story.
#include "harness/row/counters.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace harness {
namespace {

using Strings = std::vector<std::string>;

TEST(CounterTable, HasEachCounterOnceWithAPlaceForItsValue) {
  std::set<std::string_view> names;
  for (const CounterInfo& info : counter_table()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_NE(info.words.find("{}"), std::string_view::npos) << info.name;
  }
}

/// Of percentiles the first stands for all.
std::string first_of_its_family(std::string name) {
  for (const char* const percentile : {"_p90_", "_p99_", "_max_"}) {
    const std::size_t found = name.find(percentile);
    if (found != std::string::npos) return name.replace(found, std::string("_p90_").size(), "_p50_");
  }
  return name;
}

TEST(CounterTable, HasOnlyWhatTheReadmeOfResultsExplains) {
  std::ifstream file(HARNESS_RESULTS_FOLDER "/README.md");
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  ASSERT_NE(readme, "");
  for (const CounterInfo& info : counter_table()) {
    const std::string name(info.name);
    const bool itself = readme.find("`" + name + "`") != readme.npos;
    EXPECT_TRUE(itself || readme.find("`" + first_of_its_family(name) + "`") != readme.npos) << name;
  }
}

TEST(CounterTable, ShowsValuesInTheirUnits) {
  EXPECT_EQ(worded(info_of("gil_wait_share"), 0.611), "GIL wait 61.1 %");
  EXPECT_EQ(worded(info_of("pair_ns"), 1500), "a pair 1.50 µs");
  EXPECT_EQ(value_text(info_of("bytes_per_second"), 29e9), "29.0 GB/s");
  EXPECT_EQ(value_text(info_of("steps_per_second"), 1234567), "1,234,567/s");
  EXPECT_EQ(value_text(info_of("pixels"), 921600), "921,600");
}

TEST(CounterTable, HasWordsForOneAndForSeveral) {
  EXPECT_EQ(worded(info_of("gil_switches"), 1), "1 switch");
  EXPECT_EQ(worded(info_of("gil_switches"), 61), "61 switches");
  EXPECT_EQ(worded(info_of("gil_switches"), 0), "0 switches");
  EXPECT_EQ(worded(info_of("world_stops"), 1), "1 stop of the world");
  EXPECT_EQ(worded(info_of("lock_parks"), 0.5), "0.500 parks on locks");
  for (const CounterInfo& info : counter_table()) {
    for (const double value : {1.0, 2.0}) {
      EXPECT_EQ(worded(info, value).find_first_of("(){}"), std::string::npos) << info.name;
    }
  }
}

TEST(CounterTable, HasTitlesWithoutAValue) {
  EXPECT_EQ(title_of(info_of("account_gil_wait")), "GIL wait");
  EXPECT_EQ(title_of(info_of("account_slower")), "slower");
}

TEST(Story, IsTheTwoCountersThatTellMost) {
  EXPECT_EQ(story_of({{"gil_wait_share", 0.5}, {"gil_held_share", 0.99}, {"cpu_per_wall", 1}}, 2),
            (Strings{"GIL wait 50.0 %", "1.00 cores"}));
  EXPECT_EQ(story_of({{"gil_wait_share", 0}, {"gil_held_share", 0.99}, {"cpu_per_wall", 1}}, 2),
            (Strings{"1.00 cores", "GIL held 99.0 %"}));
  EXPECT_EQ(story_of({{"gil_held_share", 0.5}, {"cpu_per_wall", 1}}, 1), Strings{"GIL held 50.0 %"});
  EXPECT_EQ(story_of({{"gil_acquires", 5}}, 2), Strings{});
}

TEST(Story, BeginsWithTheLargestLossOfAnAccount) {
  const Counters spread{{"account_useful", 0.5}, {"account_slower", 0.46}, {"account_idle", 0.04}};
  const auto with = [&](Counters more) {
    more.insert(spread.begin(), spread.end());
    return story_of(more, 2);
  };
  EXPECT_EQ(with({{"cpu_per_wall", 1.99}}), (Strings{"slower CPU 46.0 %", "1.99 cores"}));
  EXPECT_EQ(with({{"account_gil_wait", 0.48}, {"gil_wait_share", 0.48}, {"cpu_per_wall", 1}}),
            (Strings{"GIL wait 48.0 %", "1.00 cores"}));
  EXPECT_EQ(story_of({{"account_useful", 0.97}, {"account_idle", 0.03}, {"cpu_per_wall", 2}}, 2),
            Strings{"2.00 cores"})
      << "a small loss is no story";
}

}  // namespace
}  // namespace harness
