// harness/trace/timeline_format.h: the words that a timeline's writer and reader share, whichever traces
// wrote it. What a trace calls its own spans is in its own folder.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace harness::trace::timeline_format {

inline constexpr const char* kFormat = "harness GIL trace";
/// 2: spans and instants say their CPU, and the file the machine's cores; what threads waited for besides the
/// GIL is in it.
inline constexpr int kFormatVersion = 2;

// In "args" of spans and instants.
inline constexpr std::string_view kCpu = "cpu";  ///< where the thread was as a span began, or was first known
inline constexpr std::string_view kEndCpu = "end_cpu";  ///< as it ended; absent where that is kCpu, too
inline constexpr std::string_view kBeginIsCut = "begin_is_cut";
inline constexpr std::string_view kEndIsCut = "end_is_cut";

// In "otherData".
inline constexpr std::string_view kCores = "cores";            ///< the CPUs of each physical core
inline constexpr std::string_view kContention = "contention";  ///< row/contention_json.h

// How the names of spans begin that are waits for locks; what was waited for follows.
inline constexpr std::string_view kParked = "parked: ";
inline constexpr std::string_view kSpinning = "spinning: ";
inline constexpr std::string_view kStopped = "stopped: ";

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

}  // namespace harness::trace::timeline_format
