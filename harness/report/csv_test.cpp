// harness/report/csv_test.cpp: a text with commas and line breaks in it, a number that reads back as another.
#include "harness/report/csv.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(Csv, HasALineOfKeysAndALineARow) {
  EXPECT_EQ(csv_text({.columns = {{.key = "a", .title = "people read this"}, {.key = "b"}}}), "a,b\n");
  EXPECT_EQ(csv_text({.columns = {{.key = "a"}, {.key = "b"}}, .rows = {{{"1"}, {"2"}}, {{"3"}}}}),
            "a,b\n1,2\n3,\n");
}

TEST(Csv, QuotesAsRfc4180Does) {
  EXPECT_EQ(csv_text({.columns = {{.key = "why"}}, .rows = {{{"ValueError: \"a\", b\nsecond line"}}}}),
            "why\n\"ValueError: \"\"a\"\", b\nsecond line\"\n");
}

TEST(Csv, WritesNumbersThatReadBackAsTheSame) {
  EXPECT_EQ(csv_number(0.1), "0.1");
  EXPECT_EQ(csv_number(1.0 / 3), "0.3333333333333333");
}

}  // namespace
}  // namespace harness
