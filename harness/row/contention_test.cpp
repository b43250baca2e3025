// harness/row/contention_test.cpp: repetitions that are averaged wrongly, files that say something else.
#include "harness/row/contention.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "harness/row/contention_json.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

Contention contended() {
  return {.sites = {{.what = "a dict's lock",
                     .stack = {"_PyMutex_LockTimed", "dict_pop"},
                     .parks = 4,
                     .spins = 160,
                     .park_ns = 4000,
                     .spin_ns = 800}},
          .stops = {{.why = "garbage collection",
                     .requester = "team 0",
                     .last = "team 1",
                     .stops = 2,
                     .stopping_ns = 100,
                     .stopped_ns = 300,
                     .longest_ns = 500}},
          .lost_ns = 5000};
}

TEST(Contention, OfRepetitionsIsTheirMean) {
  Contention other = contended();
  other.sites[0].parks = 8;
  other.stops[0] = {
      .why = "garbage collection", .stops = 6, .stopping_ns = 200, .stopped_ns = 0, .longest_ns = 900};
  other.lost_ns = 1000;
  const Contention mean = mean_of({contended(), other}, 2);
  ASSERT_EQ(mean.sites.size(), 1U);
  EXPECT_EQ(mean.sites[0].parks, 6);
  EXPECT_EQ(mean.sites[0].spins, 160);
  EXPECT_EQ(mean.lost_ns, 3000);
  ASSERT_EQ(mean.stops.size(), 1U);
  EXPECT_EQ(mean.stops[0].stops, 4);
  EXPECT_EQ(mean.stops[0].stopping_ns, 175);  // (2 · 100 + 6 · 200) / 8
  EXPECT_EQ(mean.stops[0].longest_ns, 900);
  EXPECT_EQ(mean.stops[0].last, "team 1");
}

TEST(Contention, CountsRepetitionsInWhichNobodyWaited) {
  EXPECT_EQ(mean_of({contended()}, 4).sites[0].parks, 1);
  EXPECT_TRUE(mean_of({}, 4).is_empty());
}

TEST(Contention, HasTheTenSitesWithTheMostLostTime) {
  Contention many;
  for (int i = 0; i < 12; ++i) {
    many.sites.push_back({.what = "a lock", .stack = {std::to_string(i)}, .park_ns = 1.0 * i});
  }
  const Contention mean = mean_of({many}, 1);
  ASSERT_EQ(mean.sites.size(), 10U);
  EXPECT_EQ(mean.sites[0].stack[0], "11");
}

TEST(ContentionJson, IsReadAsItWasWritten) {
  const std::string json = contention_json(contended());
  EXPECT_EQ(contention_json(parse_contention(json)), json);
}

TEST(ContentionJson, RefusesWhatItDoesNotWrite) {
  const std::string good = contention_json(contended());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& bad :
       {std::string("{}"), std::string("[1"), with("\"parks\":4.0", "\"parks\":-1"),
        with("\"parks\":4.0", "\"parks\":1e300"), with("\"stack\":[", "\"stack\":1,\"x\":["),
        with("\"why\":\"", "\"why\":3,\"x\":\"")}) {
    EXPECT_THROW(parse_contention(bad), std::runtime_error) << bad;
  }
  EXPECT_EQ(parse_contention(with("dict_pop", "\\u001b[31m")).sites[0].stack[1].find('\033'),
            std::string::npos);
}

TEST(ContentionJson, StandsAtTheEndOfARun) {
  std::string json = "{\n  \"benchmarks\": []\n}\n";
  Row row = timed_row("countdown/python_threads/threads:2", 1);
  insert_contention(json, {row});
  EXPECT_EQ(json, "{\n  \"benchmarks\": []\n}\n");
  row.contention = contended();
  insert_contention(json, {row});
  EXPECT_NE(json.find("\"contention\": {\n  \"countdown/python_threads/threads:2\": {"), std::string::npos);
  EXPECT_TRUE(json.ends_with("}\n}\n")) << json;
}

}  // namespace
}  // namespace harness
