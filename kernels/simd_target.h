// kernels/simd_target.h: the instruction sets that the SIMD kernels were built for and the running CPU
// offers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kernels {

/// Highway's name of the target that the SIMD kernels use, for instance "AVX3" (AVX-512) or "NEON".
std::string simd_target();

/// The names of all that they could use, the best first.
std::vector<std::string> simd_targets();

/// Makes them use the one of simd_targets() that is named, or the best again for "". For tests: the choice is
/// Highway's, one for the whole process, and no kernel may run meanwhile.
void force_simd_target(std::string_view name);

}  // namespace kernels
