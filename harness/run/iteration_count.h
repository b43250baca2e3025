// harness/run/iteration_count.h: how many iterations a repetition has.
#pragma once

#include <cstdint>

namespace harness {

/// How many iterations the repetitions of one row have. A repetition takes some least time. Iterations that
/// are run only to find out how many that needs are lost, so the count comes from a run that is known
/// already. Google Benchmark, which knows none, runs 1 iteration, then 10, then 100, and at last two fifths
/// more than are needed.
class IterationCount {
 public:
  /// `known_s` is what one iteration took before; 0 where nobody knows.
  IterationCount(double min_time_s, double known_s) : min_time_s_(min_time_s) { expect(known_s); }

  /// That of the next repetition: at least `asked`, and never less than before, so that all that are reported
  /// have as many.
  std::int64_t next(std::int64_t asked);

  /// Takes how long that repetition took. As long as none was long enough, the next has more iterations.
  void took(double wall_s);

  /// Whether a repetition was long enough.
  bool is_enough() const { return enough_; }
  /// From now on repetitions have as many iterations, however long they take.
  void keep() { enough_ = true; }

 private:
  void expect(double iteration_s);

  double min_time_s_;
  std::int64_t count_ = 1;
  bool enough_ = false;  // a repetition of count_ iterations was long enough
};

}  // namespace harness
