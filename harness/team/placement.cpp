// harness/team/placement.cpp: a thread is moved by being bound for a moment.
#include "harness/team/placement.h"

#include <sched.h>

namespace harness {
namespace {

cpu_set_t only(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(cpu), &one);
  return one;
}

}  // namespace

std::optional<int> Placement::home_of(int member, int size) const {
  if (size < 2) {
    const int home = home_of_one_ ? home_of_one_->load(std::memory_order_relaxed) : -1;
    return home < 0 ? std::nullopt : std::optional(home);
  }
  if (static_cast<std::size_t>(size) > homes_.size()) return std::nullopt;
  return homes_[static_cast<std::size_t>(member)];
}

std::optional<bool> Placement::is_shared(std::span<const int> cpus) const {
  for (const int cpu : cpus) {
    if (!machine_.core_of(cpu)) return std::nullopt;
  }
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (machine_.share_core(cpus[i], cpus[j]) == true) return true;
    }
  }
  return false;
}

void move_this_thread_to(int cpu) {
  if (sched_getcpu() == cpu) return;
  cpu_set_t had;
  CPU_ZERO(&had);
  if (sched_getaffinity(0, sizeof had, &had) != 0) return;
  if (!CPU_ISSET(static_cast<std::size_t>(cpu), &had)) return;
  const cpu_set_t one = only(cpu);
  if (sched_setaffinity(0, sizeof one, &one) == 0) sched_setaffinity(0, sizeof had, &had);
}

void bind_to(pid_t thread, int cpu) {
  const cpu_set_t one = only(cpu);
  sched_setaffinity(thread, sizeof one, &one);
}

}  // namespace harness
