// harness/team/team_test.cpp: a job that runs twice, a member that is forgotten, an error that is lost.
#include "harness/team/team.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "harness/system/clock.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

TEST(Team, RunsEveryJobOnceInEveryMember) {
  Team team(4, {}, 4);
  std::array<std::atomic<int>, 4> runs{};
  for (int job = 0; job < 1000; ++job) {
    team.run([&](int member) { ++runs.at(static_cast<std::size_t>(member)); });
  }
  for (const auto& count : runs) EXPECT_EQ(count, 1000);
}

TEST(Team, KeepsTheSameThreadsFromJobToJob) {
  Team team(2, {}, 2);
  std::array<std::thread::id, 2> first, second;
  team.run([&](int member) { first.at(static_cast<std::size_t>(member)) = std::this_thread::get_id(); });
  team.run([&](int member) { second.at(static_cast<std::size_t>(member)) = std::this_thread::get_id(); });
  EXPECT_EQ(first, second);
  EXPECT_NE(first[0], first[1]);
}

TEST(Team, StartsNobodyBeforeAllAreReady) {
  Team team(8, {}, 0);
  for (int job = 0; job < 100; ++job) {
    std::atomic<int> inside{0};
    team.run([&](int) {
      ++inside;
      while (inside < 8) std::this_thread::yield();  // hangs if a member were left out
    });
    EXPECT_EQ(inside, 8);
  }
}

TEST(Team, TimesAJobFromItsStartToTheEndOfTheLastMember) {
  Team team(2, {}, 2);
  const JobTime time = team.run([](int member) { std::this_thread::sleep_for(member == 1 ? 30ms : 0ms); });
  EXPECT_GE(time.wall_s(), 0.030);
}

// Computes until the calling thread has used that much more CPU time.
void use_cpu(double seconds) {
  const std::int64_t until_ns = thread_cpu_ns() + static_cast<std::int64_t>(seconds * 1e9);
  while (thread_cpu_ns() < until_ns) {
  }
}

TEST(Team, CountsTheCpuTimeOfAllItsMembers) {
  Team team(2, {}, 0);
  std::atomic<bool> first_is_done{false};
  const JobTime time = team.run([&](int member) {
    if (member == 1) first_is_done.wait(false);
    use_cpu(member == 0 ? 0.020 : 0.010);
    first_is_done = true;
    first_is_done.notify_all();
  });
  EXPECT_GE(time.cpu_s, 0.029);
}

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

TEST(Team, ReadsItsMembersClocksAfterALongJob) {
  Team team(2, {}, 0);
  team.read_clocks_from(kNever);
  EXPECT_TRUE(team.run([](int) {}).members.empty()) << "nobody knew how long it would be";
  EXPECT_TRUE(team.run([](int) {}).members.empty()) << "the one before was short";
  team.read_clocks_from(0);
  EXPECT_TRUE(team.run([](int) {}).members.empty());
  std::array<std::int64_t, 2> os_ids{};
  const JobTime time = team.run([&](int member) {
    os_ids.at(static_cast<std::size_t>(member)) = gettid();
    member == 0 ? use_cpu(0.020) : std::this_thread::sleep_for(1ms);
  });
  ASSERT_EQ(time.members.size(), 2U);
  for (std::size_t member = 0; member < 2; ++member) {
    EXPECT_EQ(time.members[member].os_id, os_ids.at(member));
    EXPECT_LE(time.members[member].end_ns, time.end_ns);
  }
  EXPECT_GE(time.members[0].cpu_ns, 19'000'000);
  EXPECT_LT(time.members[1].cpu_ns, 15'000'000) << "it slept";
  EXPECT_GT(time.members[0].end_ns, time.begin_ns);
}

TEST(Team, ReadsClocksAfterALongJobWhateverWasRunAside) {
  Team team(2, {}, 0);
  team.read_clocks_from(0);
  team.run([](int) {});
  team.read_clocks_from(kNever);
  team.run_aside([](int) {});
  EXPECT_EQ(team.run([](int) {}).members.size(), 2U);
  team.read_clocks_from(0);
  team.run_aside([](int) {});
  EXPECT_TRUE(team.run([](int) {}).members.empty());
}

TEST(Team, TellsItsMembersCpuTimeFromThatOfOtherThreads) {
  Team team(2, {}, 0);
  team.read_clocks_from(0);
  team.run([](int) {});
  const JobTime alone = team.run([](int) { use_cpu(0.010); });
  EXPECT_NEAR(alone.team_cpu_s, alone.cpu_s, 0.004);
  const JobTime beside = team.run([](int member) {
    if (member == 0) std::thread([] { use_cpu(0.030); }).join();
  });
  EXPECT_GE(beside.cpu_s - beside.team_cpu_s, 0.025);
}

TEST(Team, EntersAndLeavesOnceInEachOfItsThreads) {
  std::array<std::atomic<int>, 3> entered{}, left{};
  {
    Team team(3,
              {.enter = [&](int member) { ++entered.at(static_cast<std::size_t>(member)); },
               .leave = [&](int member) { ++left.at(static_cast<std::size_t>(member)); },
               .failed = {}},
              3);
    team.run([](int) {});
    team.run([](int) {});
  }
  for (std::size_t member = 0; member < 3; ++member) {
    EXPECT_EQ(entered.at(member), 1);
    EXPECT_EQ(left.at(member), 1);
  }
}

TEST(Team, RethrowsAMembersErrorAfterAllHaveFinishedAndCanGoOn) {
  Team team(3, {}, 3);
  std::atomic<int> finished{0};
  const auto failing = [&](int member) {
    if (member == 1) throw std::runtime_error("member 1 failed");
    std::this_thread::sleep_for(20ms);
    ++finished;
  };
  try {
    team.run(failing);
    FAIL() << "the error was lost";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "member 1 failed");
  }
  EXPECT_EQ(finished, 2);
  EXPECT_NO_THROW(team.run([](int) {}));
}

TEST(Team, AsksTheOthersToStopOnceWhenAMemberFails) {
  std::atomic<bool> stop{false};
  std::atomic<int> asked{0};
  Team team(4,
            {.enter = {},
             .leave = {},
             .failed =
                 [&](int) {
                   ++asked;
                   stop = true;
                 }},
            4);
  const auto body = [&](int member) {
    if (member == 2) throw std::runtime_error("first");
    while (!stop) std::this_thread::yield();
    throw std::runtime_error("stopped");
  };
  try {
    team.run(body);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "first");
  }
  EXPECT_EQ(asked, 1);
}

TEST(Team, ReportsAnEnterThatFailsAndLeavesOnlyWhereItEntered) {
  std::atomic<int> left{0};
  const TeamHooks hooks{.enter =
                            [](int member) {
                              if (member == 1) throw std::runtime_error("no state");
                            },
                        .leave = [&](int) { ++left; },
                        .failed = {}};
  EXPECT_THROW(Team(3, hooks, 3), std::runtime_error);
  EXPECT_EQ(left, 2);
}

/// Hooks that note what a team gives up by, after which its members may go on.
class GivingUp {
 public:
  TeamHooks hooks() {
    return {.enter = {},
            .leave = {},
            .failed = {},
            .give_up =
                [this](const std::exception_ptr& error) {
                  try {
                    std::rethrow_exception(error);
                  } catch (const std::exception& thrown) {
                    said = thrown.what();
                  }
                  has_given_up = true;
                  has_given_up.notify_all();
                },
            .patience_s = 0.1};
  }

  std::string said;
  std::atomic<bool> has_given_up{false};
};

class HangingTeam : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "ThreadSanitizer has a thread that computes now and then";
#endif
  }
};

TEST_F(HangingTeam, IsGivenUpWhereNoMemberComputes) {
  GivingUp giving_up;
  Team team(2, giving_up.hooks(), 0);
  team.run([&](int) { giving_up.has_given_up.wait(false); });
  EXPECT_EQ(giving_up.said, "its workers hang: for 0.1 s none of them has computed (--patience)");
}

TEST_F(HangingTeam, IsGivenUpWhereNoMemberEnters) {
  GivingUp giving_up;
  TeamHooks hooks = giving_up.hooks();
  hooks.enter = [&](int) { giving_up.has_given_up.wait(false); };
  const Team team(2, hooks, 0);
  EXPECT_EQ(giving_up.said, "its workers hang: for 0.1 s none of them has computed (--patience)");
}

TEST(Team, WaitsForAMemberThatComputesNowAndThen) {
  GivingUp giving_up;
  Team team(2, giving_up.hooks(), 0);
  team.run([&](int member) {
    for (int i = 0; member == 0 && i < 50; ++i) std::this_thread::sleep_for(50ms);
  });
  EXPECT_EQ(giving_up.said, "");
}

TEST(Team, GivesUpByTheErrorOfTheFirstThatFailedWhereAnotherGoesOn) {
  GivingUp giving_up;
  Team team(2, giving_up.hooks(), 0);
  const auto run = [&] {
    team.run([&](int member) {
      if (member == 1) throw std::runtime_error("the second");
      while (!giving_up.has_given_up) std::this_thread::sleep_for(10ms);
    });
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_EQ(giving_up.said, "the second");
}

TEST(Team, OfTheCallingThreadRunsAllOnIt) {
  std::vector<std::thread::id> entered, ran, left;
  bool asked_to_stop_others = false;
  const auto note = [](std::vector<std::thread::id>& where) { where.push_back(std::this_thread::get_id()); };
  {
    Team team({.enter = [&](int) { note(entered); },
               .leave = [&](int) { note(left); },
               .failed = [&](int) { asked_to_stop_others = true; }});
    EXPECT_EQ(team.size(), 1);
    const JobTime time = team.run([&](int member) {
      EXPECT_EQ(member, 0);
      note(ran);
      std::this_thread::sleep_for(20ms);
    });
    EXPECT_GE(time.wall_s(), 0.020);
    EXPECT_LT(time.cpu_s, 0.020);
    EXPECT_FALSE(asked_to_stop_others);
    EXPECT_THROW(team.run([](int) { throw std::runtime_error("the job"); }), std::runtime_error);
    EXPECT_TRUE(asked_to_stop_others);
    EXPECT_NO_THROW(team.run([&](int) { note(ran); }));
    EXPECT_TRUE(left.empty());
  }
  const std::thread::id here = std::this_thread::get_id();
  EXPECT_EQ(entered, std::vector{here});
  EXPECT_EQ(ran, (std::vector{here, here}));
  EXPECT_EQ(left, std::vector{here});
}

TEST(Team, OfTheCallingThreadIsNotLeftWhereItWasNotEntered) {
  bool left = false;
  const TeamHooks hooks{.enter = [](int) { throw std::runtime_error("no state"); },
                        .leave = [&](int) { left = true; },
                        .failed = {}};
  EXPECT_THROW(Team{hooks}, std::runtime_error);
  EXPECT_FALSE(left);
}

TEST(Team, CanBeLargerThanTheMachine) {
  Team team(64, {}, 2);
  std::atomic<int> runs{0};
  for (int job = 0; job < 20; ++job) team.run([&](int) { ++runs; });
  EXPECT_EQ(runs, 64 * 20);
}

}  // namespace
}  // namespace harness
