// harness/lock_trace/recorder.h: the recorder of waits for CPython's locks, which hook.h writes to.
//
// All functions are for one thread at a time.
#pragma once

#include <vector>

#include "harness/lock_trace/event.h"
#include "harness/lock_trace/stack_walker.h"
#include "harness/trace/recorder.h"

namespace harness::lock_trace {

/// Recorder::reserve(). Throws UserError if even 4,096 events a thread are too many.
void reserve_buffers(trace::BufferSizes sizes = {});

/// Recorder::start(), after watch_code_of(). Threads that wait before that are seen from their next wait on.
/// Call stacks that have to be unwound may take 1 % of the time since the first recording, in all.
void start_recording();

/// Recorder::stop().
void stop_recording();

/// Recorder::collect().
Recording collect_recording();

/// The return addresses of a stack, from the place that called the hooked function outwards.
std::vector<std::uintptr_t> addresses_of(StackNumber number);

/// How the stacks came about since the process began.
WalkCounts walk_counts();

/// Whether sem_post() and its kin, found as a library loaded from now on would find them, are the
/// interposer's. False where it is not linked in, is not exported, or is left out (ThreadSanitizer has its
/// own).
bool hook_self_test();

}  // namespace harness::lock_trace
