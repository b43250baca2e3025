// harness/report/run_document_test.cpp: a section that mixes sizes, a counter that is lost in the data.
#include "harness/report/run_document.h"

#include <gtest/gtest.h>

#include "harness/report/csv.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

TEST(RunDocument, HasASectionForEachWorkloadAndSize) {
  const Document document = run_document({moving_row("memory/copy/size:8x4/threads:1", 1, 32),
                                          pixels_row("gray/python/size:8x4/threads:1", 1, 32),
                                          pixels_row("gray/native/size:8x4/threads:1", 0.5, 32),
                                          pixels_row("gray/native/size:2x2/threads:1", 1, 4)},
                                         RunColumns(), {});
  ASSERT_EQ(document.sections.size(), 3U);
  EXPECT_EQ(document.sections[0].title, "memory 8x4");
  EXPECT_EQ(document.sections[0].note, "(what bounds grayscale: its traffic without its arithmetic)");
  EXPECT_EQ(document.sections[1].title, "gray 8x4");
  EXPECT_EQ(document.sections[1].sentences,
            std::vector<std::string>{"native on 1 thread was 2.00 × as fast as pure Python."});
  EXPECT_EQ(document.sections[1].tables[0].rows.size(), 2U);
  EXPECT_EQ(document.sections[2].title, "gray 2x2");
}

TEST(RunData, HasMedianVariationAndEveryCounterThatAnyRowHas) {
  std::vector<Row> rows{timed_row("sum/python/threads:2", {2, 6, 4}),
                        timed_row("gray/x/size:8x4/threads:1", 1),
                        untimed_row("sum/python/threads:2", "does not apply: no, really")};
  rows[0].counters = {{"speedup", 1.5}};
  rows[1].counters = {{"pixels", 8}};
  EXPECT_EQ(csv_text(run_data(rows)),
            "name,workload,strategy,size,threads,repetitions,median_s,cv,pixels,speedup,error\n"
            "sum/python/threads:2,sum,python,,2,3,4,0.5,,1.5,\n"
            "gray/x/size:8x4/threads:1,gray,x,8x4,1,1,1,,8,,\n"
            "sum/python/threads:2,sum,python,,2,0,,,,,\"does not apply: no, really\"\n");
  EXPECT_EQ(csv_text(run_data({})), "name,workload,strategy,size,threads,repetitions,median_s,cv,error\n");
}

}  // namespace
}  // namespace harness
