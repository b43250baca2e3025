// harness/system/cancellation.h: a wish that something ends, which whoever waits for a child can wait for,
// too.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "harness/system/file_descriptor.h"

namespace harness {

/// A descriptor that can be read as soon as somebody wants the end, and ever after. From any thread.
class Cancellation {
 public:
  /// Throws std::system_error.
  Cancellation() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_.is_open()) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  void request() const {
    const std::uint64_t one = 1;
    if (write(event_.get(), &one, sizeof one) < 0) return;  // cannot fail: the counter is far from full
  }
  int descriptor() const { return event_.get(); }

 private:
  FileDescriptor event_;
};

}  // namespace harness
