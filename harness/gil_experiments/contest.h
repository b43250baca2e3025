// harness/gil_experiments/contest.h: one thread that is measured, beside others that compute in Python.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "harness/embed/python.h"
#include "harness/run/experiment.h"
#include "harness/run/percentiles.h"
#include "harness/run/session.h"

namespace harness {

/// What the measured thread has to work with.
struct Measured {
  const embed::Api& api;
  embed::ThreadState* thread;                   ///< its own, detached; null where the contest gives it none
  const std::atomic<bool>& stopped;             ///< set when the run is to end: return soon
  std::function<std::uint64_t()> python_steps;  ///< how many steps the spinners have done by now
  std::vector<std::int64_t>& samples_ns;        ///< what was measured, over all iterations of a repetition
};

struct ContestRules {
  int spinners;                             ///< threads that compute in Python meanwhile
  std::optional<double> switch_interval_s;  ///< for as long as the contest lasts
  bool measured_has_state = true;           ///< whether the measured thread is known to Python beforehand
  /// The measured thread's part of an iteration, begun when every spinner runs. Begins and ends detached.
  std::function<void(Measured&)> measure;
  /// What the samples since the last call say.
  std::function<Counters(std::span<const std::int64_t> samples_ns)> counters;
};

/// Its time is that of `measure`.
std::unique_ptr<Prepared> prepare_contest(Session& session, ContestRules rules);

}  // namespace harness
