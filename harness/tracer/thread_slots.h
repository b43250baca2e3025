// harness/tracer/thread_slots.h: what the watcher reads in a thread's slot.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/tracer/trace_memory.h"

namespace harness::tracer {

/// A thread of the program, or what several did together (ThreadSlot::threads_before).
struct ThreadRecord {
  std::unique_ptr<ThreadSlot> slot;
  std::vector<trace::TickEvent> events = {};  ///< its last ones, in order
  std::uint64_t events_left_out = 0;

  std::uint64_t threads() const { return slot->threads_before + std::uint64_t{1}; }
};

/// A copy of the slot and of its events.
ThreadRecord record_of(TraceMemory& memory, const ThreadSlot& slot);

/// Adds what a thread did, which has ended, to what others did.
void fold_into(ThreadRecord& sum, const ThreadRecord& thread);

/// What people call it: the name that it was given, "main" for the program's first thread, else "thread ID".
std::string name_of(const ThreadSlot& slot, pid_t process);

}  // namespace harness::tracer
