// harness/run/interruption.cpp: Ctrl-C ends a run within a second, with what is finished saved.
#include "harness/run/interruption.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <system_error>
#include <utility>

namespace harness {
namespace {

// What is left of a second when a report is to be written.
constexpr int kPatience_ms = 700;

sigset_t watched() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

/// Waits until one of both is readable, or the time is up: index 0 or 1, or -1.
int first_readable(int first, int second, int timeout_ms) {
  std::array<pollfd, 2> polled{{{first, POLLIN, 0}, {second, POLLIN, 0}}};
  while (poll(polled.data(), polled.size(), timeout_ms) < 0) {
  }
  if (polled[1].revents != 0) return 1;
  return polled[0].revents != 0 ? 0 : -1;
}

int take_signal(int descriptor) {
  signalfd_siginfo info{};
  return read(descriptor, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : SIGINT;
}

}  // namespace

Interruption::Interruption() {
  const sigset_t signals = watched();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signals_ = FileDescriptor(signalfd(-1, &signals, SFD_CLOEXEC));
  ended_ = FileDescriptor(eventfd(0, EFD_CLOEXEC));
  if (!signals_.is_open() || !ended_.is_open()) {
    throw std::system_error(errno, std::generic_category(), "cannot watch for signals");
  }
}

Interruption::~Interruption() {
  const std::uint64_t one = 1;
  if (write(ended_.get(), &one, sizeof one) < 0) return;  // cannot fail: the counter is far from full
  if (watcher_.joinable()) watcher_.join();
  const sigset_t signals = watched();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void Interruption::watch(std::function<void()> stop_work, std::function<void()> save) {
  watcher_ = std::jthread([this, stop_work = std::move(stop_work), save = std::move(save)] {
    wait_for_signals(stop_work, save);
  });
}

void Interruption::wait_for_signals(const std::function<void()>& stop_work,
                                    const std::function<void()>& save) {
  if (first_readable(signals_.get(), ended_.get(), -1) == 1) return;
  signal_ = take_signal(signals_.get());
  // It may have to wait for the GIL for as long as the script likes, so it is not waited for.
  std::thread(stop_work).detach();
  if (first_readable(signals_.get(), ended_.get(), kPatience_ms) == 1) return;
  save();
  _exit(status());
}

}  // namespace harness
