// harness/lock_trace/stack_table.cpp: open addressing; an entry is claimed by its hash.
#include "harness/lock_trace/stack_table.h"

#include <algorithm>

namespace harness::lock_trace {
namespace {

std::uint64_t hash_of(const Frames& frames) noexcept {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio
  std::uint64_t hash = frames.addresses().size() + 1;
  for (const std::uintptr_t address : frames.addresses()) {
    hash = (hash ^ address) * kOdd;
    hash ^= hash >> 32;
  }
  return hash == 0 ? 1 : hash;
}

}  // namespace

bool Frames::operator==(const Frames& other) const noexcept {
  return std::ranges::equal(addresses(), other.addresses());
}

StackNumber StackTable::number_of(const Frames& frames) noexcept {
  constexpr std::size_t kTries = 64;  // a fuller table than that finds would be slow
  if (frames.addresses().empty()) return 0;
  const std::uint64_t hash = hash_of(frames);
  for (std::size_t i = 0; i < kTries; ++i) {
    const std::size_t at = (hash + i) % kSize;
    Entry& entry = entries_[at];
    std::uint64_t has = entry.hash.load(std::memory_order_acquire);
    if (has == 0 && entry.hash.compare_exchange_strong(has, hash, std::memory_order_acq_rel)) {
      std::ranges::copy(frames.addresses(), entry.addresses.begin());
      entry.size.store(frames.addresses().size(), std::memory_order_release);
      return static_cast<StackNumber>(at + 1);
    }
    if (has == hash) return static_cast<StackNumber>(at + 1);
  }
  return 0;
}

std::vector<std::uintptr_t> StackTable::addresses_of(StackNumber number) const {
  if (number == 0 || number > kSize) return {};
  const Entry& entry = entries_[number - 1];
  const auto size = static_cast<std::ptrdiff_t>(entry.size.load(std::memory_order_acquire));
  return {entry.addresses.begin(), entry.addresses.begin() + size};
}

}  // namespace harness::lock_trace
