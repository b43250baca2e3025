// harness/embed/embed_case_leaks.cpp: an object or a reference that a call leaves behind.
#include "harness/embed/embed_case_leaks.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "harness/testing/assertions.h"

namespace harness::embed {
namespace {

constexpr std::array kMeasured{"allocated blocks", "references to None", "references to run()"};

// Objects of others that come and go; an event loop has some, too.
constexpr double kNoise = 100, kLoopsNoise = 300;

/// Runs `cycle` 2,000 times, and expects it to leave no object, nor any reference to run() or None, behind.
void expect_no_leak(const Python& python, const Surroundings& around, const std::function<void()>& cycle,
                    double noise = kNoise) {
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
    for (int i = 0; i < 500; ++i) cycle();  // caches, free lists and the like
    const auto before = measure();
    for (int i = 0; i < 2000; ++i) cycle();
    const auto after = measure();
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(after.at(i)), static_cast<double>(before.at(i)), noise)
          << kMeasured.at(i) << ", before and after 2,000 cycles";
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
    const auto run = [&] { run_once(python.api(), script.get(), Returns::nothing); };
    EXPECT_EQ(error_of<ScriptError>(run), "ValueError: 0");
  });
}

void leaks_nothing_in_benchmarks(const Surroundings& around) {
  const Python python = around.start();
  const Api& api = python.api();
  const std::string file = around.folder
                               .write("mine.py",
                                      "def setup_it(threads):\n    return [threads]\n"
                                      "def bench_it(numbers):\n    return [numbers[0] + 12345]\n"
                                      "async def bench_waits():\n    return 2**100\n")
                               .string();
  python.attached([&] { api.open_benchmarks(file); });
  const auto cycle_of = [&](const std::string& name) {
    return [&api, &file, name] {
      Script* const script = api.benchmark(file, name, 1);
      const std::array calls{api.prepare(script, {}, {}, Returns::anything)};
      api.take_reference(script);
      api.call_times(calls[0], 3);
      EXPECT_EQ(api.verdict(script, calls).wrong, "");
      api.discard(calls[0]);
      api.unload(script);
    };
  };
  expect_no_leak(python, around, cycle_of("it"));
  expect_no_leak(python, around, cycle_of("waits"), kLoopsNoise);
}

}  // namespace harness::embed
