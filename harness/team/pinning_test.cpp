// harness/team/pinning_test.cpp: a thread that is not where the map says it is.
#include "harness/team/pinning.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <fstream>
#include <string>
#include <thread>

#include "harness/error.h"

namespace harness {
namespace {

std::vector<int> allowed() {
  cpu_set_t set;
  sched_getaffinity(0, sizeof set, &set);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) cpus.push_back(cpu);
  }
  return cpus;
}

/// The CPUs of a new thread after `action`.
template <typename Action>
std::vector<int> allowed_after(Action action) {
  std::vector<int> cpus;
  std::thread([&] {
    action();
    cpus = allowed();
  }).join();
  return cpus;
}

TEST(Pinning, BindsEachMemberToItsCpuAndBeginsAgainWhereThereAreMoreMembers) {
  const std::vector<int> cpus = allowed();
  const Pinning pinning(cpus);
  for (std::size_t member = 0; member < 2 * cpus.size(); ++member) {
    EXPECT_EQ(allowed_after([&] { pinning.pin_member(static_cast<int>(member)); }),
              (std::vector<int>{cpus[member % cpus.size()]}));
  }
  EXPECT_EQ(allowed(), cpus);  // nobody else's
}

TEST(Pinning, BindsTheThreadsThatAMemberStartsToTheWholeTeamsCpus) {
  const std::vector<int> cpus = allowed();
  const Pinning pinning(cpus);
  const auto inherited = allowed_after([&] {
    pinning.pin_to_all_of(1);
    EXPECT_EQ(allowed_after([] {}), (std::vector<int>{cpus[0]}));
  });
  EXPECT_EQ(inherited, (std::vector<int>{cpus[0]}));
  EXPECT_EQ(allowed_after([&] { pinning.pin_to_all_of(static_cast<int>(cpus.size())); }), cpus);
}

TEST(Pinning, LetsAThreadRunAnywhereAgain) {
  const std::vector<int> cpus = allowed();
  const Pinning pinning(cpus);
  EXPECT_EQ(allowed_after([&] {
              pinning.pin_to_all_of(1);
              pinning.pin_to_any();
            }),
            cpus);
  EXPECT_EQ(allowed_after([] { Pinning().pin_to_any(); }), cpus);
}

TEST(Pinning, ChangesNothingWhereNobodyWantsIt) {
  const std::vector<int> cpus = allowed();
  EXPECT_EQ(allowed_after([] { Pinning().pin_member(0); }), cpus);
  EXPECT_EQ(allowed_after([] { Pinning().pin_to_all_of(1); }), cpus);
  EXPECT_EQ(Pinning().map_of(2), "none");
}

TEST(Pinning, SaysWhereEachThreadRuns) {
  EXPECT_EQ(Pinning({0, 2}).map_of(3), "thread 0 on CPU 0, thread 1 on CPU 2, thread 2 on CPU 0");
}

TEST(CpusOfThisThread, AreWrittenAsLinuxWritesThem) {
  std::ifstream status("/proc/thread-self/status");
  std::string line, cpus;
  while (std::getline(status, line)) {
    if (line.starts_with("Cpus_allowed_list:")) cpus = line.substr(line.find_last_of(" \t") + 1);
  }
  EXPECT_EQ(cpus_of_this_thread(), cpus);
}

TEST(Pinning, SaysThatTheSystemRefuses) {
  EXPECT_THROW(Pinning({CPU_SETSIZE - 1}).pin_member(0), ExperimentError);  // no machine has so many
}

}  // namespace
}  // namespace harness
