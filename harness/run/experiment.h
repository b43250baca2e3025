// harness/run/experiment.h: one row of a run, and what it takes to time it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/row/counters.h"
#include "harness/row/row_id.h"
#include "harness/row/traits.h"
#include "harness/strategies/strategy.h"
#include "harness/team/team.h"
#include "harness/trace/recording.h"

namespace harness {

class Session;

/// How much is done in one iteration, for a counter that is divided by its time.
struct Rate {
  std::string name;  ///< "pixels_per_second"
  double per_iteration;
};

/// An experiment with its team, ready to be timed. Belongs to one thread, but for stop().
class Prepared {
 public:
  Prepared() = default;
  virtual ~Prepared() = default;
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  /// Runs it once and verifies what came out, before anything is timed. Returns how long it took, which is no
  /// result. Throws ExperimentError.
  virtual JobTime run_first() = 0;

  /// Takes the memory that it works on out of the caches of all cores, as far as the CPU can. Returns whether
  /// their contents decide its time.
  virtual bool flush() { return false; }

  /// One iteration, or loops() of them. Throws ExperimentError.
  virtual JobTime run() = 0;

  /// How many iterations a run is, one after the other: those that take a moment are timed together.
  virtual std::int64_t loops() const { return 1; }

  /// Compares the output of the last run with the reference, where there is one. Throws ExperimentError.
  virtual void verify() {}

  /// Ends what the team runs now, as far as it is Python code. From any thread that is not attached.
  virtual void stop() const = 0;

  /// What of it is done a second; each name once.
  virtual std::vector<Rate> rates() const { return {}; }

  /// The native code of the last run, on the clock of its JobTime, for the timeline.
  virtual std::vector<trace::NamedSpan> regions() const { return {}; }

  /// What was measured since the last call; what was not is absent.
  virtual Counters take_counters() { return {}; }

  /// What a script has set of the team's threads, and what must be known of its results, as remarks of the
  /// row. After verify().
  virtual std::vector<std::string> remarks() { return {}; }
};

struct Experiment {
  RowId id;
  Traits traits = {};
  bool on_request = false;                       ///< runs only where a filter takes it
  int threads = 1;                               ///< how many want to compute at a time
  std::optional<std::size_t> image = {};         ///< number of the image that it works on, where it does
  std::optional<double> switch_interval_s = {};  ///< that it sets itself, where it does
  std::string script = {};                       ///< what it runs of the folder of scripts; "" where nothing
  std::string library = {};                      ///< the user's library that it runs; "" where none
  /// Strategy::start of what it runs, for a process in which it is the only experiment.
  std::function<std::shared_ptr<Started>(const StartStage&)> start = {};
  std::function<std::unique_ptr<Prepared>(Session&)> prepare;

  std::string name() const { return id.name(); }
};

}  // namespace harness
