// harness/run/timeline_extras.h: what traces have for the timeline of a row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/row/contention.h"
#include "harness/trace/timeline.h"

namespace harness {

/// Of the last repetition. Names of entries point into what the observers own.
struct TimelineExtras {
  trace::Lanes lanes = {};
  /// What the lanes of the GIL cover: what begins later is not in them. Nothing where it has none.
  std::optional<trace::Window> window = {};
  std::uint64_t dropped_events = 0;  ///< that the lanes of the GIL miss
  Contention contention = {};
  /// Why the GIL has no lanes: where nothing else has any, there is nothing to write.
  std::string no_gil = {};
  /// Why they are not known: a timeline without them would say what is not so, and is not written.
  std::string gil_untold = {};
};

}  // namespace harness
