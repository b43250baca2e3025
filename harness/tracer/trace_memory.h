// harness/tracer/trace_memory.h: what a traced program and the process that watches it share.
//
// The program's threads add up what they do themselves, each in a slot of its own; so the sums are exact
// however long it runs and however late the watcher is, and they are there whichever way the program ends.
// What happens seldom goes into logs that the watcher reads meanwhile. Only the timeline needs single events:
// each thread keeps its last ones.
//
// Memory that nobody has written to is all zeros, and all of this begins so. Plain members are written by one
// thread, and read by the watcher when the program has ended; it reads the atomic ones meanwhile. Times are
// ticks (trace/clock.h).
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "harness/lock_trace/stack_table.h"
#include "harness/lock_trace/stack_walker.h"
#include "harness/trace/buffer_pool.h"
#include "harness/trace/clock.h"
#include "harness/tracer/shared_log.h"

namespace harness::tracer {

using lock_trace::StackNumber;
using Ticks = std::uint64_t;

/// Lengths by size, each bin a quarter of a power of two wide.
class Histogram {
 public:
  void add(Ticks length) noexcept { ++counts_[bin_of(length)]; }
  Histogram& operator+=(const Histogram& other) noexcept {
    for (std::size_t bin = 0; bin < kBins; ++bin) counts_[bin] += other.counts_[bin];
    return *this;
  }

  /// The length that `percent` of all are not longer than, to the middle of its bin; 0 of none.
  Ticks percentile(double percent) const noexcept {
    std::uint64_t all = 0;
    for (const std::uint64_t count : counts_) all += count;
    if (all == 0) return 0;
    const double wanted = percent / 100 * static_cast<double>(all);
    std::uint64_t passed = 0;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      passed += counts_[bin];
      if (counts_[bin] != 0 && static_cast<double>(passed) >= wanted) return middle_of(bin);
    }
    return middle_of(kBins - 1);
  }

 private:
  static constexpr std::size_t kBins = 252;

  static constexpr std::size_t bin_of(Ticks length) noexcept {
    if (length < 4) return static_cast<std::size_t>(length);
    const auto power = static_cast<std::size_t>(std::bit_width(length)) - 1;
    return (power - 1) * 4 + (length >> (power - 2) & 3);
  }
  static constexpr Ticks middle_of(std::size_t bin) noexcept {
    if (bin < 4) return bin;
    const std::size_t power = bin / 4 + 1;
    const Ticks quarter = Ticks{1} << (power - 2);
    return (Ticks{1} << power) + bin % 4 * quarter + quarter / 2;
  }

  std::array<std::uint64_t, kBins> counts_;
};

/// In place of a GIL's number: those beyond the first that a thread has used.
inline constexpr std::uint32_t kSeveralGils = UINT32_MAX;

/// What a thread did with one GIL.
struct GilTotals {
  std::uint32_t gil;  ///< its number, from 1 on; 0: this entry is free
  std::uint64_t acquires, releases, waits, timeouts, forced_switches;
  Ticks held, waited, longest_hold, longest_wait;
};

/// One of the longest waits.
struct LongWait {
  Ticks length, began;
  std::uint32_t holder;  ///< number of the thread that held the GIL as it began; 0: not known
};

/// What a thread did at one place where it waited for something else than the GIL.
struct SiteTotals {
  StackNumber stack;  ///< 0: not known, or this entry is free
  std::uint32_t parks;
  std::uint64_t yields;
  Ticks parked, spinning, longest_park;
};

/// One thread. Written by itself.
struct alignas(64) ThreadSlot {
  /// One that has ended is emptied by the watcher, or taken over by a new thread where no other is free.
  enum State : std::uint32_t { free, live, ended, being_emptied };

  std::atomic<std::uint32_t> state;
  std::uint32_t number;  ///< of the program's threads, from 1 on
  std::atomic<pid_t> os_id;
  trace::ThreadName name;        ///< that it was given; "" where nobody has
  Ticks began, ended_at;         ///< its first event, its end (0: with the program)
  std::uint32_t threads_before;  ///< that have ended, and whose sums are in it, too
  Ticks alive_before;            ///< how long those lived, added up

  std::uint32_t held_gil;     ///< index + 1 in TraceMemory::gils; 0: none
  std::uint32_t waiting_gil;  ///< likewise
  Ticks wait_began;
  std::uint32_t holder_at_wait;

  // The wait for something else that goes on, or the burst of yields that may.
  StackNumber parked_at;
  Ticks park_began;
  StackNumber burst_at;
  std::uint32_t burst_caller;  ///< lock_trace's note of the place that yields; 0: no burst is open
  Ticks burst_began, burst_ended;
  std::uint64_t burst_yields;
  trace::CpuNumber burst_cpu;

  /// Of the hold that goes on, where it was looked at.
  std::atomic<std::uint64_t> sampled_hold;  ///< GilState::hold
  std::array<std::atomic<StackNumber>, 2> samples;

  std::array<GilTotals, 8> gils;  ///< the last is kSeveralGils' where there are more
  std::array<LongWait, 4> longest_waits;
  std::array<SiteTotals, 48> sites;  ///< likewise
  Histogram holds, waits;

  std::uint32_t ring;        ///< index + 1 of its last events, for the timeline; 0: it has none
  std::uint64_t ring_count;  ///< of events ever written to it
  std::uint64_t ring_lost;   ///< of those before
};

/// One GIL. Written with its mutex held.
struct alignas(128) GilState {
  std::atomic<const void*> cond;    ///< by CPython's name for it; null: this entry is free
  std::uint32_t number;             ///< of the program's GILs, from 1 on
  std::uint32_t last_holder;        ///< number of a thread
  std::atomic<pid_t> holder;        ///< gettid(); 0: nobody
  std::atomic<std::uint64_t> hold;  ///< how many there were, this one included
  std::atomic<Ticks> acquired_at;
  std::atomic<Ticks> asked_at;  ///< when the first waiter's time ran out in this hold; 0: none's has
  Ticks released_at;
  std::uint32_t waiters;  ///< threads that wait for it
  Ticks wanted_at;        ///< since when another has waited in this hold; 0: none has
  std::uint64_t switches, handoffs, contradictions;
  Ticks handed_off;  ///< from a release to the acquire of a thread that waited, added up
};

/// A hold that outlasted the first timeout of a waiter by more than was allowed, after it ended.
struct LongHold {
  std::uint32_t gil;  ///< index in TraceMemory::gils
  std::uint32_t thread;
  std::uint64_t hold;
  Ticks length;  ///< while another waited
  /// Taken in the thread itself, some time apart; 0: none was.
  std::array<StackNumber, 2> samples;
};

/// What threads do about stopping the world: parks and wakes there, with their stacks.
struct WorldEvent {
  Ticks ticks;
  std::uint32_t thread;  ///< its number
  std::uint32_t value;   ///< lock_trace::Event's
  std::uint16_t kind;    ///< lock_trace::EventKind
  trace::CpuNumber cpu;
};

/// A range of addresses in the file that has CPython's code.
struct FileRange {
  std::uint64_t begin, end;
};

/// What the watcher wants, written before the program starts.
struct TraceSettings {
  std::uint64_t layout;  ///< kLayout of the program that made the memory
  std::int64_t long_hold_ns;
  Ticks long_hold;  ///< the same
  double ticks_per_ns;
  trace::detail::TickSource tick_source;
  std::uint64_t ring_events;  ///< of each thread; a power of two; 0: no timeline
  std::uint32_t rings;
  std::uint32_t world_ranges;       ///< of these, how many there are
  std::array<FileRange, 64> world;  ///< the functions that stop the world, start it, and wait for it
};

inline constexpr std::size_t kMostThreads = 1024;  ///< at a time
inline constexpr std::size_t kMostGils = 128;      ///< likewise

struct TraceMemory {
  TraceSettings settings;

  // What the program says of itself.
  std::atomic<pid_t> attached;  ///< its process, once everything is in place
  trace::ClockAnchor attached_at;
  std::uintptr_t code_base;                     ///< of lock_trace::WatchedCode
  std::uintptr_t code_begin;                    ///< where that file's code is
  std::atomic<std::uint32_t> executing;         ///< an exec has begun
  std::array<char, 256> executed;               ///< its program
  std::atomic<std::uint32_t> forked;            ///< children
  std::array<std::atomic<pid_t>, 16> children;  ///< the first of them
  std::atomic<std::uint32_t> threads_ever;
  std::atomic<std::uint32_t> threads_live_or_ended;  ///< slots [0, here) were ever taken
  std::atomic<std::uint32_t> gils_ever, gils_taken;  ///< likewise
  std::atomic<std::uint32_t> learning;               ///< a thread adds a GIL
  std::atomic<std::uint64_t> events_lost;            ///< of threads that found no slot
  std::atomic<std::uint32_t> gils_lost;              ///< that found no entry
  std::atomic<std::uint32_t> calls_cut_short;        ///< system calls that a sample's signal ended

  /// Whoever sleeps on it is to look. A futex.
  std::atomic<std::uint32_t> alert;
  std::atomic<std::uint32_t> watcher_sleeps;

  std::array<GilState, kMostGils> gils;
  lock_trace::StackTable stacks;
  std::array<std::atomic<std::uint8_t>, lock_trace::StackTable::kSize> stacks_seen;  ///< the watcher was told
  std::array<std::atomic<std::uint8_t>, lock_trace::StackTable::kSize> stacks_of_world;  ///< 0: not looked at
  lock_trace::StackWalker walker;
  SharedLog<LongHold, 4096> long_holds;
  SharedLog<WorldEvent, 32768> world;
  std::array<std::atomic<std::uint32_t>, kMostThreads> ring_owners;  ///< numbers of threads; 0: free
  std::array<ThreadSlot, kMostThreads> threads;

  /// The rings follow.
  trace::TickEvent* ring(std::uint32_t index) noexcept {
    return reinterpret_cast<trace::TickEvent*>(this + 1) + index * settings.ring_events;
  }
};

// Kinds of events of the lock trace in the timeline, above those of the GIL's.
inline constexpr std::uint16_t kLockKinds = 64;

/// What the watcher asks a thread by: glibc keeps this signal for pthread_cancel(), so that a program can
/// neither block it nor be told of it; and glibc's own handler, where a program calls that function, ignores
/// what another process sends. Sent with a hold's number.
inline constexpr int kSampleSignal = 32;

/// Tells a preloaded library of another build: what it would write would be somewhere else.
inline constexpr std::uint64_t kLayout = sizeof(TraceMemory) << 8 | 1;

/// The names of what the watcher gives the program by its environment, which takes it out again.
inline constexpr const char* kMemoryVariable = "HARNESS_TRACE_MEMORY";  ///< a descriptor's number

}  // namespace harness::tracer
