// harness/system/cgroup_test.cpp: both versions of control groups, out of made-up /proc and /sys folders.
#include "harness/system/cgroup.h"

#include <gtest/gtest.h>

#include "harness/system/test_folder.h"

namespace harness {
namespace {

using Paths = std::vector<std::filesystem::path>;

constexpr std::string_view kV2Mount =
    "24 1 0:22 / /proc rw - proc proc rw\n"
    "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

constexpr std::string_view kV1Mounts =
    "33 32 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct\n"
    "34 32 0:31 / /sys/fs/cgroup/memory rw shared:11 - cgroup cgroup rw,memory\n"
    "41 32 0:38 / /sys/fs/cgroup/unified rw shared:18 - cgroup2 cgroup2 rw\n";

constexpr std::string_view kV1Groups = "4:memory:/box\n2:cpu,cpuacct:/box/job\n0::/somewhere\n";

TEST(Cgroup, WalksFromItsOwnFolderUpToTheMountPoint) {
  const TestFolder root;
  root.write("proc/self/mountinfo", kV2Mount);
  root.write("proc/self/cgroup", "0::/user.slice/run.scope\n");
  const auto top = root.path() / "sys/fs/cgroup";
  EXPECT_EQ(cgroup_folders(root.path(), "cpu"),
            (Paths{top / "user.slice/run.scope", top / "user.slice", top}));
}

TEST(Cgroup, TakesTheTightestQuotaOnTheWay) {
  const TestFolder root;
  root.write("proc/self/mountinfo", kV2Mount);
  root.write("proc/self/cgroup", "0::/outer/inner\n");
  root.write("sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n");
  EXPECT_EQ(read_cgroup_limits(root.path()).cpu_quota_cores, std::nullopt);
  root.write("sys/fs/cgroup/outer/cpu.max", "150000 100000\n");
  EXPECT_EQ(read_cgroup_limits(root.path()).cpu_quota_cores, 1.5);
  root.write("sys/fs/cgroup/outer/inner/cpu.max", "400000 100000\n");
  EXPECT_EQ(read_cgroup_limits(root.path()).cpu_quota_cores, 1.5);
  root.write("sys/fs/cgroup/outer/inner/cpu.max", "50000 100000\n");
  EXPECT_EQ(read_cgroup_limits(root.path()).cpu_quota_cores, 0.5);
}

TEST(Cgroup, CountsCacheThatCanBeReclaimedAsAvailable) {
  const TestFolder root;
  root.write("proc/self/mountinfo", kV2Mount);
  root.write("proc/self/cgroup", "0::/box\n");
  root.write("sys/fs/cgroup/box/memory.max", "1000000\n");
  root.write("sys/fs/cgroup/box/memory.current", "600000\n");
  root.write("sys/fs/cgroup/box/memory.stat", "anon 100000\ninactive_file 500000\n");
  const CgroupLimits limits = read_cgroup_limits(root.path());
  EXPECT_EQ(limits.memory_limit_bytes, 1'000'000U);
  EXPECT_EQ(limits.memory_available_bytes, 900'000U);
}

TEST(Cgroup, HasNoMemoryLeftWhenMoreIsUsedThanAllowed) {
  const TestFolder root;
  root.write("proc/self/mountinfo", kV2Mount);
  root.write("sys/fs/cgroup/memory.max", "1000\n");
  root.write("sys/fs/cgroup/memory.current", "5000\n");
  EXPECT_EQ(read_cgroup_limits(root.path()).memory_available_bytes, 0U);
}

TEST(Cgroup, ReadsTheFirstVersionAlsoBesideTheSecond) {
  const TestFolder root;
  root.write("proc/self/mountinfo", kV1Mounts);
  root.write("proc/self/cgroup", kV1Groups);
  root.write("sys/fs/cgroup/cpu,cpuacct/box/job/cpu.cfs_quota_us", "250000\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/box/job/cpu.cfs_period_us", "100000\n");
  root.write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "2000000\n");
  root.write("sys/fs/cgroup/memory/box/memory.usage_in_bytes", "700000\n");
  root.write("sys/fs/cgroup/memory/box/memory.stat", "inactive_file 1\ntotal_inactive_file 200000\n");
  const CgroupLimits limits = read_cgroup_limits(root.path());
  EXPECT_EQ(limits.cpu_quota_cores, 2.5);
  EXPECT_EQ(limits.memory_limit_bytes, 2'000'000U);
  EXPECT_EQ(limits.memory_available_bytes, 1'500'000U);
}

TEST(Cgroup, KnowsTheFirstVersionsUnlimited) {
  const TestFolder root;
  root.write("proc/self/mountinfo", kV1Mounts);
  root.write("proc/self/cgroup", kV1Groups);
  root.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  const CgroupLimits limits = read_cgroup_limits(root.path());
  EXPECT_EQ(limits.cpu_quota_cores, std::nullopt);
  EXPECT_EQ(limits.memory_limit_bytes, std::nullopt);
  EXPECT_EQ(limits.memory_available_bytes, std::nullopt);
}

// A container without a cgroup namespace sees its folder's name on the host, and the folder itself mounted.
TEST(Cgroup, FindsItsWayInAContainer) {
  const TestFolder root;
  root.write("proc/self/mountinfo", "30 24 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
  const auto top = root.path() / "sys/fs/cgroup";
  root.write("proc/self/cgroup", "0::/docker/abc/job\n");
  EXPECT_EQ(cgroup_folders(root.path(), "cpu"), (Paths{top / "job", top}));
  root.write("proc/self/cgroup", "0::/docker/abc\n");
  EXPECT_EQ(cgroup_folders(root.path(), "cpu"), Paths{top});
  root.write("proc/self/cgroup", "0::/elsewhere\n");
  EXPECT_EQ(cgroup_folders(root.path(), "cpu"), Paths{top});
}

TEST(Cgroup, LimitsNothingWhereThereAreNone) {
  const TestFolder root;
  EXPECT_TRUE(cgroup_folders(root.path(), "cpu").empty());
  const CgroupLimits limits = read_cgroup_limits(root.path());
  EXPECT_EQ(limits.cpu_quota_cores, std::nullopt);
  EXPECT_EQ(limits.memory_limit_bytes, std::nullopt);
}

}  // namespace
}  // namespace harness
