// harness/run/interruption.cpp: Ctrl-C ends a run within a second, with what is finished saved.
//
// What a signal handler touches is here for the whole process. A semaphore and no descriptor wakes the
// watcher: a script may close any descriptor.
#include "harness/run/interruption.h"

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include "harness/run/exit_guard.h"
#include "harness/system/descendants.h"

namespace harness {
namespace {

// What is left of a second when a report is to be written.
constexpr long kPatience_ns = 700'000'000;

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

struct State {
  pid_t process = 0;  // whose handlers these are: a forked child has them for a moment, a vforked one longer
  std::array<struct sigaction, kSignals.size()> before{};
  std::atomic<int> first{0};  // signal
  std::atomic<bool> ended{false};
  sem_t happened{};  // a signal, or the end of a Watch or of all
};
State state;

int status_of(int signal) {
  return signal == 0 ? 0 : 128 + signal;
}

void restore_dispositions() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &state.before[i], nullptr);
}

void in_forked_child() {
  if (std::exchange(state.process, 0) != 0) restore_dispositions();
}

void take(int signal) {
  const int error = errno;
  if (getpid() != state.process) {  // as it would have been without a handler
    ::signal(signal, SIG_DFL);
    raise(signal);
  } else {
    int none = 0;
    state.first.compare_exchange_strong(none, signal);
    sem_post(&state.happened);
  }
  errno = error;
}

/// Unless it was ignored `before`.
void handle(int signal, const struct sigaction& before) {
  if (before.sa_handler == SIG_IGN) return;
  struct sigaction taking {};
  taking.sa_handler = take;
  taking.sa_flags = SA_RESTART;
  sigaction(signal, &taking, nullptr);
}

void wait() {
  while (sem_wait(&state.happened) != 0) {
  }
}

void wait_at_most(long ns) {
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  constexpr long kSecond_ns = 1'000'000'000;
  until.tv_sec += (until.tv_nsec + ns) / kSecond_ns;
  until.tv_nsec = (until.tv_nsec + ns) % kSecond_ns;
  while (sem_clockwait(&state.happened, CLOCK_MONOTONIC, &until) != 0) {
    if (errno == ETIMEDOUT) return;
  }
}

}  // namespace

Interruption::Interruption() {
  static const int at_fork = pthread_atfork(nullptr, nullptr, in_forked_child);
  static_cast<void>(at_fork);  // ENOMEM: take() sees to it then
  sem_init(&state.happened, 0, 0);
  state.first = 0;
  state.ended = false;
  state.process = getpid();
  watcher_ = std::jthread([this] { take_signals(); });
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], nullptr, &state.before[i]);
  keep_signals();
}

void Interruption::keep_signals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) handle(kSignals[i], state.before[i]);
}

Interruption::~Interruption() {
  give_signals_back();
}

void Interruption::give_signals_back() {
  if (!watcher_.joinable()) return;
  restore_dispositions();
  state.process = 0;
  end_watcher();
  sem_destroy(&state.happened);
}

void Interruption::end_watcher() {
  state.ended = true;
  sem_post(&state.happened);
  watcher_.join();
}

void Interruption::without_thread(const std::function<void()>& function) {
  end_watcher();  // of a signal in between, state.happened is told, too
  state.ended = false;
  function();
  watcher_ = std::jthread([this] { take_signals(); });
}

void Interruption::take_signals() {
  for (wait(); !state.ended; wait()) {
    if (state.first == 0) continue;  // a Watch ended
    std::unique_lock guard(lock_);
    if (!work_) exit();
    // It may have to wait for the GIL for as long as the script likes, so it is not waited for.
    std::thread(work_->stop).detach();
    guard.unlock();
    wait_at_most(kPatience_ns);
    guard.lock();
    if (!work_) continue;
    work_->save();  // with the lock held, so that what it saves stays
    exit();
  }
}

Interruption::Watch Interruption::watch(std::function<void()> stop, std::function<void()> save) {
  return {*this, {.stop = std::move(stop), .save = std::move(save)}};
}

Interruption::Watch::Watch(Interruption& interruption, Work work) : interruption_(interruption) {
  const std::lock_guard guard(interruption_.lock_);
  interruption_.work_ = std::move(work);
}

Interruption::Watch::~Watch() {
  {
    const std::lock_guard guard(interruption_.lock_);
    interruption_.work_.reset();
  }
  sem_post(&state.happened);
}

bool Interruption::requested() const {
  return state.first != 0;
}

int Interruption::status() const {
  return status_of(state.first);
}

void Interruption::exit() const {
  kill_descendants();
  end_process(status());
}

}  // namespace harness
