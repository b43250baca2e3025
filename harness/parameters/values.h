// harness/parameters/values.h: the values of flags, from text. Each throws UserError with `flag`, the text
// and the mend.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/image/image.h"

namespace harness {

inline constexpr int kMaxThreads = 1024;
inline constexpr std::int64_t kMaxSide = 1'000'000;  // of an image

/// A whole number between `low` and `high`; digits alone, so no sign, no fraction, no exponent.
std::int64_t parse_integer(const std::string& flag, const std::string& text, std::int64_t low,
                           std::int64_t high);

/// A number of seconds, above 0 and at most `high`.
double parse_seconds(const std::string& flag, const std::string& text, double high);

/// "5%", "5" or "0.5 %" as 0.05, 0.05 and 0.005. Above 0 and below `below_percent`.
double parse_percent(const std::string& flag, const std::string& text, int below_percent);

/// "slower:5%" as 0.05.
double parse_slower(const std::string& flag, const std::string& text);

/// Comma-separated thread counts, as an ascending list without repeats.
std::vector<int> parse_threads(const std::string& flag, const std::string& text);

/// WIDTHxHEIGHT in pixels.
ImageSize parse_size(const std::string& flag, const std::string& text);

/// The same of several texts, in their order, without repeats.
std::vector<ImageSize> parse_sizes(const std::string& flag, const std::vector<std::string>& texts);

}  // namespace harness
