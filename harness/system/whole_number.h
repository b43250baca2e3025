// harness/system/whole_number.h: a whole number out of JSON that may be anybody's.
#pragma once

#include <cstdint>
#include <optional>

namespace harness {

/// The number that `json`, a value of nlohmann-json's, is: nothing where it is no whole number from `low` to
/// `high`. The library's own get<int>() takes any number, and what it makes of one that does not fit is not
/// defined.
template <typename Json>
std::optional<std::int64_t> whole_number(const Json& json, std::int64_t low, std::int64_t high) {
  if (!json.is_number_integer()) return std::nullopt;
  const bool too_large =
      json.is_number_unsigned() && json.template get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  const auto number = json.template get<std::int64_t>();
  if (too_large || number < low || number > high) return std::nullopt;
  return number;
}

}  // namespace harness
