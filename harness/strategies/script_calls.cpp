// harness/strategies/script_calls.cpp: what strategies share that call a script's run().
#include "harness/strategies/script_calls.h"

#include <algorithm>
#include <array>
#include <memory>

namespace harness {

std::int64_t script_items(const Job& job, std::int64_t part) {
  const std::int64_t grain = std::max<std::int64_t>(job.picture_width, 1);
  return std::max(job.script_items / part / grain, std::int64_t{1}) * grain;
}

void warm_up_script(const embed::Api& api, embed::Script* script, const Job& job, std::int64_t items) {
  constexpr int kCalls = 16;
  const std::array<std::int64_t, 2> no_items{items, items};
  const std::unique_ptr<embed::Call, void (*)(embed::Call*)> call(
      api.prepare(script, job.buffers, no_items, job.returns), api.discard);
  try {
    for (int i = 0; i < kCalls; ++i) api.call(call.get());
  } catch (const embed::ScriptError&) {
  }
}

}  // namespace harness
