// harness/team/pinning.cpp: binds the threads of an experiment to CPUs, where the user wants it.
#include "harness/team/pinning.h"

#include <sched.h>

#include <cerrno>
#include <cstring>

#include "harness/error.h"

namespace harness {
namespace {

void bind_this_thread(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(static_cast<std::size_t>(cpu), &set);
  if (sched_setaffinity(0, sizeof set, &set) == 0) return;
  throw ExperimentError("--pin: cannot bind a thread to its CPU: " + std::string(std::strerror(errno)));
}

}  // namespace

std::string cpus_of_this_thread() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return "";
  std::string text;
  for (int first = 0; first < CPU_SETSIZE; ++first) {
    if (!CPU_ISSET(static_cast<std::size_t>(first), &set)) continue;
    int last = first;
    while (last + 1 < CPU_SETSIZE && CPU_ISSET(static_cast<std::size_t>(last) + 1, &set)) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(first);
    if (last > first) text += "-" + std::to_string(last);
    first = last;
  }
  return text;
}

void Pinning::pin_member(int member) const {
  if (is_on()) bind_this_thread({cpu_of(member)});
}

void Pinning::pin_to_all_of(int threads) const {
  if (!is_on()) return;
  std::vector<int> cpus;
  for (int member = 0; member < threads; ++member) cpus.push_back(cpu_of(member));
  bind_this_thread(cpus);
}

void Pinning::pin_to_any() const {
  pin_to_all_of(static_cast<int>(cpus_.size()));
}

std::string Pinning::map_of(int threads) const {
  if (!is_on()) return "none";
  std::string text;
  for (int member = 0; member < threads; ++member) {
    text += (member == 0 ? "thread " : ", thread ") + std::to_string(member) + " on CPU " +
            std::to_string(cpu_of(member));
  }
  return text;
}

}  // namespace harness
