// harness/row/format.h: numbers as a person reads them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace harness {

/// A time with three significant digits and its unit: "41.2 ms", "1.02 s", "870 ns".
std::string format_time(double seconds);

/// A ratio with three significant digits: "0.981", "1.24", "47.0"; from 1,000 on whole, with commas.
std::string format_ratio(double ratio);

/// A share of 1 in percent: "99.9 %".
std::string format_percent(double share);

/// 1234567 as "1,234,567".
std::string format_count(double count);

/// "1 round", "1,234 rounds", "2 processes".
std::string counted(std::size_t count, const std::string& what);

/// "a", "a and b", "a, b and c".
std::string enumerated(const std::vector<std::string>& words);

}  // namespace harness
