// harness/team/team.cpp: a start barrier that does not time anybody's wake-up, and the first error kept.
#include "harness/team/team.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "harness/error.h"
#include "harness/team/run_delay.h"

namespace harness {
namespace {

constexpr int kQuit = -1;
constexpr int kEnter = 1;                   // the number of the constructor's own job, which job_ starts with
constexpr std::int64_t kSpin_ns = 200'000;  // several times a futex wake-up on a virtual machine
constexpr std::int64_t kSpinAlone_ns = 5'000;

std::int64_t read_ns(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::int64_t now_ns() {
  return read_ns(CLOCK_MONOTONIC);
}

/// That another thread may read.
clockid_t cpu_clock_of_this_thread() {
  clockid_t clock = CLOCK_THREAD_CPUTIME_ID;
  pthread_getcpuclockid(pthread_self(), &clock);
  return clock;
}

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Waits busily, for a moment at most, while `waiting()`.
template <typename Waiting>
void spin_while(const Waiting& waiting) {
  // Linux may have put the thread that is waited for onto this one's core, so this one must let it run.
  const std::int64_t begin_ns = now_ns();
  for (std::int64_t spun_ns = 0; waiting() && spun_ns < kSpin_ns; spun_ns = now_ns() - begin_ns) {
    spun_ns < kSpinAlone_ns ? pause() : std::this_thread::yield();
  }
}

/// Returns when `value` is `wanted`: busily for a moment where `spin`, then asleep.
void await(std::atomic<int>& value, int wanted, bool spin) {
  if (spin) spin_while([&] { return value.load(std::memory_order_acquire) != wanted; });
  for (int seen = value.load(std::memory_order_acquire); seen != wanted;
       seen = value.load(std::memory_order_acquire)) {
    value.wait(seen, std::memory_order_acquire);
  }
}

void publish(std::atomic<int>& value, int to) {
  value.store(to, std::memory_order_release);
  value.notify_all();
}

}  // namespace

double process_cpu_s() {
  return static_cast<double>(read_ns(CLOCK_PROCESS_CPUTIME_ID)) * 1e-9;
}

Team::Team(int size, TeamHooks hooks, int spin_cores)
    : hooks_(std::move(hooks)), spin_(size <= spin_cores), members_(static_cast<std::size_t>(size)) {
  running_ = size;
  for (int member = 0; member < size; ++member) {
    try {
      members_[static_cast<std::size_t>(member)].thread = std::jthread([this, member] { live(member); });
    } catch (const std::system_error& error) {
      finish_all();
      throw ExperimentError("cannot start thread " + std::to_string(member + 1) + " of " +
                            std::to_string(size) + ": " + error.what());
    }
  }
  await(done_, kEnter, false);
  if (error_) {
    finish_all();
    std::rethrow_exception(error_);
  }
}

Team::Team(TeamHooks hooks) : hooks_(std::move(hooks)), here_(true), members_(1) {
  if (hooks_.enter) hooks_.enter(0);
}

Team::~Team() {
  finish_all();
  if (here_ && hooks_.leave) attempt([&] { hooks_.leave(0); });
}

void Team::finish_all() noexcept {
  publish(job_, kQuit);
  for (Member& member : members_) {
    if (member.thread.joinable()) member.thread.join();
  }
}

JobTime Team::run_here(const Body& body) {
  const double begin_cpu_s = process_cpu_s();
  const std::int64_t begin_ns = now_ns();
  if (!attempt([&] { body(0); }) && hooks_.failed) hooks_.failed(0);
  const std::int64_t end_ns = now_ns();
  const double end_cpu_s = process_cpu_s();
  if (error_) std::rethrow_exception(error_);
  return {.begin_ns = begin_ns, .end_ns = end_ns, .cpu_s = end_cpu_s - begin_cpu_s};
}

JobTime Team::run(const Body& body) {
  JobTime time = run_aside(body);
  reads_clocks_ = time.end_ns - time.begin_ns >= long_job_ns_;
  return time;
}

JobTime Team::run_aside(const Body& body) {
  error_ = nullptr;
  failed_ = false;
  if (here_) return run_here(body);
  body_ = &body;
  callers_clock_ = cpu_clock_of_this_thread();
  ready_ = 0;
  running_ = size();
  const int job = job_.load() + 1;
  publish(job_, job);
  await(done_, job, false);
  if (error_) std::rethrow_exception(error_);
  JobTime time{.begin_ns = begin_ns_, .end_ns = 0, .cpu_s = end_cpu_s_ - begin_cpu_s_, .team_size = size()};
  for (const Member& member : members_) time.end_ns = std::max(time.end_ns, member.time.end_ns);
  if (reads_clocks_) {
    time.team_cpu_s = static_cast<double>(team_cpu_ns_) * 1e-9;
    for (const Member& member : members_) time.members.push_back(member.time);
  }
  return time;
}

void Team::live(int member) {
  pthread_setname_np(pthread_self(), ("team " + std::to_string(member)).c_str());
  Member& self = members_[index(member)];
  self.time.os_id = gettid();
  self.cpu_clock = cpu_clock_of_this_thread();
  bool entered = false;
  attempt([&] {
    if (hooks_.enter) hooks_.enter(member);
    entered = true;
  });
  finish(kEnter);
  for (int job = kEnter;;) {
    if (spin_) spin_while([&] { return job_.load(std::memory_order_acquire) == job; });
    job_.wait(job, std::memory_order_acquire);
    job = job_.load(std::memory_order_acquire);
    if (job == kQuit) break;
    run_member(self, member, job);
    finish(job);
  }
  if (entered && hooks_.leave) attempt([&] { hooks_.leave(member); });
}

void Team::run_member(Member& self, int member, int job) {
  const bool reads_clocks = reads_clocks_;
  // A file takes longer to read than a clock, so it is read before the start and after the end.
  const auto delay_before_ns = reads_clocks ? run_delay_of_this_thread_ns() : std::nullopt;
  await_start(member, job);
  if (reads_clocks) self.begin_cpu_ns = read_ns(CLOCK_THREAD_CPUTIME_ID);
  if (!attempt([&] { (*body_)(member); }) && hooks_.failed) hooks_.failed(member);
  self.time.end_ns = now_ns();
  if (!reads_clocks) return;
  self.time.cpu_ns = read_ns(CLOCK_THREAD_CPUTIME_ID) - self.begin_cpu_ns;
  const auto delay_ns = delay_before_ns ? run_delay_of_this_thread_ns() : std::nullopt;
  self.time.run_delay_ns = delay_ns ? std::optional(*delay_ns - *delay_before_ns) : std::nullopt;
}

void Team::finish(int job) {
  if (running_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (reads_clocks_) team_cpu_ns_ = team_cpu_ns();  // first: it is never more than the process's
  end_cpu_s_ = process_cpu_s();
  publish(done_, job);
}

/// Since the job's start.
std::int64_t Team::team_cpu_ns() const {
  std::int64_t sum_ns = read_ns(callers_clock_) - callers_begin_cpu_ns_;
  for (const Member& member : members_) sum_ns += read_ns(member.cpu_clock) - member.begin_cpu_ns;
  return sum_ns;
}

void Team::await_start(int member, int job) {
  if (member != 0) {
    if (ready_.fetch_add(1, std::memory_order_acq_rel) == size() - 2) ready_.notify_all();
    await(started_, job, spin_);
    return;
  }
  await(ready_, size() - 1, spin_);
  if (reads_clocks_) callers_begin_cpu_ns_ = read_ns(callers_clock_);
  begin_cpu_s_ = process_cpu_s();
  begin_ns_ = now_ns();
  publish(started_, job);
}

bool Team::attempt(const std::function<void()>& action) noexcept {
  try {
    action();
  } catch (...) {
    if (failed_.exchange(true)) return true;
    error_ = std::current_exception();
    return false;
  }
  return true;
}

}  // namespace harness
