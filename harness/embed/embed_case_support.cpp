// harness/embed/embed_case_support.cpp: what the cases of the embedding are written with.
#include "harness/embed/embed_case_support.h"

#include <array>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

namespace harness::embed {

void expect(bool holds, const std::string& what, int line) {
  if (holds) return;
  std::cerr << "embed_case.cpp:" << line << ": expected " << what << std::endl;
  std::_Exit(1);
}

void expect_equal(const std::string& text, const std::string& wanted, int line) {
  expect(text == wanted, "\"" + wanted + "\", not \"" + text + "\"", line);
}

void expect_part(const std::string& text, const std::string& part, int line) {
  expect(text.find(part) != std::string::npos, "\"" + part + "\" in \"" + text + "\"", line);
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
  try {
    python.attached([&] { return run_once(python.api(), script.get(), returns); });
  } catch (const ScriptError& error) {
    return error;
  }
  expect(false, "an error of: " + body);
  std::abort();
}

ScriptError error_of_load(const Python& python, const Surroundings& around, const std::string& text) {
  try {
    const Loaded script(python, around, "broken", text);
  } catch (const ScriptError& error) {
    return error;
  }
  expect(false, "an error of loading: " + text);
  std::abort();
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
