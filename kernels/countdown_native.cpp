// kernels/countdown_native.cpp: the counting loop on the calling thread.
#include "kernels/countdown.h"

namespace kernels {

std::uint64_t countdown_native(std::int64_t begin, std::int64_t end, int /*threads*/) {
  std::uint64_t steps = 0;
  for (std::int64_t left = end; left > begin; ++steps) {
    --left;
    // Without this the loop is `return end - begin`. The empty statement says that it may change `left`, so
    // no step can be foretold from the one before, and that it must happen (volatile), so no step can be left
    // out. It is no instruction: a step must be one decrement, one increment, one compare and one jump, and
    // the loop must not be unrolled. `objdump -dC build/kernels/libkernels.a` shows whether it is so.
    asm volatile("" : "+r"(left));
  }
  return steps;
}

}  // namespace kernels
