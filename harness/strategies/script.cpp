// harness/strategies/script.cpp: pure Python, on one thread or on a team that contends for the GIL.
#include "harness/strategies/strategy.h"

namespace harness {

embed::Integer run_script(const Turn& turn) {
  const embed::Attached attached(turn.api, turn.thread);
  return turn.api.call(turn.call);
}

}  // namespace harness
