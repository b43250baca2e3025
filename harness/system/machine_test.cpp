// harness/system/machine_test.cpp: facts out of made-up files, and the machine that the tests run on.
#include "harness/system/machine.h"

#include <gtest/gtest.h>

#include "harness/system/test_folder.h"

namespace harness {
namespace {

constexpr std::string_view kMeminfo = "MemTotal:       1000 kB\nMemFree:  10 kB\nMemAvailable:    600 kB\n";

TEST(Machine, ReadsMeminfoInBytes) {
  const MemoryFacts memory = parse_meminfo(kMeminfo);
  EXPECT_EQ(memory.total_bytes, 1'024'000U);
  EXPECT_EQ(memory.available_bytes, 614'400U);
  EXPECT_EQ(parse_meminfo("").available_bytes, 0U);
}

TEST(Machine, NamesTheDistribution) {
  EXPECT_EQ(parse_distribution("NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
            "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(parse_distribution("PRETTY_NAME='Arch Linux'"), "Arch Linux");
  EXPECT_EQ(parse_distribution("PRETTY_NAME=Void\n"), "Void");
  EXPECT_EQ(parse_distribution("NAME=x\n"), "unknown");
}

TEST(Machine, SaysHowAddressesAreRandomized) {
  EXPECT_EQ(describe_aslr("2\n", false), "full");
  EXPECT_EQ(describe_aslr("1\n", false), "partial");
  EXPECT_EQ(describe_aslr("0\n", false), "off");
  EXPECT_EQ(describe_aslr("2\n", true), "off");
  EXPECT_EQ(describe_aslr("", false), "unknown");
}

TEST(Machine, GathersItsFactsFromBelowTheRoot) {
  const TestFolder root;
  root.write("proc/cpuinfo", "model name : Test CPU\n");
  root.write("proc/loadavg", "0.50 1.25 2.00 3/456 789\n");
  root.write("proc/meminfo", kMeminfo);
  root.write("proc/sys/kernel/randomize_va_space", "1\n");
  root.write("proc/self/mountinfo", "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  root.write("proc/self/cgroup", "0::/\n");
  root.write("sys/fs/cgroup/cpu.max", "50000 100000\n");
  root.write("sys/fs/cgroup/memory.max", "500000\n");
  root.write("sys/fs/cgroup/memory.current", "100000\n");
  root.write("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
  root.write("etc/os-release", "PRETTY_NAME=\"Test OS\"\n");
  const Machine machine = describe_machine(root.path());
  EXPECT_EQ(machine.cpu_model, "Test CPU");
  EXPECT_EQ(machine.cpu_quota_cores, 0.5);
  EXPECT_EQ(allowed_cores(machine), 0.5);
  EXPECT_EQ(machine.governor, "powersave");
  EXPECT_EQ(machine.load_average, (std::array{0.5, 1.25, 2.0}));
  EXPECT_EQ(machine.memory.total_bytes, 500'000U);
  EXPECT_EQ(machine.memory.available_bytes, 400'000U);
  EXPECT_EQ(machine.distribution, "Test OS");
}

TEST(Machine, LeavesOpenWhatItIsNotTold) {
  const TestFolder root;
  const Machine machine = describe_machine(root.path());
  EXPECT_EQ(machine.cpu_model, "unknown");
  EXPECT_EQ(machine.governor, "unknown");
  EXPECT_EQ(machine.distribution, "unknown");
  EXPECT_EQ(machine.load_average, std::nullopt);
  EXPECT_EQ(machine.cpu_quota_cores, std::nullopt);
  EXPECT_TRUE(machine.caches.empty());
}

TEST(Machine, KnowsTheOneItRunsOn) {
  const Machine machine = describe_machine();
  ASSERT_FALSE(machine.allowed_cpus.empty());
  EXPECT_LE(allowed_cores(machine), static_cast<double>(machine.allowed_cpus.size()));
  EXPECT_GT(allowed_cores(machine), 0);
  EXPECT_GT(machine.memory.available_bytes, 0U);
  EXPECT_LE(machine.memory.available_bytes, machine.memory.total_bytes);
  EXPECT_EQ(machine.kernel.substr(0, 6), "Linux ");
}

}  // namespace
}  // namespace harness
