// harness/gil_trace/core_sharing.cpp: the threads' moves in one order, and who is where between two of them.
#include "harness/gil_trace/core_sharing.h"

#include <algorithm>
#include <map>
#include <vector>

namespace harness::gil_trace {
namespace {

constexpr int kNowhere = -1;

// A thread comes, goes from one core to another, or leaves.
struct Move {
  std::int64_t time_ns;
  int from;
  int to;
};

// Adds the moves of one thread; false where a core is not known.
bool add_moves(const ThreadEvents& thread, trace::Window window, const CoreMap& cores,
               std::vector<Move>& moves) {
  int at = kNowhere;
  std::int64_t last_ns = 0;
  for (const Event& event : thread.events) {
    if (event.time_ns < window.begin_ns || event.time_ns > window.end_ns) continue;
    const auto core = cores.core_of(event.cpu);
    if (!core) return false;
    if (*core != at) moves.push_back({event.time_ns, at, *core});
    at = *core;
    last_ns = event.time_ns;
  }
  if (at != kNowhere) moves.push_back({last_ns, at, kNowhere});
  return true;
}

}  // namespace

std::optional<SharedTime> shared_time(const Recording& recording, trace::Window window,
                                      const CoreMap& cores) {
  std::vector<Move> moves;
  for (const ThreadEvents& thread : recording.threads) {
    if (!add_moves(thread, window, cores, moves)) return std::nullopt;
  }
  std::ranges::stable_sort(moves, {}, &Move::time_ns);
  SharedTime time;
  std::map<int, int> threads_on;  // by core
  int threads = 0;
  int shared_cores = 0;
  std::int64_t since_ns = 0;
  for (const Move& move : moves) {
    if (threads >= 2) time.together_ns += move.time_ns - since_ns;
    if (shared_cores > 0) time.shared_ns += move.time_ns - since_ns;
    since_ns = move.time_ns;
    threads += (move.from == kNowhere) - (move.to == kNowhere);
    if (move.from != kNowhere && threads_on[move.from]-- == 2) --shared_cores;
    if (move.to != kNowhere && ++threads_on[move.to] == 2) ++shared_cores;
  }
  return time;
}

}  // namespace harness::gil_trace
