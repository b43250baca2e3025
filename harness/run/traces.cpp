// harness/run/traces.cpp: the table of traces.
#include "harness/run/traces.h"

namespace harness {

Observers make_traces(const TraceSetup& setup) {
  constexpr auto kTimeline = [](const TraceSetup& of) { return timeline_observer(of.gil_trace_file); };
  constexpr std::unique_ptr<Observer> (*kTable[])(const TraceSetup&) = {
      disturbance_observer, gil_observer, kTimeline, lock_observer, core_sharing_observer, stop_observer,
  };
  Observers traces;
  for (const auto make : kTable) traces.push_back(make(setup));
  traces.push_back(account_observer(traces));
  return traces;
}

}  // namespace harness
