// harness/tracer/shared_log.h: a queue from any number of threads to one reader, in memory that is shared.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace harness::tracer {

/// All zeros is an empty one. A thread that is killed while it adds leaves a hole, at which the reader stops
/// until it is told that nobody adds any more.
template <typename Entry, std::size_t kCapacity>
class SharedLog {
 public:
  /// In any thread, without a lock. What finds the queue full is counted.
  void add(const Entry& entry) noexcept {
    std::uint64_t at = next_.load(std::memory_order_relaxed);
    do {
      if (at - taken_.load(std::memory_order_acquire) >= kCapacity) {
        lost_.fetch_add(1, std::memory_order_relaxed);
        return;
      }
    } while (!next_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed));
    Slot& slot = slots_[at % kCapacity];
    slot.entry = entry;
    slot.number.store(at + 1, std::memory_order_release);
  }

  /// Gives `take` each entry since the last call. By one thread at a time. `is_last`: nobody adds any more.
  template <typename Take>
  void drain(const Take& take, bool is_last = false) {
    std::uint64_t at = taken_.load(std::memory_order_relaxed);
    for (const std::uint64_t end = next_.load(std::memory_order_relaxed); at != end; ++at) {
      const Slot& slot = slots_[at % kCapacity];
      const bool is_whole = slot.number.load(std::memory_order_acquire) == at + 1;
      if (!is_whole && !is_last) break;
      if (is_whole) take(slot.entry);
    }
    taken_.store(at, std::memory_order_release);
  }

  std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  struct Slot {
    std::atomic<std::uint64_t> number;  ///< of the entry in it, from 1 on
    Entry entry;
  };

  alignas(128) std::atomic<std::uint64_t> next_{0};
  alignas(128) std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::array<Slot, kCapacity> slots_;
};

}  // namespace harness::tracer
