// harness/system/cpu_info_test.cpp: what different kernels say about their CPUs.
#include "harness/system/cpu_info.h"

#include <gtest/gtest.h>

#include "harness/system/test_folder.h"

namespace harness {
namespace {

using Cpus = std::vector<int>;

TEST(CpuInfo, NamesTheModel) {
  EXPECT_EQ(
      parse_cpu_model("processor\t: 0\nmodel\t\t: 2\nmodel name\t: AMD EPYC 9554\nmodel name\t: other\n"),
      "AMD EPYC 9554");
}

TEST(CpuInfo, NamesTheModelOfAnArmByBoardOrByPart) {
  EXPECT_EQ(parse_cpu_model("CPU implementer\t: 0x41\nCPU part\t: 0xd0b\nModel\t\t: Raspberry Pi 5\n"),
            "Raspberry Pi 5");
  EXPECT_EQ(
      parse_cpu_model("processor\t: 0\nCPU implementer\t: 0x41\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\n"),
      "implementer 0x41 part 0xd0c");
}

TEST(CpuInfo, SaysWhenTheModelIsUnknown) {
  EXPECT_EQ(parse_cpu_model(""), "unknown");
  EXPECT_EQ(parse_cpu_model("model name\t:\n"), "unknown");
}

TEST(CpuInfo, ExpandsListsOfCpus) {
  EXPECT_EQ(parse_cpu_list("0-3,8,10-11\n"), (Cpus{0, 1, 2, 3, 8, 10, 11}));
  EXPECT_EQ(parse_cpu_list("5"), Cpus{5});
  EXPECT_EQ(parse_cpu_list(""), Cpus{});
  EXPECT_EQ(parse_cpu_list("x,7,"), Cpus{7});
}

TEST(CpuInfo, ReadsTheCaches) {
  const TestFolder root;
  const std::filesystem::path cache = "sys/devices/system/cpu/cpu0/cache";
  root.write(cache / "index0/level", "1\n");
  root.write(cache / "index0/type", "Data\n");
  root.write(cache / "index0/size", "48K\n");
  root.write(cache / "index0/shared_cpu_list", "0\n");
  root.write(cache / "index1/level", "3\n");
  root.write(cache / "index1/type", "Unified\n");
  root.write(cache / "index1/size", "32M\n");
  root.write(cache / "index1/shared_cpu_list", "0-7\n");
  const auto caches = read_cpu_caches(root.path());
  ASSERT_EQ(caches.size(), 2U);
  EXPECT_EQ(caches[0].level, 1);
  EXPECT_EQ(caches[0].type, "Data");
  EXPECT_EQ(caches[0].size_bytes, 48U << 10);
  EXPECT_EQ(caches[0].shared_by_cpus, 1);
  EXPECT_EQ(caches[1].level, 3);
  EXPECT_EQ(caches[1].type, "Unified");
  EXPECT_EQ(caches[1].size_bytes, 32U << 20);
  EXPECT_EQ(caches[1].shared_by_cpus, 8);
}

TEST(CpuInfo, HasNoCachesWhereTheKernelDoesNotTell) {
  const TestFolder root;
  EXPECT_TRUE(read_cpu_caches(root.path()).empty());
}

}  // namespace
}  // namespace harness
