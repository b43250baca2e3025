// harness/lock_trace/lock_trace_bench.cpp: what the trace of locks adds to the calls that it sees.
//
//   lock_trace_bench        each call, not recorded and recorded, and the walk of a stack
//
// A yield's own cost is a system call's, and so is a park's, which makes two. So what counts is each row's
// difference, as a part of what the call takes.
#include <benchmark/benchmark.h>
#include <sched.h>
#include <semaphore.h>

#include "harness/lock_trace/recorder.h"
#include "harness/lock_trace/stack_walker.h"
#include "harness/lock_trace/watched_code.h"
#include "harness/system/clock.h"

namespace harness::lock_trace {
namespace {

// Its own code stands for CPython's.
[[gnu::noinline]] void yield() {
  sched_yield();
  benchmark::ClobberMemory();
}

[[gnu::noinline]] void time_out() {
  static sem_t semaphore = [] {
    sem_t made;
    sem_init(&made, 0, 0);
    return made;
  }();
  constexpr timespec kPast{};
  sem_clockwait(&semaphore, CLOCK_MONOTONIC, &kPast);
  benchmark::ClobberMemory();
}

[[gnu::noinline]] void nothing() {
  benchmark::ClobberMemory();
}

/// `call` a thousand times, so that buffers hold it, recorded or not.
void run(benchmark::State& state, void (*call)(), bool recorded) {
  constexpr int kCalls = 1000;
  watch_code_of({.any = reinterpret_cast<const void*>(&yield)});
  for (auto _ : state) {
    if (recorded) start_recording();
    const std::int64_t begin_ns = now_ns();
    for (int i = 0; i < kCalls; ++i) call();
    const std::int64_t end_ns = now_ns();
    if (recorded) stop_recording();
    state.SetIterationTime(static_cast<double>(end_ns - begin_ns) * 1e-9);
  }
  // Seconds a call.
  state.counters["call"] =
      benchmark::Counter(kCalls, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace
}  // namespace harness::lock_trace

int main(int argc, char** argv) {
  using namespace harness::lock_trace;
  reserve_buffers();
  const auto add = [](const char* name, void (*call)(), bool recorded) {
    benchmark::RegisterBenchmark(name, run, call, recorded)->UseManualTime()->Unit(benchmark::kMicrosecond);
  };
  add("nothing", nothing, false);
  add("yield/off", yield, false);
  add("yield/on", yield, true);
  add("wait_that_times_out/off", time_out, false);
  add("wait_that_times_out/on", time_out, true);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
