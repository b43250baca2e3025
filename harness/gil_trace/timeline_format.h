// harness/gil_trace/timeline_format.h: the words that a timeline's writer and reader share.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace harness::gil_trace::timeline_format {

inline constexpr const char* kFormat = "harness GIL trace";
/// 2: spans and instants say their CPU, and the file the machine's cores; what threads waited for besides the
/// GIL is in it.
inline constexpr int kFormatVersion = 2;

inline constexpr std::string_view kHolding = "holding";
inline constexpr std::string_view kWaiting = "waiting";
inline constexpr std::string_view kForcedSwitch = "forced switch";
inline constexpr std::string_view kDetached = "detached";
inline constexpr std::string_view kTimeout = "timeout";
inline constexpr std::string_view kGil = "gil";
inline constexpr std::string_view kCpu = "cpu";  ///< where the thread was as a span began, or was first known
inline constexpr std::string_view kEndCpu = "end_cpu";  ///< as it ended; absent where that is kCpu, too
inline constexpr std::string_view kCores = "cores";     ///< in "otherData": the CPUs of each physical core

// How the names of spans begin that are no GIL's; what was waited for follows.
inline constexpr std::string_view kParked = "parked: ";
inline constexpr std::string_view kSpinning = "spinning: ";
inline constexpr std::string_view kStopped = "stopped: ";
inline constexpr std::string_view kContention = "contention";  ///< in "otherData": row/contention_json.h

// "pid" of the groups of lanes, in the order in which chrome://tracing shows them.
inline constexpr int kIterations = 1;
inline constexpr int kGils = 2;
inline constexpr int kThreads = 3;
inline constexpr int kNativeCode = 4;
inline constexpr int kWorld = 5;
inline constexpr std::array<std::pair<int, std::string_view>, 5> kProcessNames{{{kIterations, "iterations"},
                                                                                {kGils, "GILs"},
                                                                                {kThreads, "threads"},
                                                                                {kNativeCode, "native code"},
                                                                                {kWorld, "world"}}};

}  // namespace harness::gil_trace::timeline_format
