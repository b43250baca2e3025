// kernels/slice.h: where the slices of a job begin when a kernel splits it over its threads.
#pragma once

#include <algorithm>
#include <cstdint>

namespace kernels {

/// The first item of `slice` when `items` >= 0 are cut into `slices` >= 1 runs that differ in length by one
/// item at most; slice_begin(items, slices, slices) == items. No overflow for any `items`.
constexpr std::int64_t slice_begin(std::int64_t items, int slice, int slices) {
  return items / slices * slice + std::min<std::int64_t>(slice, items % slices);
}

}  // namespace kernels
