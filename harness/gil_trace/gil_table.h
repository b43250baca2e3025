// harness/gil_trace/gil_table.h: which condition variables belong to a GIL.
//
// A global of the process, because the hook is called by CPython and has no argument for it. Written by one
// thread at a time; read by the hook in any thread at any moment, without a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <optional>

#include "harness/gil_trace/event.h"

namespace harness::gil_trace {

/// The two condition variables of one GIL, by the names that CPython gives them.
struct GilConditions {
  const void* cond;         ///< struct _gil_runtime_state: cond, signalled by a release
  const void* switch_cond;  ///< switch_cond, signalled by an acquire
};

/// Has the hook record events on these condition variables from now on. The id that they have already if both
/// belong to one GIL; nothing if kMaxGils are registered. By one thread at a time.
std::optional<GilId> register_gil(GilConditions conditions);

/// Ends that: to be called before the GIL's interpreter ends, since others may get its memory. By one thread
/// at a time.
void forget_gil(GilId gil);

inline constexpr std::size_t kMaxGils = 64;

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

struct GilTable {
  std::atomic<std::size_t> size{0};  ///< entries that were ever used, two a GIL
  std::array<GilEntry, 2 * kMaxGils> entries{};
};

/// Read by every event, written hardly ever: on cache lines of its own.
alignas(128) inline constinit GilTable gil_table{};

/// The GIL that `condition` belongs to, if any. One or two comparisons where there is one GIL.
inline GilMatch find_gil(const void* condition) noexcept {
  const std::size_t size = gil_table.size.load(std::memory_order_acquire);
  const GilEntry* entry = gil_table.entries.data();
  for (const GilEntry* const end = entry + size; entry != end; ++entry) {
    if (entry->condition.load(std::memory_order_acquire) == condition) {
      return entry->match.load(std::memory_order_relaxed);
    }
  }
  return {};
}

}  // namespace detail
}  // namespace harness::gil_trace
