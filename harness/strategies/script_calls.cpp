// harness/strategies/script_calls.cpp: what strategies share that call a script's run().
#include "harness/strategies/script_calls.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "harness/error.h"

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

void require_for_subinterpreters(const embed::ScriptError& error) {
  constexpr std::string_view kRefusal = "does not support loading in subinterpreters";
  const std::string& text = error.traceback;
  const std::size_t found = text.rfind(kRefusal);  // last comes what the error itself says
  const std::size_t begin = found == std::string::npos ? found : text.rfind("module ", found);
  if (begin != std::string::npos) throw NotApplicable(text.substr(begin, found + kRefusal.size() - begin));
}

}  // namespace harness
