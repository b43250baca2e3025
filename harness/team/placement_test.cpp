// harness/team/placement_test.cpp: members start at home and are free afterwards; who shares a core is seen.
#include "harness/team/placement.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "harness/system/thread_cpu.h"
#include "harness/team/pinning.h"
#include "harness/team/team.h"

namespace harness {
namespace {

const CoreMap kMachine(std::vector<std::vector<int>>{{0, 4}, {1, 5}, {2, 6}, {3, 7}});

std::vector<int> usable_cpus() {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  sched_getaffinity(0, sizeof usable, &usable);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &usable)) cpus.push_back(cpu);
  }
  return cpus;
}

TEST(Placement, HasAHomeForEachMemberWhereThereAreAsManyCores) {
  const Placement placement(kMachine, {0, 1, 2});
  EXPECT_EQ(placement.home_of(0, 3), 0);
  EXPECT_EQ(placement.home_of(2, 3), 2);
  EXPECT_EQ(placement.home_of(0, 4), std::nullopt);
  EXPECT_EQ(placement.home_of(0, 1), std::nullopt) << "one thread shares a core with none";
  EXPECT_EQ(Placement(kMachine).home_of(0, 2), std::nullopt);
}

TEST(Placement, HasAHomeOfOneMemberThatMayChange) {
  const auto home = std::make_shared<std::atomic<int>>(-1);
  const Placement placement(kMachine, {0, 1}, home);
  EXPECT_EQ(placement.home_of(0, 1), std::nullopt);
  *home = 5;
  EXPECT_EQ(placement.home_of(0, 1), 5);
  EXPECT_EQ(placement.home_of(1, 2), 1) << "that of several is their own";
}

TEST(Placement, OfATeamThatNobodyLooksAtHasTheSameHomes) {
  const auto home = std::make_shared<std::atomic<int>>(5);
  const Placement placement = Placement(kMachine, {0, 1}).unwatched(home);
  EXPECT_EQ(placement.home_of(1, 2), 1);
  EXPECT_EQ(placement.home_of(0, 1), 5);
  EXPECT_FALSE(placement.looks());
}

TEST(Placement, KnowsWhetherTwoMembersShareACore) {
  const Placement placement(kMachine);
  const auto is_shared = [&](std::vector<int> cpus) { return placement.is_shared(cpus); };
  EXPECT_EQ(is_shared({0, 1, 2}), false);
  EXPECT_EQ(is_shared({0, 1, 4}), true);
  EXPECT_EQ(is_shared({5, 5}), true);
  EXPECT_EQ(is_shared({0, 8}), std::nullopt);
  EXPECT_EQ(is_shared({0, 0, -1}), std::nullopt);
  const std::array<int, 2> cpus{0, 0};
  EXPECT_EQ(Placement().is_shared(cpus), std::nullopt);
}

TEST(CoreSharing, IsTheShareOfLooks) {
  CoreSharing sharing;
  EXPECT_EQ(sharing.share(), std::nullopt);
  for (const bool is_shared : {true, false, false, false}) sharing.add(is_shared);
  sharing.add(std::nullopt);
  EXPECT_EQ(sharing.looks, 4);
  EXPECT_EQ(sharing.share(), 0.25);
  sharing += CoreSharing{.looks = 4, .shared = 3};
  EXPECT_EQ(sharing.share(), 0.5);
}

TEST(Placement, MovesAThreadAndLeavesItTheCpusThatItHad) {
  std::thread([] {
    const std::string had = cpus_of_this_thread();
    for (const int cpu : usable_cpus()) {
      move_this_thread_to(cpu);
      EXPECT_EQ(cpus_of_this_thread(), had);
    }
  }).join();
}

TEST(Placement, MovesNoThreadToACpuThatItMayNotUse) {
  std::thread([] {
    const int cpu = usable_cpus().front();
    Pinning({cpu}).pin_member(0);
    for (const int other : {cpu + 1, 0}) {
      move_this_thread_to(other);
      EXPECT_EQ(usable_cpus(), std::vector{cpu});
    }
  }).join();
}

// Each member is free when its job runs, whoever the job's starter is.
TEST(Placement, LeavesMembersAllTheirCpusInAJob) {
  const std::vector<int> cpus = usable_cpus();
  const std::string had = cpus_of_this_thread();
  Team team(2, {}, 2, Placement(cores_of_this_machine(), {cpus.back(), cpus.front()}));
  for (int job = 0; job < 10; ++job) {
    team.run([&](int) { EXPECT_EQ(cpus_of_this_thread(), had); });
  }
}

TEST(Placement, LooksAtATeamOnceWhereItsJobIsShort) {
  if (cpu_note_of_this_thread() == nullptr) GTEST_SKIP() << "no rseq (glibc before 2.35)";
  Team team(2, {}, 2, Placement(cores_of_this_machine()));
  for (int job = 0; job < 3; ++job) EXPECT_GE(team.run([](int) {}).sharing.looks, 1);
  EXPECT_EQ(Team(2, {}, 2).run([](int) {}).sharing.looks, 0) << "it was not told of cores";
  EXPECT_EQ(Team(1, {}, 2, Placement(cores_of_this_machine())).run([](int) {}).sharing.looks, 0);
}

TEST(Placement, SeesThatATeamWhichIsBoundToOneCpuSharesItAllTheTime) {
  if (cpu_note_of_this_thread() == nullptr) GTEST_SKIP() << "no rseq (glibc before 2.35)";
  const Pinning pinning({usable_cpus().front()});
  Team team(2, {.enter = [&](int member) { pinning.pin_member(member); }, .leave = {}, .failed = {}}, 2,
            Placement(cores_of_this_machine()));
  // Longer than a few looks.
  const JobTime time = team.run([](int) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(5 * kLook_ns);
    while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
  });
  EXPECT_GE(time.sharing.looks, 1);
  EXPECT_EQ(time.sharing.share(), 1.0);
}

TEST(Placement, SeesThatATeamWhichIsBoundToACoreEachSharesNone) {
  if (cpu_note_of_this_thread() == nullptr) GTEST_SKIP() << "no rseq (glibc before 2.35)";
  const std::vector<CoreOfCpu> cores = cores_of(usable_cpus());
  if (count_cores(cores) < 2) GTEST_SKIP() << "one core only";
  const Pinning pinning(distinct_cores_first(cores));
  Team team(2, {.enter = [&](int member) { pinning.pin_member(member); }, .leave = {}, .failed = {}}, 2,
            Placement(cores_of_this_machine()));
  for (int job = 0; job < 10; ++job) EXPECT_EQ(team.run([](int) {}).sharing.share(), 0.0);
}

}  // namespace
}  // namespace harness
