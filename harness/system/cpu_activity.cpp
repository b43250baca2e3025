// harness/system/cpu_activity.cpp: /proc/stat less what this process spent.
#include "harness/system/cpu_activity.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "harness/system/text.h"

namespace harness {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
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
  auto activity = parse_cpu_activity(*text, static_cast<double>(::sysconf(_SC_CLK_TCK)));
  rusage own{};
  if (!activity || ::getrusage(RUSAGE_SELF, &own) != 0) return std::nullopt;
  activity->own_s = seconds(own.ru_utime) + seconds(own.ru_stime);
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
