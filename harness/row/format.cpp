// harness/row/format.cpp: numbers as a person reads them.
#include "harness/row/format.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace harness {
namespace {

/// Three significant digits without an exponent, for 0 <= value < 999.5.
std::string three_digits(double value) {
  // The exponent that the rounded value has: 9.999 is 10.0.
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2e", value);
  const int exponent = std::atoi(std::strchr(text.data(), 'e') + 1);
  std::snprintf(text.data(), text.size(), "%.*f", 2 - exponent, value);
  return text.data();
}

}  // namespace

std::string format_time(double seconds) {
  struct TimeUnit {
    double in_s;
    const char* name;
  };
  constexpr std::array units{TimeUnit{1, " s"}, TimeUnit{1e-3, " ms"}, TimeUnit{1e-6, " µs"}};
  if (seconds >= 999.5) return format_count(seconds) + " s";
  for (const TimeUnit& unit : units) {
    if (seconds >= 0.9995 * unit.in_s) return three_digits(seconds / unit.in_s) + unit.name;
  }
  return three_digits(seconds * 1e9) + " ns";
}

std::string format_ratio(double ratio) {
  return ratio < 999.5 ? three_digits(ratio) : format_count(ratio);
}

std::string format_percent(double share) {
  return format_ratio(100 * share) + " %";
}

std::string format_count(double count) {
  std::array<char, 32> text{};
  constexpr double kMostDigits = 1e15;  // beyond, a number has fewer digits than it would show
  std::snprintf(text.data(), text.size(), std::abs(count) < kMostDigits ? "%.0f" : "%.3g", count);
  if (std::abs(count) >= kMostDigits) return text.data();
  std::string digits = text.data();
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string counted(std::size_t count, const std::string& what) {
  const char* const ending = count == 1 ? "" : what.ends_with('s') ? "es" : "s";
  return format_count(static_cast<double>(count)) + " " + what + ending;
}

std::string enumerated(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  }
  return text;
}

}  // namespace harness
