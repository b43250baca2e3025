// harness/run/gil_observer.h: the GIL trace of a run, row by row: what each row's counters and timeline show.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/embed/python.h"
#include "harness/gil_trace/row_counters.h"
#include "harness/gil_trace/timeline.h"
#include "harness/run/observer.h"

namespace harness {

/// Whether there is anything to trace.
enum class TraceState {
  off,      ///< not wanted
  traced,   ///< the GIL's condition variables are known
  no_gil,   ///< the interpreter says that its GIL is off
  no_hook,  ///< the interposer is not bound
  unknown,  ///< something else than CPython 3.9 - 3.15 would do was seen
};

/// Records the iterations of one row after the other.
class GilObserver : public Observer {
 public:
  /// `python` must outlive this. `keep_timeline`: whether the events of the last repetition are kept.
  GilObserver(const embed::Python& python, bool wanted, bool keep_timeline);

  TraceState state() const { return state_; }

  /// The GIL may have been turned on since the last repetition.
  void begin_repetition(const Experiment& experiment) override;
  void begin() override;
  void end(const JobTime& time, const Prepared& prepared) override;
  void abandon() override;

  /// What this repetition's iterations were, per iteration; also `gil_wait_share`, the part of their time
  /// that its threads waited on average.
  Counters counters() const override;

  /// Why there are no counters.
  std::string label() const override;

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
