// harness/team/team.cpp: a start barrier that does not time anybody's wake-up, and the first error kept.
#include "harness/team/team.h"

#include <pthread.h>
#include <time.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "harness/error.h"

namespace harness {
namespace {

constexpr int kQuit = -1;
constexpr int kEnter = 1;                   // the number of the constructor's own job, which job_ starts with
constexpr std::int64_t kSpin_ns = 200'000;  // several times a futex wake-up on a virtual machine
constexpr std::int64_t kSpinAlone_ns = 5'000;

std::int64_t now_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
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
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
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
  return {begin_ns, end_ns, end_cpu_s - begin_cpu_s};
}

JobTime Team::run(const Body& body) {
  error_ = nullptr;
  failed_ = false;
  if (here_) return run_here(body);
  body_ = &body;
  ready_ = 0;
  running_ = size();
  const int job = job_.load() + 1;
  publish(job_, job);
  await(done_, job, false);
  if (error_) std::rethrow_exception(error_);
  const auto last = std::ranges::max_element(members_, {}, &Member::end_ns);
  return {begin_ns_, last->end_ns, end_cpu_s_ - begin_cpu_s_};
}

void Team::live(int member) {
  pthread_setname_np(pthread_self(), ("team " + std::to_string(member)).c_str());
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
    await_start(member, job);
    if (!attempt([&] { (*body_)(member); }) && hooks_.failed) hooks_.failed(member);
    members_[static_cast<std::size_t>(member)].end_ns = now_ns();
    finish(job);
  }
  if (entered && hooks_.leave) attempt([&] { hooks_.leave(member); });
}

void Team::finish(int job) {
  if (running_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  end_cpu_s_ = process_cpu_s();
  publish(done_, job);
}

void Team::await_start(int member, int job) {
  if (member != 0) {
    if (ready_.fetch_add(1, std::memory_order_acq_rel) == size() - 2) ready_.notify_all();
    await(started_, job, spin_);
    return;
  }
  await(ready_, size() - 1, spin_);
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
