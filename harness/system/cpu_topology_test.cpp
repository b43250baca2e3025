// harness/system/cpu_topology_test.cpp: two threads that are bound to one core and take it from one another.
#include "harness/system/cpu_topology.h"

#include <gtest/gtest.h>

#include "harness/system/test_folder.h"

namespace harness {
namespace {

class CpuTopology : public testing::Test {
 protected:
  void cpu(int number, int package, int core) const {
    const std::string folder = "sys/devices/system/cpu/cpu" + std::to_string(number) + "/topology/";
    root_.write(folder + "physical_package_id", std::to_string(package) + "\n");
    root_.write(folder + "core_id", std::to_string(core) + "\n");
  }

  TestFolder root_;
};

TEST_F(CpuTopology, UsesEachPhysicalCoreOnceBeforeAnyTwice) {
  // Two packages of two cores with two hardware threads each, numbered as Linux does.
  for (int thread = 0; thread < 2; ++thread) {
    for (int core = 0; core < 4; ++core) cpu(4 * thread + core, core / 2, core % 2);
  }
  const auto cores = cores_of({0, 1, 2, 3, 4, 5, 6, 7}, root_.path());
  EXPECT_EQ(cores[6], (CoreOfCpu{.cpu = 6, .package = 1, .core = 0}));
  EXPECT_EQ(count_cores(cores), 4U);
  EXPECT_EQ(distinct_cores_first(cores), (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(CpuTopology, UsesEachPhysicalCoreOnceAlsoWhereSiblingsAreNeighbours) {
  for (int number = 0; number < 4; ++number) cpu(number, 0, number / 2);
  EXPECT_EQ(distinct_cores_first(cores_of({0, 1, 2, 3}, root_.path())), (std::vector<int>{0, 2, 1, 3}));
}

TEST_F(CpuTopology, TellsWhichCoresAreAlike) {
  const auto write = [&](int cpu, const char* file, const char* text) {
    root_.write("sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/" + file, text);
  };
  EXPECT_EQ(alike({0, 1}, root_.path()), (std::vector{0, 1})) << "nothing is known";
  for (const int cpu : {0, 2}) write(cpu, "cpufreq/cpuinfo_max_freq", "5000000\n");
  for (const int cpu : {1, 3}) write(cpu, "cpufreq/cpuinfo_max_freq", "3800000\n");
  EXPECT_EQ(alike({0, 1, 2, 3}, root_.path()), (std::vector{0, 2}));
  EXPECT_EQ(alike({3, 2, 1}, root_.path()), (std::vector{3, 1}));
  write(2, "cpu_capacity", "512\n");
  EXPECT_EQ(alike({0, 1, 2, 3}, root_.path()), std::vector{0});
  EXPECT_TRUE(alike({}, root_.path()).empty());
}

TEST_F(CpuTopology, KnowsOnlyTheCpusItIsGiven) {
  for (int number = 0; number < 4; ++number) cpu(number, 0, number / 2);
  EXPECT_EQ(distinct_cores_first(cores_of({1, 3}, root_.path())), (std::vector<int>{1, 3}));
}

TEST_F(CpuTopology, TellsWhetherTwoCpusShareACore) {
  // Two packages, whose cores have the same numbers.
  for (int number = 0; number < 4; ++number) cpu(number, number / 2, 0);
  const CoreMap map(cores_of({0, 1, 2, 3}, root_.path()));
  EXPECT_EQ(map.share_core(0, 1), true);
  EXPECT_EQ(map.share_core(1, 1), true);
  EXPECT_EQ(map.share_core(1, 2), false);
  EXPECT_EQ(map.share_core(1, 4), std::nullopt);
  EXPECT_EQ(map.share_core(-1, 1), std::nullopt);
  EXPECT_EQ(map.cpus_of_cores(), (std::vector<std::vector<int>>{{0, 1}, {2, 3}}));
  EXPECT_EQ(CoreMap(map.cpus_of_cores()), map);
  EXPECT_EQ(CoreMap().share_core(0, 0), std::nullopt);
}

TEST_F(CpuTopology, KnowsEachCpuOfThisMachine) {
  EXPECT_EQ(cores_of_this_machine().share_core(0, 0), true);
}

TEST_F(CpuTopology, TakesEachCpuForACoreWhereTheSystemDoesNotTell) {
  const auto cores = cores_of({0, 1, 2}, root_.path());
  EXPECT_EQ(count_cores(cores), 3U);
  EXPECT_EQ(distinct_cores_first(cores), (std::vector<int>{0, 1, 2}));
}

}  // namespace
}  // namespace harness
