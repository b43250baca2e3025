// harness/team/team.cpp: a start barrier that does not time anybody's wake-up, and the first error kept.
#include "harness/team/team.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <sstream>
#include <string>
#include <system_error>

#include "harness/error.h"
#include "harness/system/clock.h"
#include "harness/system/thread_cpu.h"
#include "harness/team/run_delay.h"

namespace harness {
namespace {

constexpr int kQuit = -1;
constexpr int kEnter = 1;                   // the number of the constructor's own job, which job_ starts with
constexpr std::int64_t kSpin_ns = 200'000;  // several times a futex wake-up on a virtual machine
constexpr std::int64_t kSpinAlone_ns = 5'000;
constexpr std::int64_t kSecond_ns = 1'000'000'000;
constexpr std::int64_t kGrace_ns = 2 * kSecond_ns;  // for the others to stop where a member has failed

/// That another thread may read.
clockid_t cpu_clock_of_this_thread() {
  clockid_t clock = CLOCK_THREAD_CPUTIME_ID;
  pthread_getcpuclockid(pthread_self(), &clock);
  return clock;
}

/// CPU time of this process's threads but the calling one. What a thread had that has ended is not in it.
/// Nothing where no descriptor is left to ask with.
std::optional<std::int64_t> cpu_of_other_threads_ns() {
  // As pthread_getcpuclockid() has it: CPUCLOCK_PERTHREAD_MASK | CPUCLOCK_SCHED.
  constexpr int kOfOneThread = 6;
  std::int64_t sum_ns = 0;
  std::error_code error;
  std::filesystem::directory_iterator task("/proc/self/task", error);
  for (const std::filesystem::directory_iterator end; !error && task != end; task.increment(error)) {
    const int thread = std::stoi(task->path().filename());
    if (thread != gettid()) sum_ns += read_ns((~thread * 8) | kOfOneThread);
  }
  return error ? std::nullopt : std::optional(sum_ns);
}

std::exception_ptr error_of_hanging(double patience_s) {
  std::ostringstream text;
  text << "its workers hang: for " << patience_s << " s none of them has computed (--patience)";
  return std::make_exception_ptr(ExperimentError(text.str()));
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

/// For await(). Sequentially consistent, as is whatever else wakes one who waits by std::atomic::wait(): the
/// library wakes nobody where it has counted no waiter, and a processor may look at that count before others
/// see an ordinary store. A waiter that comes between the two would sleep for ever.
void publish(std::atomic<int>& value, int to) {
  value.store(to, std::memory_order_seq_cst);
  value.notify_all();
}

// Of a value that is awaited for a time at most, which std::atomic cannot.
static_assert(sizeof(std::atomic<int>) == sizeof(int));

void sleep_while(std::atomic<int>& value, int is, std::optional<std::int64_t> for_ns) {
  timespec time{};
  if (for_ns) time = {.tv_sec = *for_ns / kSecond_ns, .tv_nsec = *for_ns % kSecond_ns};
  syscall(SYS_futex, &value, FUTEX_WAIT_PRIVATE, is, for_ns ? &time : nullptr, nullptr, 0);
}

void publish_to_sleeper(std::atomic<int>& value, int to) {
  value.store(to, std::memory_order_release);
  syscall(SYS_futex, &value, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace

double process_cpu_s() {
  return static_cast<double>(read_ns(CLOCK_PROCESS_CPUTIME_ID)) * 1e-9;
}

Team::Team(int size, TeamHooks hooks, int spin_cores, Placement placement)
    : hooks_(std::move(hooks)),
      placement_(std::move(placement)),
      spin_(size <= spin_cores),
      members_(static_cast<std::size_t>(size)),
      callers_cpus_(members_.size()),
      first_cpus_(members_.size()) {
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
  await_done(kEnter);
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
  has_error_ = false;
  failed_ = false;
  if (here_) return run_here(body);
  body_ = &body;
  callers_clock_ = cpu_clock_of_this_thread();
  ready_ = 0;
  running_ = size();
  sharing_ = {};
  first_ends_ = false;
  is_shared_as_first_ends_.reset();
  const int job = job_.load() + 1;
  publish(job_, job);
  await_done(job);
  if (error_) std::rethrow_exception(error_);
  JobTime time{.begin_ns = begin_ns_, .end_ns = 0, .cpu_s = end_cpu_s_ - begin_cpu_s_, .team_size = size()};
  time.sharing = sharing_;
  time.sharing.add(is_shared_as_first_ends_);
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
  self.cpu_note = cpu_note_of_this_thread();
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
  if (const auto home = placement_.home_of(member, size())) move_this_thread_to(*home);
  const bool reads_clocks = reads_clocks_;
  // A file takes longer to read than a clock, so it is read before the start and after the end.
  const auto delay_before_ns = reads_clocks ? run_delay_of_this_thread_ns() : std::nullopt;
  await_start(member, job);
  if (reads_clocks) self.begin_cpu_ns = thread_cpu_ns();
  if (!attempt([&] { (*body_)(member); }) && hooks_.failed) hooks_.failed(member);
  self.time.end_ns = now_ns();
  if (!reads_clocks) return;
  self.time.cpu_ns = thread_cpu_ns() - self.begin_cpu_ns;
  const auto delay_ns = delay_before_ns ? run_delay_of_this_thread_ns() : std::nullopt;
  self.time.run_delay_ns = delay_ns ? std::optional(*delay_ns - *delay_before_ns) : std::nullopt;
}

void Team::finish(int job) {
  if (job != kEnter && running_.load(std::memory_order_relaxed) == size() && !first_ends_.exchange(true)) {
    is_shared_as_first_ends_ = is_core_shared(first_cpus_);
  }
  if (running_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (reads_clocks_) team_cpu_ns_ = team_cpu_ns();  // first: it is never more than the process's
  end_cpu_s_ = process_cpu_s();
  publish_to_sleeper(done_, job);
}

/// Meanwhile looks where the members are, and whether they go on, where that is wanted.
void Team::await_done(int job) {
  constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  const bool looks = job != kEnter && size() > 1 && placement_.looks();
  const std::int64_t begin_ns = now_ns();
  std::int64_t look_ns = looks ? begin_ns + kLook_ns : kNever;
  Progress progress{.next_look_ns = hooks_.give_up ? begin_ns + kSecond_ns : kNever};
  for (int seen = done_.load(std::memory_order_acquire); seen != job;
       seen = done_.load(std::memory_order_acquire)) {
    const std::int64_t now = now_ns();
    const std::int64_t wake_ns = std::min(look_ns, progress.next_look_ns);
    if (now < wake_ns) {
      sleep_while(done_, seen, wake_ns == kNever ? std::nullopt : std::optional(wake_ns - now));
      continue;
    }
    if (now >= look_ns) {
      // Not once one has finished: the others have more room then.
      if (running_.load(std::memory_order_acquire) == size()) sharing_.add(is_core_shared(callers_cpus_));
      look_ns = now + kLook_ns;
    }
    if (now >= progress.next_look_ns) look_for_progress(job, progress);
  }
}

/// Once a second. Where one cannot enter, no hook stops the others that do: for these there is patience
/// alone.
void Team::look_for_progress(int job, Progress& seen) {
  const std::int64_t now = now_ns();
  seen.next_look_ns = now + kSecond_ns;
  const bool has_failed = has_error_.load(std::memory_order_acquire);
  if (has_failed && job != kEnter) {
    if (!seen.failed_since_ns) seen.failed_since_ns = now;
    if (now - *seen.failed_since_ns >= kGrace_ns) hooks_.give_up(error_);
  }
  const auto cpu_ns = cpu_of_other_threads_ns();
  if (!cpu_ns || cpu_ns != seen.cpu_ns) {
    seen.cpu_ns = cpu_ns;
    seen.cpu_since_ns = now;
  } else if (static_cast<double>(now - seen.cpu_since_ns) >= hooks_.patience_s * 1e9) {
    hooks_.give_up(has_failed ? error_ : error_of_hanging(hooks_.patience_s));
  }
}

/// Nothing where the members' CPUs are not known. `cpus` is room for them.
std::optional<bool> Team::is_core_shared(std::vector<int>& cpus) const {
  if (size() < 2 || !placement_.looks()) return std::nullopt;
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    if (members_[i].cpu_note == nullptr) return std::nullopt;
    cpus[i] = *members_[i].cpu_note;
  }
  return placement_.is_shared(cpus);
}

/// Since the job's start.
std::int64_t Team::team_cpu_ns() const {
  std::int64_t sum_ns = read_ns(callers_clock_) - callers_begin_cpu_ns_;
  for (const Member& member : members_) sum_ns += read_ns(member.cpu_clock) - member.begin_cpu_ns;
  return sum_ns;
}

void Team::await_start(int member, int job) {
  if (member != 0) {
    if (ready_.fetch_add(1, std::memory_order_seq_cst) == size() - 2) ready_.notify_all();
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
    has_error_.store(true, std::memory_order_release);
    return false;
  }
  return true;
}

}  // namespace harness
