// harness/run/timeline_extras.h: what traces add to the timeline of the GIL.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/row/contention.h"
#include "harness/trace/timeline_writer.h"

namespace harness {

/// Of the last repetition. Names point into what the observers own.
struct TimelineExtras {
  std::vector<trace::TimelineEntry> entries = {};
  std::map<std::int64_t, std::string> threads = {};  ///< names by gettid()
  Contention contention = {};
};

}  // namespace harness
