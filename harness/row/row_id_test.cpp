// harness/row/row_id_test.cpp: a name that does not say what the row is.
#include "harness/row/row_id.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

const RowId kCeiling{
    "memory", "read3_write1", {{"size", "1280x720"}, {"threads", "2"}, {"stores", "ordinary"}}};

TEST(RowId, HasItsNameMadeOfItsParts) {
  EXPECT_EQ(kCeiling.name(), "memory/read3_write1/size:1280x720/threads:2/stores:ordinary");
  EXPECT_EQ(kCeiling.name_in_workload(), "read3_write1/size:1280x720/threads:2/stores:ordinary");
  EXPECT_EQ((RowId{"gil", "overlap", {{"", "held"}, {"threads", "2"}}}.name()), "gil/overlap/held/threads:2");
  EXPECT_EQ((RowId{"BM_memcpy", "", {}}.name()), "BM_memcpy");
}

TEST(RowId, SaysItsThreadsAndSizeWhereverTheyStand) {
  EXPECT_EQ(kCeiling.threads(), 2);
  EXPECT_EQ(kCeiling.size(), "1280x720");
  EXPECT_EQ((RowId{"gil", "convoy", {{"spinners", "2"}, {"interval_us", "50"}}}.threads()), 0);
}

TEST(RowId, WithOtherThreadsIsTheSameInAllElse) {
  EXPECT_EQ(kCeiling.with("threads", "1").name(),
            "memory/read3_write1/size:1280x720/threads:1/stores:ordinary");
}

TEST(ParseRowId, IsTheOppositeOfName) {
  for (const std::string name :
       {"memory/read3_write1/size:1280x720/threads:2/stores:ordinary", "gil/overlap/held/threads:2",
        "countdown/python/threads:12", "BM_memcpy", "BM_memcpy/8", "a/b//c:", ""}) {
    EXPECT_EQ(parse_row_id(name).name(), name);
  }
  EXPECT_EQ(parse_row_id(kCeiling.name()), kCeiling);
  EXPECT_EQ(parse_row_id("grayscale/openmp/threads:12").threads(), 12);
}

}  // namespace
}  // namespace harness
