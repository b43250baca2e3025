// harness/strategies/kernel.h: strategies that run native code.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "harness/strategies/strategy.h"

namespace harness {

struct KernelOptions {
  std::string name;                 ///< the strategy's
  std::string summary;              ///< the strategy's
  Pool pool = Pool::none;           ///< whose threads it runs with; none: it is serial
  Memory memory = Memory::none;     ///< what bounds it
  std::vector<Label> variant = {};  ///< the strategy's
  bool planned = true;              ///< the strategy's
  std::string library = {};         ///< the strategy's
};

/// The whole job after Py_BEGIN_ALLOW_THREADS, called by the main thread: as a careful extension module does.
Strategy kernel(const KernelOptions& options, const KernelFunction& run);

/// A serial kernel's slices on a team, each member attached while its slice runs: what native code costs that
/// forgets to release the GIL.
Strategy native_gil_held(Memory memory, const KernelFunction& run);

/// A function of a workload's own data, as a kernel of it.
template <typename Data, typename Function>
KernelFunction on_data(Function function) {
  return [function = std::move(function)](void* data, Slice slice, int threads) -> embed::Integer {
    return function(*static_cast<Data*>(data), slice, threads);
  };
}

}  // namespace harness
