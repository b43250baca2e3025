// harness/strategies/subinterpreters.h: the script on threads that have an interpreter each.
#pragma once

#include <optional>

#include "harness/strategies/benchmark.h"
#include "harness/strategies/strategy.h"

namespace harness {

/// The workload's own script, split over a team whose members have an isolated interpreter with a GIL of its
/// own each (PEP 684; from CPython 3.12 on). The script is loaded in each; the job's memory is one, which all
/// have views of. In a process of its own: what an interpreter has loaded in common with others stays.
/// Likewise `benchmark`, where there is one: its file is imported, set up and has its reference in each.
Strategy subinterpreters(const std::optional<Benchmark>& benchmark = {});

}  // namespace harness
