// harness/run/traces.h: the table of traces: what a run measures of its rows beside their time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "harness/embed/python.h"
#include "harness/run/observer.h"

namespace harness {

/// What traces are made from.
struct TraceSetup {
  const embed::Python& python;  ///< must outlive them
  bool gil_trace = true;
  bool lock_trace = true;
  std::filesystem::path gil_trace_file = {};  ///< the timeline that is to be written; empty: none
  std::size_t cores = 1;                      ///< physical ones that the process may use
};

/// All traces, in the order of the table; and last the account, which takes what they saw.
Observers make_traces(const TraceSetup& setup);

// Each makes one trace. Where the setup does not want it, it observes nothing.
std::unique_ptr<Observer> disturbance_observer(const TraceSetup& setup);
std::unique_ptr<Observer> gil_observer(const TraceSetup& setup);
std::unique_ptr<Observer> lock_observer(const TraceSetup& setup);
std::unique_ptr<Observer> core_sharing_observer(const TraceSetup& setup);
std::unique_ptr<Observer> stop_observer(const TraceSetup& setup);

/// Writes what all traces have for it to `file`; nothing where that is empty. Its place among them is that of
/// the iterations among entries that begin at the same time.
std::unique_ptr<Observer> timeline_observer(const std::filesystem::path& file);

/// Of what `others` saw, which must outlive it and see each iteration's end before it.
std::unique_ptr<Observer> account_observer(const Observers& others);

}  // namespace harness
