// harness/system/turn_test.cpp: who takes turns waits for them, and for nobody who has gone.
#include "harness/system/turn.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace harness {
namespace {

using namespace std::chrono_literals;

bool is_readable(const FileDescriptor& descriptor, std::chrono::milliseconds patience) {
  pollfd polled{.fd = descriptor.get(), .events = POLLIN, .revents = 0};
  return ::poll(&polled, 1, static_cast<int>(patience.count())) == 1;
}

TEST(Turn, IsWaitedForUntilItIsGiven) {
  const TurnEnds ends = open_turns();
  std::atomic<bool> goes_on = false;
  std::jthread taker([&] {
    take_turn(ends.taker.get(), {.row = 7, .piece = 3});
    goes_on = true;
  });
  ASSERT_TRUE(is_readable(ends.giver, 30s));
  EXPECT_EQ(asked_turn(ends.giver), (TurnPlace{.row = 7, .piece = 3}));
  EXPECT_EQ(asked_turn(ends.giver), std::nullopt) << "it has asked once";
  std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(goes_on);
  give_turn(ends.giver);
  taker.join();
  EXPECT_TRUE(goes_on);
}

TEST(Turn, IsNotWaitedForWhereNobodyGivesAny) {
  TurnEnds ends = open_turns();
  ends.giver.reset();
  EXPECT_NO_THROW(take_turn(ends.taker.get(), {}));  // one that waits waits for ever: CTest ends it
  EXPECT_NO_THROW(take_turn(-1, {}));
}

TEST(Turn, EndsWhereWhoGivesThemEnds) {
  TurnEnds ends = open_turns();
  std::jthread taker([&] { take_turn(ends.taker.get(), {}); });
  ASSERT_TRUE(is_readable(ends.giver, 30s));
  EXPECT_NE(asked_turn(ends.giver), std::nullopt);
  ends.giver.reset();
  taker.join();  // one that waits waits for ever: CTest ends it
}

TEST(Turn, IsAskedForByNobodyWhoHasGone) {
  TurnEnds ends = open_turns();
  ends.taker.reset();
  EXPECT_TRUE(is_readable(ends.giver, 30s)) << "so that whoever waits for it is woken";
  EXPECT_EQ(asked_turn(ends.giver), std::nullopt);
  give_turn(ends.giver);
}

TEST(TurnPlace, IsFurtherInALaterRowWhateverThePiece) {
  EXPECT_LT((TurnPlace{.row = 1, .piece = 9}), (TurnPlace{.row = 2, .piece = 0}));
  EXPECT_LT((TurnPlace{.row = 1, .piece = 1}), (TurnPlace{.row = 1, .piece = 2}));
}

}  // namespace
}  // namespace harness
