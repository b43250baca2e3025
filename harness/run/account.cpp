// harness/run/account.cpp: where the time of a team's threads went.
#include "harness/run/account.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/row/format.h"

namespace harness {
namespace {

using trace::Loss;
using trace::LossSpan;

constexpr double kOthers = 0.02;  // of the process's CPU time

// What two clocks, or one converted by two traces, are apart.
constexpr std::int64_t kSpansApart_ns = 1'000;
constexpr double kClocksApart_ns = 10'000;  // of a job
constexpr double kClocksApart = 0.002;

constexpr std::size_t index(Loss loss) {
  return static_cast<std::size_t>(loss);
}

/// What all traces saw of one thread, by its begin.
std::vector<LossSpan> spans_of(std::int64_t os_id, const std::vector<trace::Losses>& losses) {
  std::vector<LossSpan> spans;
  for (const trace::Losses& seen : losses) {
    for (const trace::ThreadLosses& thread : seen.threads) {
      if (thread.os_id == os_id) spans.insert(spans.end(), thread.spans.begin(), thread.spans.end());
    }
  }
  std::ranges::stable_sort(spans, {}, &LossSpan::begin_ns);
  return spans;
}

std::string milliseconds(double ns) {
  return format_time(std::abs(ns) * 1e-9);
}

/// One member of one job.
class MemberAccount {
 public:
  MemberAccount(const MemberTime& member, std::int64_t begin_ns, std::int64_t end_ns)
      : member_(member), begin_ns_(begin_ns) {
    parts.all_ns = static_cast<double>(end_ns - begin_ns);
    parts.idle_ns = static_cast<double>(end_ns - member.end_ns);
    rest_ns_ = static_cast<double>(member.end_ns - begin_ns);
    parts.cpu_ns = static_cast<double>(member.cpu_ns);
  }

  void take(const LossSpan& span) {
    if (span.begin_ns < taken_until_ns_ - kSpansApart_ns) {
      fault = "two spans of a thread overlap by " +
              milliseconds(static_cast<double>(taken_until_ns_ - span.begin_ns));
    }
    const std::int64_t from_ns = std::max({span.begin_ns, begin_ns_, taken_until_ns_});
    const std::int64_t until_ns = std::min(span.end_ns, member_.end_ns);
    taken_until_ns_ = std::max(taken_until_ns_, span.end_ns);
    if (until_ns <= from_ns) return;
    const auto length_ns = static_cast<double>(until_ns - from_ns);
    parts.lost_ns[index(span.loss)] += length_ns;
    rest_ns_ -= length_ns;
    // Of a span that the window cuts, or that began before its clocks, it has as much as is within.
    const std::int64_t clocks_ns = std::max<std::int64_t>(until_ns - std::max(from_ns, member_.begin_ns), 0);
    const double within = static_cast<double>(clocks_ns) / static_cast<double>(span.end_ns - span.begin_ns);
    parts.cpu_ns -= static_cast<double>(span.cpu_ns) * within;
    unsure_ns_ += static_cast<double>(span.cpu_unsure_ns) * within;
  }

  void finish() {
    parts.cpu_ns -= std::clamp(parts.cpu_ns - rest_ns_, 0.0, unsure_ns_);
    const double apart_ns = kClocksApart_ns + kClocksApart * parts.all_ns;
    if (parts.cpu_ns > rest_ns_ + apart_ns || parts.cpu_ns < -apart_ns) {
      fault = "a thread is said to have used " + std::string(parts.cpu_ns < 0 ? "-" : "") +
              milliseconds(parts.cpu_ns) + " of CPU time in " + milliseconds(rest_ns_);
    }
    const double unused_ns = rest_ns_ - parts.cpu_ns;
    if (member_.run_delay_ns) {
      parts.not_scheduled_ns = std::min(unused_ns, static_cast<double>(*member_.run_delay_ns));
    }
    parts.lost_ns[index(Loss::blocked)] += unused_ns - parts.not_scheduled_ns;
  }

  TimeParts parts;
  std::string fault;

 private:
  const MemberTime& member_;
  const std::int64_t begin_ns_;
  std::int64_t taken_until_ns_ = 0;
  double rest_ns_;  // that no span has
  double unsure_ns_ = 0;
};

}  // namespace

TimeParts& TimeParts::operator+=(const TimeParts& other) {
  all_ns += other.all_ns;
  for (std::size_t i = 0; i < lost_ns.size(); ++i) lost_ns[i] += other.lost_ns[i];
  not_scheduled_ns += other.not_scheduled_ns;
  idle_ns += other.idle_ns;
  cpu_ns += other.cpu_ns;
  process_cpu_ns += other.process_cpu_ns;
  others_cpu_ns += other.others_cpu_ns;
  return *this;
}

JobAccount account_of(const JobTime& time, const std::vector<trace::Losses>& losses) {
  JobAccount job;
  for (const trace::Losses& seen : losses) {
    if (!time.is_watched()) break;
    for (const Loss kind : seen.kinds) job.seen[index(kind)] = true;
    if (job.missing.empty()) job.missing = seen.incomplete;
  }
  for (const MemberTime& member : time.members) {
    MemberAccount account(member, time.begin_ns, time.end_ns);
    for (const LossSpan& span : spans_of(member.os_id, losses)) account.take(span);
    account.finish();
    job.parts += account.parts;
    job.has_run_delay = job.has_run_delay && member.run_delay_ns.has_value();
    if (job.fault.empty()) job.fault = account.fault;
  }
  job.parts.process_cpu_ns = time.cpu_s * 1e9;
  job.parts.others_cpu_ns = (time.cpu_s - time.team_cpu_s) * 1e9;
  return job;
}

void RowAccount::add(const JobAccount& job) {
  ++jobs_;
  parts_ += job.parts;
  for (std::size_t i = 0; i < seen_.size(); ++i) seen_[i] = seen_[i] || job.seen[i];
  has_run_delay_ = has_run_delay_ && job.has_run_delay;
  if (missing_.empty()) missing_ = job.missing;
  if (fault_.empty()) fault_ = job.fault;
}

/// Beyond 2 %, negative where the members had more than the process; else 0.
double RowAccount::others_beyond_clocks_ns() const {
  const double allowed_ns = kOthers * parts_.process_cpu_ns + kClocksApart_ns * static_cast<double>(jobs_);
  return std::abs(parts_.others_cpu_ns) > allowed_ns ? parts_.others_cpu_ns : 0;
}

std::string RowAccount::fault() const {
  if (!fault_.empty() || others_beyond_clocks_ns() >= 0) return fault_;
  return "its threads are said to have used " +
         format_percent(-parts_.others_cpu_ns / parts_.process_cpu_ns) + " more CPU time than the process";
}

Counters RowAccount::counters() const {
  constexpr OfLosses<const char*> kNames{"account_world_stopped", "account_lock_wait", "account_gil_wait",
                                         "account_lock_spin", "account_blocked"};
  if (jobs_ == 0 || parts_.all_ns <= 0 || !missing_.empty() || !fault().empty()) return {};
  Counters counters;
  const auto add = [&](const char* name, double ns) { counters[name] = ns / parts_.all_ns; };
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (seen_[i] || i == index(Loss::blocked)) add(kNames[i], parts_.lost_ns[i]);
  }
  if (has_run_delay_) {
    add("account_not_scheduled", parts_.not_scheduled_ns);
  } else {
    add("account_blocked", parts_.lost_ns[index(Loss::blocked)] + parts_.not_scheduled_ns);
  }
  add("account_idle", parts_.idle_ns);
  add("account_cpu", parts_.cpu_ns);
  if (const double others_ns = others_beyond_clocks_ns(); others_ns > 0) {
    add("account_other_threads", others_ns);
  }
  counters["account_cpu_ns"] = parts_.cpu_ns / static_cast<double>(jobs_);
  return counters;
}

}  // namespace harness
