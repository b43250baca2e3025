// harness/run/row_trace.h: the GIL trace of a run, row by row: what each row's counters and timeline show.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/embed/python.h"
#include "harness/gil_trace/row_counters.h"
#include "harness/gil_trace/timeline.h"
#include "harness/run/experiment.h"

namespace harness {

/// Whether there is anything to trace.
enum class TraceState {
  off,      ///< not wanted
  traced,   ///< the GIL's condition variables are known
  no_gil,   ///< the interpreter says that its GIL is off
  no_hook,  ///< the interposer is not bound
  unknown,  ///< something else than CPython 3.9 - 3.15 would do was seen
};

/// Records the iterations of one row after the other. For the main thread, detached.
class RowTrace {
 public:
  /// `python` must outlive this. `keep_timeline`: whether the events of the last repetition are kept.
  RowTrace(const embed::Python& python, bool wanted, bool keep_timeline);

  TraceState state() const { return state_; }

  /// Calls the calling thread `name` in the trace. By any thread of a team, before its first job; the
  /// main thread is "main".
  void name_this_thread(const std::string& name) const;

  /// Begins a repetition of the row `name`. The GIL may have been turned on since the last.
  void begin_repetition(const std::string& name, int threads);

  /// Runs one iteration and records it.
  JobTime run(Prepared& prepared);

  /// What this repetition's iterations were, per iteration; also `gil_wait_share`, the part of their time
  /// that its threads waited on average. What was not measured is absent.
  Counters counters() const;

  /// What a row is labelled with: why it has no counters. Empty where it has.
  std::string label() const;

  /// The timeline of the last repetition, as gil_trace::write_timeline() has it. Throws UserError.
  gil_trace::TimelineText write_timeline(const std::filesystem::path& file,
                                         std::vector<std::pair<std::string, std::string>> metadata) const;

 private:
  void look_for_gil();
  void append(const gil_trace::Recording& recording);

  const embed::Python& python_;
  const bool keep_timeline_;
  TraceState state_ = TraceState::off;
  std::string row_;
  int threads_ = 1;
  double wall_ns_ = 0;
  std::size_t iterations_ = 0;
  gil_trace::RowCounters counters_;
  gil_trace::Recording timeline_;  // this repetition's recordings, one after the other
  std::size_t kept_events_ = 0;
  std::uint64_t iterations_left_out_ = 0;
  std::vector<gil_trace::NamedSpan> iteration_spans_;
  std::vector<gil_trace::NamedSpan> region_spans_;
};

}  // namespace harness
