// harness/gil_trace/gil_table.h: which condition variables belong to a GIL.
//
// A global of the process, because the hook is called by CPython and has no argument for it. Written by one
// thread at a time; read by the hook in any thread at any moment, without a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "harness/gil_trace/event.h"

namespace harness::gil_trace {

/// The two condition variables of one GIL, by the names that CPython gives them.
struct GilConditions {
  const void* cond;         ///< struct _gil_runtime_state: cond, signalled by a release
  const void* switch_cond;  ///< switch_cond, signalled by an acquire
};

/// Has the hook record events on these condition variables from now on. The id that they have already if both
/// belong to one GIL; nothing if kMaxGils are registered, or if the ids are used up. By one thread at a time.
std::optional<GilId> register_gil(GilConditions conditions);

/// Ends that: to be called before the GIL's interpreter ends, since others may get its memory. By one thread
/// at a time.
void forget_gil(GilId gil);

/// The main interpreter's, and one for each member of the largest team (kMaxThreads).
inline constexpr std::size_t kMaxGils = 1025;

namespace detail {

/// What a condition variable is to a GIL: its id, and which of the two. One number, so that the hook need not
/// tell two cases apart.
class GilMatch {
 public:
  constexpr GilMatch() = default;
  constexpr GilMatch(GilId gil, bool is_switch_cond)
      : number_(std::uint32_t{gil} << 1 | static_cast<std::uint32_t>(is_switch_cond)) {}

  constexpr explicit operator bool() const { return number_ != kNone; }
  constexpr GilId gil() const { return static_cast<GilId>(number_ >> 1); }
  constexpr bool is_switch_cond() const { return (number_ & 1) != 0; }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  std::uint32_t number_ = kNone;
};

struct GilEntry {
  std::atomic<const void*> condition{nullptr};
  std::atomic<GilMatch> match{};
};

/// Found by hashing, with the next entries for those that collide: as quick with a thousand GILs as with one.
/// At most half full.
struct GilTable {
  static constexpr std::size_t kBits = 12;
  static constexpr std::size_t kSize = std::size_t{1} << kBits;
  static_assert(4 * kMaxGils <= kSize + 4);

  static std::size_t home_of(const void* condition) noexcept {
    // Multiplicative hashing (D. Knuth, The Art of Computer Programming, vol. 3, 6.4), by 2^64 over the
    // golden ratio.
    return (reinterpret_cast<std::uintptr_t>(condition) * 0x9e37'79b9'7f4a'7c15U) >> (64 - kBits);
  }
  static std::size_t after(std::size_t place) noexcept { return (place + 1) % kSize; }

  std::array<GilEntry, kSize> entries{};
};

/// What an entry has as its condition that was used and is not any more.
inline constinit const char forgotten_condition = 0;

/// Read by every event, written hardly ever: on cache lines of its own.
alignas(128) inline constinit GilTable gil_table{};

/// The GIL that `condition` belongs to, if any.
inline GilMatch find_gil(const void* condition) noexcept {
  for (std::size_t place = GilTable::home_of(condition);; place = GilTable::after(place)) {
    const GilEntry& entry = gil_table.entries[place];
    const void* const found = entry.condition.load(std::memory_order_acquire);
    if (found == nullptr) return {};
    if (found == condition) return entry.match.load(std::memory_order_relaxed);
  }
}

}  // namespace detail
}  // namespace harness::gil_trace
