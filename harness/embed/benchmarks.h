// harness/embed/benchmarks.h: the functions of the Api that are about files of benchmarks.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/embed/runtime.h"

namespace harness::embed {

// As Api has them.
std::vector<BenchmarkFacts> open_benchmarks(const std::string& path);
Script* benchmark(const std::string& path, const std::string& name, int threads);
void take_reference(Script* script);
Verdict verdict(Script* script, std::span<Call* const> calls);
std::string part(Call* call);
Verdict verdict_on_parts(Script* script, std::span<const std::string> parts);
std::string gil_enabled_by();

/// What verdict() of the prelude returns.
Verdict verdict_of(const Object& pair);

/// What a thread calls for the script, which is a benchmark: where its function is a coroutine's, with an
/// event loop of the thread's own.
Object run_of(const Script& script);

/// Ends what run_of() began for the thread that has called it.
void end_run(const Call& call);

/// The tuple `arguments` behind what the benchmark's setup returned.
Object with_setup(const Script& script, Object arguments);

}  // namespace harness::embed
