// harness/embed/embed_case_leaks.cpp: an object or a reference that a call leaves behind.
#include "harness/embed/embed_case_leaks.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>

namespace harness::embed {
namespace {

/// Runs `cycle` 2,000 times, and expects it to leave no object, nor any reference to run() or None, behind.
void expect_no_leak(const Python& python, const Surroundings& around, const std::function<void()>& cycle,
                    int line = __builtin_LINE()) {
  const Loaded counter(python, around, "counter",
                       "import gc, sys\n"
                       "def run(begin, end):\n"
                       "    gc.collect()\n"
                       "    return sys.getallocatedblocks() if begin == 0 else sys.getrefcount(None)\n");
  const Loaded references(
      python, around, "references",
      "import sys\n"
      "def run(begin, end):\n"
      "    return sum(sys.getrefcount(module.run) for name, module in sys.modules.items()\n"
      "               if name == 'measured')\n");
  const auto measure = [&] {
    const auto measured = [&](Script* by, std::int64_t what) {
      return static_cast<std::int64_t>(run_once(python.api(), by, Returns::integer, {}, what));
    };
    return std::array{measured(counter.get(), 0), measured(counter.get(), 1), measured(references.get(), 0)};
  };
  python.attached([&] {
    for (int i = 0; i < 10; ++i) cycle();  // caches, free lists and the like
    const auto before = measure();
    for (int i = 0; i < 2000; ++i) cycle();
    const auto after = measure();
    for (std::size_t i = 0; i < before.size(); ++i) {
      constexpr std::int64_t kNoise = 100;  // of other objects that come and go
      const std::int64_t more = after.at(i) - before.at(i);
      expect(more < kNoise && more > -kNoise, "no more after 2,000 cycles, not " + std::to_string(more),
             line);
    }
  });
}

}  // namespace

void leaks_nothing_in_calls(const Surroundings& around) {
  const Python python = around.start();
  const Loaded script(python, around, "measured",
                      "def run(source, target, begin, end):\n    target[0] = source[0]\n");
  std::array<std::uint8_t, 4> source{1}, target{};
  const std::array buffers{Buffer{source.data(), 4, false}, Buffer{target.data(), 4, true}};
  expect_no_leak(python, around, [&] {
    run_once(python.api(), script.get(), Returns::nothing, buffers);
    python.api().facts();
  });
}

void leaks_nothing_in_results(const Surroundings& around) {
  const Python python = around.start();
  const Loaded script(python, around, "measured", "def run(begin, end):\n    return 2**100 + begin\n");
  expect_no_leak(python, around, [&] { run_once(python.api(), script.get(), Returns::integer, {}, 12345); });
}

void leaks_nothing_in_errors(const Surroundings& around) {
  const Python python = around.start();
  const Loaded script(python, around, "measured", "def run(begin, end):\n    raise ValueError(str(begin))\n");
  expect_no_leak(python, around, [&] {
    try {
      run_once(python.api(), script.get(), Returns::nothing);
      expect(false, "an error");
    } catch (const ScriptError& error) {
      expect_equal(error.what(), "ValueError: 0");
    }
  });
}

}  // namespace harness::embed
