// harness/compare/order.cpp: in which order a round runs its interpreters.
#include "harness/compare/order.h"

#include <numeric>
#include <random>
#include <utility>

namespace harness {

std::vector<std::size_t> order_of_round(std::uint32_t seed, int round, std::size_t count) {
  // The standard says what this generator gives, but not what std::shuffle makes of it.
  std::seed_seq seeds{seed, static_cast<std::uint32_t>(round)};
  std::mt19937 generator(seeds);
  const auto draw = [&] { return static_cast<std::uint32_t>(generator()); };
  const auto below = [&](std::uint32_t limit) {
    const std::uint32_t most = 0xffffffffU - 0xffffffffU % limit;
    std::uint32_t drawn = draw();
    while (drawn >= most) drawn = draw();  // else low numbers come more often
    return drawn % limit;
  };
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t left = count; left > 1; --left) {  // Fisher and Yates
    std::swap(order[left - 1], order[below(static_cast<std::uint32_t>(left))]);
  }
  return order;
}

std::uint32_t seed_of(std::span<const std::string> words) {
  // FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo, https://www.isthe.com/chongo/tech/comp/fnv/), 32 bits.
  std::uint32_t seed = 2166136261U;
  const auto add = [&](unsigned char byte) { seed = (seed ^ byte) * 16777619U; };
  for (const std::string& word : words) {
    for (const char c : word) add(static_cast<unsigned char>(c));
    add(0);  // so that it matters where a word ends
  }
  return seed;
}

}  // namespace harness
