// harness/team/slice.h: how a job's items are split over a team.
#pragma once

#include <cstdint>

namespace harness {

/// The items [begin, end) of a job.
struct Slice {
  std::int64_t begin;
  std::int64_t end;

  bool operator==(const Slice&) const = default;
};

/// The slice of `member` (0 <= member < members) of a job of `items` items. The slices of all members are
/// disjoint, cover the job in order, and differ in length by one item at most. No overflow for any `items`.
constexpr Slice slice_of(std::int64_t items, int member, int members) {
  const std::int64_t each = items / members;
  const std::int64_t longer = items % members;  // the first `longer` members take one item more
  const std::int64_t begin = each * member + (member < longer ? member : longer);
  return {begin, begin + each + (member < longer ? 1 : 0)};
}

}  // namespace harness
