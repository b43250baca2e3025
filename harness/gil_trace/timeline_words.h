// harness/gil_trace/timeline_words.h: what the GIL's spans and instants are called in a timeline.
#pragma once

#include <string_view>

namespace harness::gil_trace::timeline_words {

inline constexpr std::string_view kHolding = "holding";
inline constexpr std::string_view kWaiting = "waiting";
inline constexpr std::string_view kForcedSwitch = "forced switch";
inline constexpr std::string_view kDetached = "detached";
inline constexpr std::string_view kTimeout = "timeout";
inline constexpr std::string_view kGil = "gil";  ///< in "args": the GilId

}  // namespace harness::gil_trace::timeline_words
