// harness/strategies/workers.h: the script in workers that Python's own libraries start.
#pragma once

#include <optional>
#include <string>

#include "harness/strategies/benchmark.h"
#include "harness/strategies/strategy.h"

namespace harness {

/// The workload's own script, split over processes of multiprocessing, started by `method` ("fork",
/// "forkserver", "spawn"), which get their slice through a pipe. The job's memory is shared with them. In a
/// process of its own, where they are started before there is another thread. Likewise `benchmark`, where
/// there is one: its file is imported, set up and has its reference in each.
Strategy processes(const std::string& method, const std::optional<Benchmark>& benchmark = {});

// Likewise, by an executor of concurrent.futures, which is given a task for each worker.

/// Its threads contend for the GIL.
Strategy thread_pool(const std::optional<Benchmark>& benchmark = {});
/// From CPython 3.14 on.
Strategy interpreter_pool(const std::optional<Benchmark>& benchmark = {});
/// With the start method that is the interpreter's default.
Strategy process_pool(const std::optional<Benchmark>& benchmark = {});

}  // namespace harness
