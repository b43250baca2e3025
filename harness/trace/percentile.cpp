// harness/trace/percentile.cpp: sorts as much as it takes.
#include "harness/trace/percentile.h"

#include <algorithm>
#include <cmath>

namespace harness::trace {

std::optional<std::int64_t> percentile(std::vector<std::int64_t> values, double percent) {
  if (values.empty()) return std::nullopt;
  const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(values.size())));
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, values.size()) - 1);
  std::ranges::nth_element(values, at);
  return *at;
}

}  // namespace harness::trace
