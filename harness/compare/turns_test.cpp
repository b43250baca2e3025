// harness/compare/turns_test.cpp: two processes at a time, or turns in an order that favours one.
#include "harness/compare/turns.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "harness/system/cancellation.h"
#include "harness/system/test_folder.h"
#include "harness/system/text.h"
#include "harness/system/turn.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;
constexpr const char* kTaker = "HARNESS_TEST_TAKES_TURNS";

/// Kills the other children of this process's parent.
void kill_siblings() {
  const std::string parent = std::to_string(::getppid());
  std::ifstream children("/proc/" + parent + "/task/" + parent + "/children");
  for (pid_t child = 0; children >> child;) {
    if (child != ::getpid()) ::kill(child, SIGKILL);
  }
}

/// What this program is when a test starts it with that variable: "LOG NAME" and then words. ROW.PIECE asks
/// for that turn, and writes NAME and the place once it has it; "hang", "crash", "close" and "kill-others" do
/// that.
bool be_taker() {
  const char* const text = ::getenv(kTaker);
  if (text == nullptr) return false;
  std::istringstream words(text);
  std::string log, name, word;
  words >> log >> name;
  const auto write = [&](const std::string& what) {
    std::ofstream(log, std::ios::app) << name << what << ' ' << std::flush;
  };
  write("");
  while (words >> word) {
    if (word == "hang") ::pause();
    if (word == "crash") ::abort();
    if (word == "close") ::close(kInherited);
    if (word == "kill-others") kill_siblings();
    if (const std::size_t point = word.find('.'); point != std::string::npos) {
      take_turn(kInherited, {.row = static_cast<std::uint32_t>(std::stoul(word.substr(0, point))),
                             .piece = static_cast<std::uint32_t>(std::stoul(word.substr(point + 1)))});
      write(word);
    }
  }
  ::_exit(0);
}

const bool kIsTaker = be_taker();

class RunInTurns : public testing::Test {
 protected:
  Command taker(const std::string& words) const {
    return {.argv = {"/proc/self/exe"}, .environment = {{kTaker, log().string() + " " + words}}};
  }

  /// Runs them; `ended_` has who has ended, in their order.
  void run(const std::vector<Command>& commands, TurnsConfig config = {}) {
    config.timeout = config.timeout == 0ms ? kPatience : config.timeout;
    config.ended = [this](std::size_t number, const ProcessResult& result) {
      ended_.push_back(number);
      results_.push_back(result);
      return goes_on_;
    };
    run_in_turns(commands, config);
  }

  std::filesystem::path log() const { return folder_.path() / "log"; }
  static bool has_no_child() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }
  std::string order() const { return std::string(trimmed(read_text_file(log()).value_or(""))); }

  TestFolder folder_;
  bool goes_on_ = true;
  std::vector<std::size_t> ended_;
  std::vector<ProcessResult> results_;
};

TEST_F(RunInTurns, GoesThereAndBackPieceByPiece) {
  run({taker("a 0.0 0.1 0.2"), taker("b 0.0 0.1 0.2")});
  EXPECT_EQ(order(), "a b a0.0 b0.0 b0.1 a0.1 a0.2 b0.2");
  EXPECT_EQ(results_.size(), 2U);
  for (const ProcessResult& result : results_) EXPECT_EQ(result.exit_code, 0);
}

TEST_F(RunInTurns, KeepsThemInTheSameRow) {
  run({taker("a 0.0 0.1 2.0"), taker("b 0.0 1.0 1.1 2.0")});  // b has failed in row 0, a has no row 1
  EXPECT_EQ(order(), "a b a0.0 b0.0 a0.1 b1.0 b1.1 a2.0 b2.0");
}

TEST_F(RunInTurns, GoesOnWithoutOneThatHasCrashed) {
  run({taker("a 0.0 0.1 0.2"), taker("b 0.0 crash")});
  EXPECT_EQ(order(), "a b a0.0 b0.0 a0.1 a0.2");
  EXPECT_EQ(ended_, (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(results_[0].signal, SIGABRT);
}

// A script may close what it does not know. Then it runs to its end, and the other waits.
TEST_F(RunInTurns, LetsOneRunThatTakesNoMoreTurns) {
  run({taker("a 0.0 close 0.1 0.2"), taker("b 0.0 0.1")});
  EXPECT_EQ(order(), "a b a0.0 a0.1 a0.2 b0.0 b0.1");
}

TEST_F(RunInTurns, KillsOneWhoseOwnTimeIsUp) {
  run({taker("a 0.0 0.1"), taker("b 0.0 hang")}, {.timeout = 2s});
  EXPECT_EQ(order(), "a b a0.0 b0.0 a0.1");
  ASSERT_EQ(ended_, (std::vector<std::size_t>{1, 0}));
  EXPECT_TRUE(results_[0].timed_out);
  EXPECT_FALSE(results_[1].timed_out) << "it has only waited";
}

TEST_F(RunInTurns, KillsTheOthersWhereOneSaysSo) {
  goes_on_ = false;
  run({taker("a 0.0 0.1"), taker("b"), taker("c 0.0")});
  EXPECT_EQ(order(), "a b");
  EXPECT_EQ(ended_, std::vector<std::size_t>{1});
}

TEST_F(RunInTurns, EndsWhereItIsCancelledWhileOthersWait) {
  const Cancellation cancellation;
  goes_on_ = false;
  run({taker("a 0.0"), taker("b hang")},
      {.cancel = cancellation.descriptor(), .starting = [&](std::size_t number) {
         if (number == 1) cancellation.request();
       }});
  ASSERT_EQ(ended_, std::vector<std::size_t>{1});
  EXPECT_TRUE(results_[0].cancelled);
  EXPECT_TRUE(has_no_child()) << "the one that waited is killed, too";
}

TEST_F(RunInTurns, LeavesNoneWhereEndedThrows) {
  TurnsConfig config{.timeout = kPatience};
  config.ended = [](std::size_t, const ProcessResult&) -> bool {
    throw std::runtime_error("it has changed");
  };
  EXPECT_THROW(run_in_turns({taker("a 0.0"), taker("b")}, config), std::runtime_error);
  EXPECT_TRUE(has_no_child());
  EXPECT_EQ(order(), "a b");
}

// What a part of a system kills for want of memory may be the one that waits.
TEST_F(RunInTurns, NoticesThatOneWasKilledWhileItWaited) {
  run({taker("a 0.0 0.1"), taker("b kill-others 0.0 0.1")});
  EXPECT_EQ(order(), "a b b0.0 b0.1");
  ASSERT_EQ(ended_, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(results_[0].signal, SIGKILL);
}

TEST_F(RunInTurns, RunsOneAfterTheOtherWhereThatIsAskedFor) {
  std::vector<std::size_t> started;
  run({taker("a 0.0 0.1"), taker("b 0.0")},
      {.interleaved = false, .starting = [&](std::size_t number) { started.push_back(number); }});
  EXPECT_EQ(order(), "a a0.0 a0.1 b b0.0");
  EXPECT_EQ(started, (std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace harness
