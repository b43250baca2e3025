// harness/gil_trace/learn.cpp: a detach signals gil->cond, then an attach signals gil->switch_cond.
#include "harness/gil_trace/learn.h"

#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <vector>

#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/hook.h"

namespace harness::gil_trace {
namespace {

using Conditions = std::vector<const void*>;

Conditions signalled_by(const std::function<void()>& action) {
  detail::SignalCapture capture;
  action();
  return Conditions(capture.begin(), capture.end());
}

// Keeps of `all` what was signalled just once this time, as a lock's own condition variable is.
void keep_common(Conditions& all, const Conditions& this_time) {
  std::erase_if(all, [&](const void* condition) { return std::ranges::count(this_time, condition) != 1; });
}

void remove(Conditions& from, const Conditions& those) {
  std::erase_if(from, [&](const void* condition) { return std::ranges::count(those, condition) != 0; });
}

}  // namespace

LearnedGil learn_gil(const std::function<void()>& detach, const std::function<void()>& attach) {
  // A thread may signal others of its locks' condition variables in between: those do not come every time,
  // or come in both directions.
  constexpr int kRounds = 4;
  Conditions in_all_detaches;
  Conditions in_all_attaches;
  Conditions in_any_detach;
  Conditions in_any_attach;
  for (int round = 0; round < kRounds; ++round) {
    const Conditions detached = signalled_by(detach);
    const Conditions attached = signalled_by(attach);
    if (round == 0) {
      in_all_detaches = detached;
      in_all_attaches = attached;
    }
    keep_common(in_all_detaches, detached);
    keep_common(in_all_attaches, attached);
    in_any_detach.insert(in_any_detach.end(), detached.begin(), detached.end());
    in_any_attach.insert(in_any_attach.end(), attached.begin(), attached.end());
  }
  remove(in_all_detaches, in_any_attach);
  remove(in_all_attaches, in_any_detach);
  if (in_all_detaches.empty() && in_all_attaches.empty()) return {LearnedGil::Outcome::no_events, {}};
  if (in_all_detaches.size() != 1 || in_all_attaches.size() != 1) return {LearnedGil::Outcome::unclear, {}};
  const auto gil = register_gil({.cond = in_all_detaches.front(), .switch_cond = in_all_attaches.front()});
  return {gil ? LearnedGil::Outcome::learned : LearnedGil::Outcome::table_full, gil};
}

bool hook_self_test() {
  using Signal = int (*)(pthread_cond_t*);
  const auto signal = reinterpret_cast<Signal>(dlsym(RTLD_DEFAULT, "pthread_cond_signal"));
  if (signal == nullptr) return false;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  const Conditions signalled = signalled_by([&] { signal(&condition); });
  return signalled == Conditions{&condition};
}

}  // namespace harness::gil_trace
