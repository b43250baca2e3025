// harness/embed/threads.h: the functions of the Api by which threads come and go, and are stopped.
#pragma once

#include <span>

#include "harness/embed/runtime.h"

namespace harness::embed {

// As Api has them.
ThreadState* enter_thread();
ThreadState* enter_interpreter();
void leave_thread(ThreadState* thread);
ThreadState* main_thread();
void stop(std::span<ThreadState* const> threads);

}  // namespace harness::embed
