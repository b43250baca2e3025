// harness/system/cpu_activity.cpp: /proc/stat less what this process spent.
#include "harness/system/cpu_activity.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "harness/system/descendants.h"
#include "harness/system/text.h"

namespace harness {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// Of a process that runs, with its children that have ended; 0 of one that has ended meanwhile.
double seconds_of_process(pid_t process, double ticks_per_second) {
  const auto text = read_text_file("/proc/" + std::to_string(process) + "/stat");
  const std::size_t name_end = text ? text->rfind(')') : std::string::npos;  // a name may hold blanks
  if (name_end == std::string::npos) return 0;
  const auto words = words_of(std::string_view(*text).substr(name_end + 1));
  constexpr std::size_t kUserTime = 11;  // proc_pid_stat(5): fields 14 to 17, the third is the first here
  double ticks = 0;
  for (std::size_t i = kUserTime; i < kUserTime + 4 && i < words.size(); ++i) {
    ticks += static_cast<double>(number_in<std::uint64_t>(words[i]).value_or(0));
  }
  return ticks / ticks_per_second;
}

}  // namespace

std::optional<CpuActivity> parse_cpu_activity(std::string_view proc_stat, double ticks_per_second) {
  // The columns of the line "cpu  user nice system …". guest and guest_nice follow; user and nice hold them.
  enum Column { kUser, kNice, kSystem, kIdle, kIoWait, kIrq, kSoftIrq, kSteal, kColumns };
  const auto words = words_of(proc_stat.substr(0, proc_stat.find('\n')));
  if (words.size() < kColumns + 1 || words.front() != "cpu") return std::nullopt;
  std::array<double, kColumns> spent_s{};
  for (std::size_t i = 0; i < spent_s.size(); ++i) {
    const auto ticks = number_in<std::uint64_t>(words[i + 1]);
    if (!ticks) return std::nullopt;
    spent_s[i] = static_cast<double>(*ticks) / ticks_per_second;
  }
  return CpuActivity{
      .busy_s = spent_s[kUser] + spent_s[kNice] + spent_s[kSystem] + spent_s[kIrq] + spent_s[kSoftIrq],
      .idle_s = spent_s[kIdle] + spent_s[kIoWait],
      .stolen_s = spent_s[kSteal]};
}

std::optional<CpuActivity> CpuActivity::now() {
  const auto text = read_text_file("/proc/stat");
  if (!text) return std::nullopt;
  const auto ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  auto activity = parse_cpu_activity(*text, ticks_per_second);
  if (!activity) return std::nullopt;
  for (const int whose : {RUSAGE_SELF, RUSAGE_CHILDREN}) {  // the latter: of those that were waited for
    rusage used{};
    if (::getrusage(whose, &used) != 0) return std::nullopt;
    activity->own_s += seconds(used.ru_utime) + seconds(used.ru_stime);
  }
  for (const pid_t process : descendants()) activity->own_s += seconds_of_process(process, ticks_per_second);
  return activity;
}

std::optional<CpuShares> cpu_shares(const CpuActivity& before, const CpuActivity& after) {
  const double busy_s = after.busy_s - before.busy_s;
  const double stolen_s = after.stolen_s - before.stolen_s;
  const double machine_s = busy_s + stolen_s + after.idle_s - before.idle_s;
  if (machine_s <= 0) return std::nullopt;
  // /proc/stat counts ticks and getrusage() microseconds, so the difference may come out a little below zero.
  const double others_s = busy_s - (after.own_s - before.own_s);
  return CpuShares{.machine_s = machine_s,
                   .others = std::clamp(others_s / machine_s, 0.0, 1.0),
                   .stolen = std::clamp(stolen_s / machine_s, 0.0, 1.0)};
}

}  // namespace harness
