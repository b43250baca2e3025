// harness/gil_trace/gil_trace_bench.cpp: what the hook costs a signal: without it, off, on for another's
// condition variable, on for a GIL's.
//
// The cases are interleaved, so that a machine that changes its pace changes it for all:
//
//   gil_trace_bench --benchmark_enable_random_interleaving=true --benchmark_repetitions=20
//
// What the hook costs is the difference to `glibc`. `pair` is a release and an acquire as CPython does them,
// with two mutexes around.
#include <benchmark/benchmark.h>
#include <dlfcn.h>
#include <pthread.h>

#include <cstdlib>
#include <functional>

#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/imitation_gil.h"
#include "harness/gil_trace/interposer.h"
#include "harness/gil_trace/recorder.h"
#include "harness/trace/clock.h"

namespace {

using namespace harness::gil_trace;
using Signal = int (*)(pthread_cond_t*);

pthread_cond_t gil_cond = PTHREAD_COND_INITIALIZER;
pthread_cond_t gil_switch_cond = PTHREAD_COND_INITIALIZER;
pthread_cond_t other_cond = PTHREAD_COND_INITIALIZER;

constexpr int kBatch = 100'000;  // fits in the buffer: nothing is dropped

// A pointer, as a library calls it through its linkage table.
Signal interposed() {
  return reinterpret_cast<Signal>(dlsym(RTLD_DEFAULT, "pthread_cond_signal"));
}
Signal glibcs() {
  void* libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
  return reinterpret_cast<Signal>(dlsym(libc, "pthread_cond_signal"));
}

// A batch is timed as a whole, outside of what starts and collects a recording.
void time_batches(benchmark::State& state, bool record, const std::function<void()>& batch) {
  for (auto _ : state) {
    if (record) start_recording();
    const std::int64_t begin_ns = harness::trace::now_ns();
    batch();
    const std::int64_t end_ns = harness::trace::now_ns();
    if (record) stop_recording();
    state.SetIterationTime(static_cast<double>(end_ns - begin_ns) * 1e-9);
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
  state.counters["per_item"] = benchmark::Counter(static_cast<double>(state.iterations()) * kBatch,
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void signal(benchmark::State& state, Signal function, pthread_cond_t* condition, bool record) {
  time_batches(state, record, [&] {
    for (int i = 0; i < kBatch; ++i) {
      benchmark::DoNotOptimize(condition);
      function(condition);
    }
  });
}

void pair(benchmark::State& state, bool record) {
  static ImitationGil gil;
  static const GilId id = register_gil({gil.cond(), gil.switch_cond()}).value();
  benchmark::DoNotOptimize(id);
  time_batches(state, record, [&] {
    for (int i = 0; i < kBatch / 2; ++i) {
      gil.take();
      gil.drop();
    }
  });
}

void clock(benchmark::State& state, bool ticks) {
  time_batches(state, false, [&] {
    for (int i = 0; i < kBatch; ++i) {
      if (ticks) {
        benchmark::DoNotOptimize(harness::trace::now_ticks());
      } else {
        benchmark::DoNotOptimize(harness::trace::now_ns());
      }
    }
  });
}

struct Case {
  const char* name;
  void (*run)(benchmark::State&);
};
constexpr Case kCases[] = {
    {"signal/glibc", [](auto& state) { signal(state, glibcs(), &gil_cond, false); }},
    {"signal/off", [](auto& state) { signal(state, interposed(), &gil_cond, false); }},
    {"signal/on/other_condition", [](auto& state) { signal(state, interposed(), &other_cond, true); }},
    {"signal/on/gil", [](auto& state) { signal(state, interposed(), &gil_cond, true); }},
    {"pair/off", [](auto& state) { pair(state, false); }},
    {"pair/on", [](auto& state) { pair(state, true); }},
    {"clock/now_ticks", [](auto& state) { clock(state, true); }},
    {"clock/now_ns", [](auto& state) { clock(state, false); }},
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return EXIT_FAILURE;
  reserve_buffers();
  harness::trace::name_this_thread("benchmark");
  register_gil({&gil_cond, &gil_switch_cond});
  for (const Case& one : kCases) {
    benchmark::RegisterBenchmark(one.name, one.run)->UseManualTime()->Unit(benchmark::kMicrosecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  return EXIT_SUCCESS;
}
