// harness/strategies/native_gil_held.cpp: what native code costs that forgets to release the GIL.
#include "harness/strategies/strategy.h"

namespace harness {

embed::Integer run_kernel_gil_held(const Turn& turn) {
  const embed::Attached attached(turn.api, turn.thread);
  return run_kernel(turn, 1);
}

}  // namespace harness
