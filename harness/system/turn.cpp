// harness/system/turn.cpp: a message each way, over a pair of sockets.
#include "harness/system/turn.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace harness {
namespace {

/// Sends or receives one message; what a signal cuts off is begun again.
template <typename Call>
ssize_t uninterrupted(Call call) {
  for (;;) {
    const ssize_t done = call();
    if (done >= 0 || errno != EINTR) return done;
  }
}

}  // namespace

TurnEnds open_turns() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {.giver = FileDescriptor(ends[0]), .taker = FileDescriptor(ends[1])};
}

void take_turn(int taker, TurnPlace place) {
  if (uninterrupted([&] { return ::send(taker, &place, sizeof place, MSG_NOSIGNAL); }) < 0) return;
  char go = 0;
  uninterrupted([&] { return ::recv(taker, &go, sizeof go, 0); });
}

std::optional<TurnPlace> asked_turn(const FileDescriptor& giver) {
  TurnPlace place;
  const ssize_t got = uninterrupted([&] { return ::recv(giver.get(), &place, sizeof place, MSG_DONTWAIT); });
  return got == sizeof place ? std::optional(place) : std::nullopt;
}

void give_turn(const FileDescriptor& giver) {
  const char go = 1;
  uninterrupted([&] { return ::send(giver.get(), &go, sizeof go, MSG_NOSIGNAL); });
}

}  // namespace harness
