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

struct GilEntry {
  std::atomic<const void*> cond{nullptr};
  std::atomic<const void*> switch_cond{nullptr};
  std::atomic<GilId> gil{0};
};

struct GilTable {
  std::atomic<std::size_t> size{0};  ///< entries that were ever used
  std::array<GilEntry, kMaxGils> entries{};
};

/// Read by every event, written hardly ever: on cache lines of its own.
alignas(128) inline constinit GilTable gil_table{};

struct GilMatch {
  GilId gil;
  bool is_switch_cond;
};

/// The GIL that `condition` belongs to, if any. One or two comparisons where there is one GIL.
inline std::optional<GilMatch> find_gil(const void* condition) noexcept {
  const std::size_t size = gil_table.size.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < size; ++i) {
    const GilEntry& entry = gil_table.entries[i];
    if (entry.cond.load(std::memory_order_acquire) == condition) {
      return GilMatch{entry.gil.load(std::memory_order_relaxed), false};
    }
    if (entry.switch_cond.load(std::memory_order_acquire) == condition) {
      return GilMatch{entry.gil.load(std::memory_order_relaxed), true};
    }
  }
  return std::nullopt;
}

}  // namespace detail
}  // namespace harness::gil_trace
