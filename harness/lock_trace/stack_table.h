// harness/lock_trace/stack_table.h: the call stacks that were seen, each once.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/lock_trace/event.h"

namespace harness::lock_trace {

/// Return addresses from the caller of the hooked function outwards.
class Frames {
 public:
  static constexpr std::size_t kMost = 24;

  void add(std::uintptr_t address) noexcept {
    if (size_ < kMost) addresses_[size_++] = address;
  }
  void clear() noexcept { size_ = 0; }
  bool is_full() const noexcept { return size_ == kMost; }
  std::span<const std::uintptr_t> addresses() const noexcept { return {addresses_.data(), size_}; }

  bool operator==(const Frames& other) const noexcept;

 private:
  std::array<std::uintptr_t, kMost> addresses_;
  std::size_t size_ = 0;
};

/// Numbers call stacks: any number of threads at once, without a lock or an allocation. What it has stays in
/// it: a program waits in few places. A constinit global of its trace.
class StackTable {
 public:
  /// How many stacks are kept; those that come later have the number 0.
  static constexpr std::size_t kSize = 4096;

  constexpr StackTable() = default;
  StackTable(const StackTable&) = delete;
  StackTable& operator=(const StackTable&) = delete;

  /// The stack's number: the same for the same addresses.
  StackNumber number_of(const Frames& frames) noexcept;

  /// The addresses of a number that number_of() has given; none for 0.
  std::vector<std::uintptr_t> addresses_of(StackNumber number) const;

  /// Gives `take` each of them, without an allocation.
  template <typename Take>
  void for_each_address(StackNumber number, const Take& take) const {
    if (number == 0 || number > kSize) return;
    const Entry& entry = entries_[number - 1];
    const std::size_t size = entry.size.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < size; ++i) take(entry.addresses[i]);
  }

 private:
  struct Entry {
    std::atomic<std::uint64_t> hash{0};  ///< 0: free
    std::atomic<std::size_t> size{0};    ///< of `addresses`; 0 until they are written
    std::array<std::uintptr_t, Frames::kMost> addresses{};
  };

  std::array<Entry, kSize> entries_{};
};

}  // namespace harness::lock_trace
