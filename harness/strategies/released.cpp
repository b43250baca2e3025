// harness/strategies/released.cpp: native code as a careful extension module runs it.
#include "harness/strategies/strategy.h"

namespace harness {

embed::Integer run_kernel_released(const Turn& turn) {
  const embed::Attached attached(turn.api, turn.thread);
  embed::Integer result = 0;
  turn.api.released([&] { result = run_kernel(turn, turn.threads); });
  return result;
}

}  // namespace harness
