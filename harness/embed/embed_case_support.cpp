// harness/embed/embed_case_support.cpp: what the cases of the embedding are written with.
#include "harness/embed/embed_case_support.h"

#include <array>
#include <thread>
#include <vector>

#include "harness/testing/assertions.h"

namespace harness::embed {

Surroundings::Surroundings(const Interpreter& python)
    : module(HARNESS_EMBED), libpython(python.libpython), executable(python.executable) {}

Python Surroundings::start(std::optional<double> switch_interval_s) const {
  return start(StartConfig{.switch_interval_s = switch_interval_s});
}

Python Surroundings::start(StartConfig config) const {
  config.program = executable;
  return {libpython, module, config};
}

Integer run_once(const Api& api, Script* script, Returns returns, std::span<const Buffer> buffers,
                 std::int64_t begin, std::int64_t end) {
  const std::array<std::int64_t, 2> slice{begin, end};
  Call* const call = api.prepare(script, buffers, slice, returns);
  try {
    const Integer result = api.call(call);
    api.discard(call);
    return result;
  } catch (...) {
    api.discard(call);
    throw;
  }
}

ScriptError error_of_run(const Python& python, const Surroundings& around, const std::string& body,
                         Returns returns) {
  static int scripts = 0;
  const Loaded script(python, around, "script" + std::to_string(++scripts),
                      "def run(begin, end):\n    " + body + "\n");
  const auto error = thrown_by<ScriptError>(
      [&] { python.attached([&] { run_once(python.api(), script.get(), returns); }); });
  EXPECT_TRUE(error) << "no error of: " << body;
  return error.value_or(ScriptError("", ""));
}

ScriptError error_of_load(const Python& python, const Surroundings& around, const std::string& text) {
  const auto error = thrown_by<ScriptError>([&] { const Loaded script(python, around, "broken", text); });
  EXPECT_TRUE(error) << "no error of loading: " << text;
  return error.value_or(ScriptError("", ""));
}

void in_threads(const Api& api, int count, const std::function<void(ThreadState*)>& body) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      ThreadState* const thread = api.enter_thread();
      body(thread);
      api.leave_thread(thread);
    });
  }
}

}  // namespace harness::embed
