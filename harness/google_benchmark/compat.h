// harness/google_benchmark/compat.h: what differs between Google Benchmark 1.7.1 and 1.9.x, and nothing else.
#pragma once

#include <benchmark/benchmark.h>

#include <string>

namespace harness {

/// Run::error_occurred became Run::skipped in 1.8.0, and error_message skip_message.
template <typename Run>
bool has_failed(const Run& run) {
  if constexpr (requires { run.error_occurred; }) {
    return run.error_occurred;
  } else {
    return run.skipped != decltype(run.skipped){};
  }
}

template <typename Run>
const std::string& error_of(const Run& run) {
  if constexpr (requires { run.error_message; }) {
    return run.error_message;
  } else {
    return run.skip_message;
  }
}

template <typename Run>
void set_failed(Run& run, const std::string& message) {
  if constexpr (requires { run.error_occurred; }) {
    run.error_occurred = true;
    run.error_message = message;
  } else {
    run.skipped = static_cast<decltype(run.skipped)>(2);  // benchmark::internal::SkippedWithError
    run.skip_message = message;
  }
}

}  // namespace harness
