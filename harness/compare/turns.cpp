// harness/compare/turns.cpp: runs the processes of a round in turns, a repetition each.
#include "harness/compare/turns.h"

#include <algorithm>
#include <list>
#include <optional>

#include "harness/system/turn.h"

namespace harness {
namespace {

using std::chrono::steady_clock;

class Taker {
 public:
  Taker(std::size_t number, Command command, bool interleaved) : number_(number) {
    std::optional<TurnEnds> ends;
    if (interleaved) {
      ends = open_turns();
      command.inherited = ends->taker.get();
      giver_ = std::move(ends->giver);
    }
    child_.emplace(command);
  }

  std::size_t number() const { return number_; }
  TurnPlace place() const { return place_; }

  /// Lets it run until it asks for its next turn, or has ended.
  std::optional<ProcessResult> go(const TurnsConfig& config) {
    const auto began = steady_clock::now();
    if (asked_) give_turn(giver_);
    asked_ = false;
    std::optional<ProcessResult> result;
    while (!result && !asked_) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(config.timeout - ran_ - (steady_clock::now() - began));
      result = child_->wait_until(giver_.get(), std::max(left, std::chrono::milliseconds(0)), config.cancel);
      if (result) break;
      if (const auto place = asked_turn(giver_)) {
        place_ = *place;
        asked_ = true;
      } else {
        giver_.reset();  // it takes no more turns, and runs to its end
      }
    }
    ran_ += steady_clock::now() - began;
    if (result) result->wall_time = ran_;
    return result;
  }

 private:
  std::size_t number_;
  FileDescriptor giver_;
  std::optional<Subprocess> child_;
  bool asked_ = false;
  TurnPlace place_;
  std::chrono::nanoseconds ran_{0};
};

/// Whose turn it is. At least one.
std::list<Taker>::iterator next_of(std::list<Taker>& takers) {
  const auto less_far = [](const Taker& a, const Taker& b) { return a.place() < b.place(); };
  const auto first = std::ranges::min_element(takers, less_far);
  if (first->place().piece % 2 == 0) return first;
  auto last = first;
  for (auto taker = first; taker != takers.end(); ++taker) {
    if (taker->place() == first->place()) last = taker;
  }
  return last;
}

}  // namespace

void run_in_turns(const std::vector<Command>& commands, const TurnsConfig& config) {
  std::list<Taker> takers;
  const auto go = [&](std::list<Taker>::iterator taker) {
    const auto result = taker->go(config);
    if (!result) return true;
    const std::size_t number = taker->number();
    takers.erase(taker);
    return config.ended(number, *result);
  };
  for (std::size_t number = 0; number < commands.size(); ++number) {
    if (config.starting) config.starting(number);
    takers.emplace_back(number, commands[number], config.interleaved);
    if (!go(std::prev(takers.end()))) return;
  }
  while (!takers.empty()) {
    if (!go(next_of(takers))) return;
  }
}

}  // namespace harness
