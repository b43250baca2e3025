// harness/team/core_sharing.h: for how much of a job two members of the team were on one physical core.
#pragma once

#include <cstdint>
#include <optional>

namespace harness {

/// Looks at where the members were, at moments that are spread over a job.
struct CoreSharing {
  std::int64_t looks = 0;   ///< at all members
  std::int64_t shared = 0;  ///< of these, those at which two or more were on one core

  void add(std::optional<bool> is_shared) {
    if (!is_shared) return;
    ++looks;
    shared += *is_shared;
  }

  CoreSharing& operator+=(const CoreSharing& other) {
    looks += other.looks;
    shared += other.shared;
    return *this;
  }

  /// 0 … 1. Nothing where nobody looked.
  std::optional<double> share() const {
    if (looks == 0) return std::nullopt;
    return static_cast<double>(shared) / static_cast<double>(looks);
  }
};

}  // namespace harness
