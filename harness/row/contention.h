// harness/row/contention.h: where a row's threads waited for each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace harness {

/// A place in CPython where threads waited. Numbers are means per iteration, over all threads.
struct ContentionSite {
  std::string what = {};                ///< what they waited for: "a dict's lock"
  std::vector<std::string> stack = {};  ///< functions, from the one that takes the lock outwards
  double parks = 0;                     ///< that began
  double spins = 0;                     ///< yields of the processor
  double park_ns = 0;
  double spin_ns = 0;

  double lost_ns() const { return park_ns + spin_ns; }
};

/// Stops of the world for one reason that made threads wait.
struct WorldStops {
  std::string why = {};         ///< "garbage collection"
  std::string requester = {};   ///< the thread that asked most often
  std::string last = {};        ///< the thread that most often stopped last; "" where none was waited for
  double stops = 0;             ///< an iteration
  double stopping_ns = 0;       ///< mean time from asking until all had stopped
  double stopped_ns = 0;        ///< mean time from then on until they were let go on
  std::int64_t longest_ns = 0;  ///< both together
};

/// What the trace of locks says of a row besides its counters.
struct Contention {
  std::vector<ContentionSite> sites = {};  ///< most lost time first, ten at most
  std::vector<WorldStops> stops = {};      ///< most time first
  double lost_ns = 0;                      ///< at all sites, also those beyond ten
  bool of_others = false;                  ///< threads that are not the row's waited, too

  bool is_empty() const { return sites.empty() && stops.empty(); }
};

/// The mean over `count` repetitions of a row; those in which nobody waited need not be among them.
Contention mean_of(const std::vector<Contention>& repetitions, std::size_t count);

}  // namespace harness
