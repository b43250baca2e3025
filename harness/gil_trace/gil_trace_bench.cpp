// harness/gil_trace/gil_trace_bench.cpp: what the hook costs a signal: without it, off, on for another's
// condition variable, on for a GIL's.
//
// The cases are interleaved, so that a machine that changes its pace changes it for all:
//
//   gil_trace_bench --benchmark_enable_random_interleaving=true --benchmark_repetitions=20
//
// What the hook costs is the difference to `glibc`. `pair` is a release and an acquire as CPython does them,
// with two mutexes around. `event` is what recording adds to a call, in turn with what it is compared with:
// `event_ns` is on less off, `ordered_reads` that in reads of the counter that wait for what stands before.
#include <benchmark/benchmark.h>
#include <dlfcn.h>
#include <pthread.h>

#include <cstdlib>
#include <functional>

#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/imitation_gil.h"
#include "harness/gil_trace/interposer.h"
#include "harness/gil_trace/recorder.h"
#include "harness/system/clock.h"
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

// Of the calling thread, so that it is no matter who else runs.
double cpu_ns() {
  return static_cast<double>(harness::thread_cpu_ns());
}

// A batch is timed as a whole, outside of what starts and collects a recording. In nanoseconds of CPU time.
double batch_ns(bool record, const std::function<void()>& batch) {
  if (record) start_recording();
  const double begin_ns = cpu_ns();
  batch();
  const double end_ns = cpu_ns();
  if (record) stop_recording();
  return end_ns - begin_ns;
}

void time_batches(benchmark::State& state, bool record, const std::function<void()>& batch) {
  for (auto _ : state) state.SetIterationTime(batch_ns(record, batch) * 1e-9);
  state.SetItemsProcessed(state.iterations() * kBatch);
  state.counters["per_item"] = benchmark::Counter(static_cast<double>(state.iterations()) * kBatch,
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void signals(Signal function, pthread_cond_t* condition) {
  for (int i = 0; i < kBatch; ++i) {
    benchmark::DoNotOptimize(condition);
    function(condition);
  }
}

void signal(benchmark::State& state, Signal function, pthread_cond_t* condition, bool record) {
  time_batches(state, record, [&] { signals(function, condition); });
}

void event(benchmark::State& state) {
  double on_ns = 0;
  double off_ns = 0;
  double reads_ns = 0;
  const Signal function = interposed();
  for (auto _ : state) {
    const double off = batch_ns(false, [&] { signals(function, &gil_cond); });
    const double on = batch_ns(true, [&] { signals(function, &gil_cond); });
    const double reads = batch_ns(false, [] {
      for (int i = 0; i < kBatch; ++i) benchmark::DoNotOptimize(harness::trace::now_ticks());
    });
    on_ns += on;
    off_ns += off;
    reads_ns += reads;
    state.SetIterationTime((on + off + reads) * 1e-9);
  }
  state.counters["event_ns"] = (on_ns - off_ns) / (static_cast<double>(state.iterations()) * kBatch);
  state.counters["ordered_reads"] = (on_ns - off_ns) / reads_ns;
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

template <typename Read>
void clock(benchmark::State& state, const Read& read) {
  time_batches(state, false, [&] {
    for (int i = 0; i < kBatch; ++i) benchmark::DoNotOptimize(read());
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
    {"event", [](auto& state) { event(state); }},
    {"clock/now_ticks", [](auto& state) { clock(state, harness::trace::now_ticks); }},
    {"clock/now_ticks_and_cpu", [](auto& state) { clock(state, harness::trace::now_ticks_and_cpu); }},
    {"clock/now_ns", [](auto& state) { clock(state, harness::trace::now_ns); }},
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
