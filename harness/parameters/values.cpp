// harness/parameters/values.cpp: the values of flags, from text.
#include "harness/parameters/values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>

#include "harness/error.h"

namespace harness {
namespace {

/// 1000000 as "1,000,000".
std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

template <typename Number>
std::optional<Number> whole(const std::string& text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

}  // namespace

std::int64_t parse_integer(const std::string& flag, const std::string& text, std::int64_t low,
                           std::int64_t high) {
  const auto value = whole<std::int64_t>(text);
  if (value && *value >= low && *value <= high) return *value;
  throw UserError(flag + "=" + text + ": give a whole number from " + grouped(low) + " to " + grouped(high));
}

double parse_seconds(const std::string& flag, const std::string& text, double high) {
  const auto value = whole<double>(text);
  if (value && std::isfinite(*value) && *value > 0 && *value <= high) return *value;
  std::ostringstream limit;
  limit << high;
  throw UserError(flag + "=" + text + ": give a number of seconds above 0 and up to " + limit.str());
}

double parse_percent(const std::string& flag, const std::string& text, int below_percent) {
  const std::string number = text.substr(0, text.find_last_not_of(" %") + 1);
  const auto value = whole<double>(number);
  if (value && *value > 0 && *value < below_percent) return *value / 100;
  throw UserError(flag + "=" + text + ": give a percentage above 0 and below " +
                  std::to_string(below_percent) + ", for instance 5%");
}

double parse_slower(const std::string& flag, const std::string& text) {
  constexpr std::string_view kSlower = "slower:";
  if (!text.starts_with(kSlower)) {
    throw UserError(flag + "=" + text + ": give slower: and by how much, for instance " + flag +
                    "=slower:5%");
  }
  return parse_percent(flag + "=slower", text.substr(kSlower.size()), 1000);
}

std::vector<int> parse_threads(const std::string& flag, const std::string& text) {
  std::vector<int> threads;
  std::istringstream list(text + ",");
  for (std::string count; std::getline(list, count, ',');) {
    const auto value = whole<int>(count);
    if (!value || *value < 1 || *value > kMaxThreads) {
      throw UserError(flag + "=" + text + ": '" + count +
                      "' is not a thread count; give a list such as 1,2,4, each from 1 to " +
                      grouped(kMaxThreads));
    }
    threads.push_back(*value);
  }
  std::ranges::sort(threads);
  threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
  return threads;
}

ImageSize parse_size(const std::string& flag, const std::string& text) {
  const std::size_t cross = std::min(text.find('x'), text.size());
  const std::int64_t width = whole<std::int64_t>(text.substr(0, cross)).value_or(0);
  const std::int64_t height = whole<std::int64_t>(text.substr(std::min(cross + 1, text.size()))).value_or(0);
  if (width >= 1 && width <= kMaxSide && height >= 1 && height <= kMaxSide) return {width, height};
  throw UserError(flag + "=" + text + ": give WIDTHxHEIGHT in pixels, each from 1 to " + grouped(kMaxSide) +
                  ", for instance 1280x720");
}

std::vector<ImageSize> parse_sizes(const std::string& flag, const std::vector<std::string>& texts) {
  std::vector<ImageSize> sizes;
  for (const std::string& text : texts) {
    const ImageSize size = parse_size(flag, text);
    if (std::ranges::find(sizes, size) == sizes.end()) sizes.push_back(size);
  }
  return sizes;
}

}  // namespace harness
