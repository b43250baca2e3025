// harness/row/traits.h: the facts about a row that are known before it runs.
#pragma once

#include <string>
#include <string_view>

namespace harness {

/// Whose threads share a row's work.
enum class Pool {
  none,    ///< the host's own: one, or a team
  openmp,  ///< OpenMP's, of which OMP_THREAD_LIMIT says how many there are at most
  opencv,  ///< OpenCV's
  users,   ///< whatever the user's library has
};

/// Whose memory a row's traffic goes to.
enum class MemoryOf { host, cuda_device };

/// What memory has to do with a row's time.
enum class Memory {
  none,
  bound,    ///< its traffic bounds it: a row of Memory::ceiling and the same memory is its ceiling
  limit,    ///< it shows what memory allows
  ceiling,  ///< likewise, and the rows that memory bounds are compared with it
};

/// What the remarks of a row say whose result nobody compared; where there is a reason to tell, before ": ".
inline constexpr const char* kNotVerified = "not verified";

struct Traits {
  bool native = false;                  ///< native code does the work, no bytecode
  Pool pool = Pool::none;               ///< whose threads
  Memory memory = Memory::none;         ///< what bounds it
  MemoryOf memory_of = MemoryOf::host;  ///< whose memory that is
  bool baseline = false;                ///< the speed-ups of its workload are relative to it
  /// It does what the baseline does, on threads of the same interpreter: what it takes more, it loses.
  bool baseline_on_threads = false;
  bool does_a_part = false;    ///< of a job that others of its workload may do the whole of
  bool accounted = false;      ///< it says where its threads' time went, or why it does not
  bool verified = true;        ///< its result is compared with a reference
  bool each_does_all = false;  ///< each of its threads does the whole job: their rate says what they gain
  bool by_workers = false;     ///< a library's workers do the work: to hand it over is work, too
  bool isolated = false;       ///< runs in a process of its own: what ran before would decide it
  /// It tells what a way costs to enter: of its repetitions the counters are shown, for its time says
  /// nothing.
  bool costs_to_enter = false;
  bool shares_gil = false;  ///< its workers are threads of one interpreter, and of its GIL where it has one
  std::string worker = {};  ///< what does a part of its work, in a sentence: "a process"; "" where none does
  std::string item_unit =
      {};  ///< what it does so many of an iteration: "pixels"; "" where that means nothing

  bool operator==(const Traits&) const = default;
};

/// What a strategy's name tells of the rows of any workload, the user's too: "python" is the baseline, on one
/// thread, "python_threads" the same on several. Strategies and rows that are read from a file have it alike.
Traits traits_of_name(std::string_view strategy);

}  // namespace harness
