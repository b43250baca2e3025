// harness/run/observer.h: what watches the iterations of a row. The runner runs; an observer only looks on.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/row/contention.h"
#include "harness/run/experiment.h"
#include "harness/run/timeline_extras.h"
#include "harness/trace/losses.h"

namespace harness {

/// What a file says of the run that it is of: names and values.
using Metadata = std::vector<std::pair<std::string, std::string>>;

/// For the main thread, detached. A repetition is begin_repetition(), then begin() and end() around each of
/// its iterations, then counters() and label().
class Observer {
 public:
  Observer() = default;
  virtual ~Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  virtual void begin_repetition(const Experiment& experiment) = 0;
  /// Before an iteration.
  virtual void begin() {}
  /// After it.
  virtual void end(const JobTime& time, const Prepared& prepared) = 0;
  /// Instead of end(), where the iteration threw.
  virtual void abandon() {}
  /// After the last iteration. What was not measured is absent.
  virtual Counters counters() const = 0;
  /// What a reader must know of them; "" where that is nothing.
  virtual std::string label() const { return ""; }

  /// After the last iteration: where threads waited for each other; empty where it does not know.
  virtual Contention contention() const { return {}; }

  /// What it saw keep threads from their work in the iteration that end() was called for last, for the
  /// account, which comes after it.
  virtual trace::Losses losses() const { return {}; }

  /// After the last row: adds what it has for the timeline to what others have.
  virtual void add_to(TimelineExtras& /*extras*/) const {}

  /// After the last row: writes its own file, if one was asked for, with `metadata` in it, and what all
  /// observers have for it. What the user must know of that, a sentence each. Throws UserError.
  virtual std::vector<std::string> write_file(const Metadata& /*metadata*/,
                                              const TimelineExtras& /*extras*/) const {
    return {};
  }
};

/// What looks on while rows run. A counter of a later one takes the place of an earlier one's of its name.
using Observers = std::vector<std::unique_ptr<Observer>>;

}  // namespace harness
