// harness/compare/order.h: in which order a round runs its interpreters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace harness {

/// A permutation of 0 … count - 1, for round `round` of the comparison with that seed: the same on every
/// machine and with every standard library, so that --seed repeats it. Each is as likely as any other.
std::vector<std::size_t> order_of_round(std::uint32_t seed, int round, std::size_t count);

/// A seed that depends on these words alone, so that the parts of a comparison, each on a machine of its own,
/// have the same without being told.
std::uint32_t seed_of(std::span<const std::string> words);

}  // namespace harness
