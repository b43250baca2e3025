// harness/strategies/script.h: strategies that call a script's run().
#pragma once

#include <cstdint>
#include <string>

#include "harness/strategies/strategy.h"

namespace harness {

/// The workload's own script in pure Python, on one thread: the baseline of its workload.
Strategy python();
/// Likewise, split over a team that contends for the GIL.
Strategy python_threads();

/// A further script of a workload.
struct ScriptOptions {
  std::string name;              ///< the strategy's
  std::string summary;           ///< the strategy's
  std::string file;              ///< in the folder of scripts
  std::string module = {};       ///< what it imports that is not Python's own; "" for nothing
  std::int64_t part = 1;         ///< one in Python does this part of what Python rows do: it is that slow
  Memory memory = Memory::none;  ///< what bounds it, where it is native
};
/// In pure Python, on one thread.
Strategy script(const ScriptOptions& options);
/// Native code: a .pyx, from which an extension module is built. It gets the whole job and, as a further
/// argument, how many of OpenMP's threads it may use.
Strategy native_script(const ScriptOptions& options);

}  // namespace harness
