// harness/run/observer.h: what watches the iterations of a row. The runner runs; an observer only looks on.
#pragma once

#include <string>

#include "harness/run/experiment.h"

namespace harness {

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
};

}  // namespace harness
