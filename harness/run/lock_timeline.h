// harness/run/lock_timeline.h: waits for CPython's locks, and stops of the world, as entries of a timeline.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "harness/lock_trace/analysis.h"
#include "harness/trace/timeline.h"

namespace harness {

/// Recordings of one stretch of time after the other. To live as long as what it gives out.
class LockTimeline {
 public:
  /// Nothing more once there is as much as a viewer still opens.
  void add(const lock_trace::Recording& recording, const lock_trace::Analysis& analysis,
           const lock_trace::SiteOf& site_of);

  /// Beside what is there already.
  void add_to(trace::Lanes& lanes) const;

 private:
  const std::string& kept(std::string_view kind, const std::string& what);

  std::set<std::string> names_;  // of the entries
  trace::Lanes lanes_;
};

}  // namespace harness
