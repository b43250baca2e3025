// harness/gil_trace/interposer.cpp: our own pthread_cond_signal and its kin, by which every GIL event is
// seen. trace/next_function.h says how it binds.
//
// What CPython does
// -----------------
// A GIL is a struct _gil_runtime_state: a flag `locked`, guarded by `mutex` and announced by `cond`; and a
// second pair, `switch_mutex` and `switch_cond`. Both functions are static, in Python/ceval_gil.h up to 3.11
// and in Python/ceval_gil.c from 3.12 on. Without error paths, and with the events that we make of it:
//
//   take_gil:  MUTEX_LOCK(mutex)
//              while (locked)
//                COND_TIMED_WAIT(cond, mutex, interval)            wait (the first time), timeout
//                if it timed out, and nobody switched: ask the holder to drop the GIL
//              MUTEX_LOCK(switch_mutex)
//              locked = 1, last_holder = this thread state
//              COND_SIGNAL(switch_cond)                            acquire
//              MUTEX_UNLOCK(switch_mutex), MUTEX_UNLOCK(mutex)
//
//   drop_gil:  MUTEX_LOCK(mutex)
//              locked = 0
//              COND_SIGNAL(cond)                                   release
//              MUTEX_UNLOCK(mutex)
//              if it was asked to drop the GIL:
//                MUTEX_LOCK(switch_mutex)
//                if (last_holder == this thread state)
//                  COND_WAIT(switch_cond, switch_mutex)            yield, yield_end: a forced switch
//                MUTEX_UNLOCK(switch_mutex)
//
// The macros are pthread_mutex_lock, pthread_cond_signal, pthread_cond_timedwait and pthread_cond_wait
// (Python/condvar.h). Both signals are given whether anybody waits or not, so an uncontended acquire is seen
// like any other. `cond` is initialised by create_gil() and stays where it is until the GIL's end, also over
// a fork (recreate_gil()).
//
// Why the times are right
// -----------------------
// Each event is stamped before the call is passed on. For a release that is right after locked = 0, and
// before a possible system call that wakes a waiter; for an acquire, right after locked = 1. Both stamps are
// taken while gil->mutex is held. So the critical sections order them: a release is stamped before its mutex
// is given up, the next acquire after it has been got. With a clock that is the same on all cores, and read
// where it stands (trace/clock.h), the hold of one thread ends before that of the next begins, without any
// tolerance; overlapping holds mean that an event is missing, and the analysis says so. A hand-off, from
// release to the next acquire, thus contains the wake-up, which is its greater part. A yield_end comes after
// the acquire that it waited for in the same way, by switch_mutex.
//
// What is not seen: the time a thread is blocked in MUTEX_LOCK(gil->mutex), before it can look whether the
// GIL is free. Nobody holds that mutex for longer than it takes to signal, so a wait is short of some
// microseconds at most.
//
// What differs between versions
// -----------------------------
// 3.9 - 3.11   One GIL, in _PyRuntime.ceval.gil. The eval loop drops it in eval_frame_handle_pending().
// 3.12         A GIL for each interpreter that asks for its own (PEP 684): each has a pair of condition
//              variables to be learned. The eval loop drops it in _Py_HandlePending().
// 3.13         Threads go through _PyThreadState_Attach() and _PyThreadState_Detach() (Python/pystate.c);
//              drop_gil_impl() signals; the request to drop is a bit of the holder's eval_breaker.
// 3.13t on     A free-threaded build has a GIL that is switched off: take_gil() returns at once while
//              gil->enabled is 0, and nothing is signalled. PYTHON_GIL=1, or an extension module that needs
//              it, switches it on, and it works as above. A thread that finds it switched off after a wait
//              signals `cond` without having held it: the self-check reports such a recording.
// 3.14, 3.15   As 3.13. A thread that wants the GIL when the interpreter ends hangs; before it exited.
// All define FORCE_SWITCHING, which the second pair depends on (Include/internal/pycore_gil.h), and none uses
// pthread_cond_broadcast or pthread_cond_clockwait for it. These are here because a build that did would
// otherwise go unseen.
#include "harness/gil_trace/interposer.h"

#include <errno.h>
#include <pthread.h>

#include "harness/gil_trace/hook.h"
#include "harness/trace/next_function.h"

namespace harness::gil_trace {

#if defined(HARNESS_UNDER_TSAN)

const bool kInterposerIsBuiltIn = false;

}  // namespace harness::gil_trace

#else

const bool kInterposerIsBuiltIn = true;

namespace {

using trace::NextFunction;
using NextSignal = NextFunction<"pthread_cond_signal", int(pthread_cond_t*) noexcept>;
using NextBroadcast = NextFunction<"pthread_cond_broadcast", int(pthread_cond_t*) noexcept>;
using NextWait = NextFunction<"pthread_cond_wait", int(pthread_cond_t*, pthread_mutex_t*)>;
using NextTimedWait =
    NextFunction<"pthread_cond_timedwait", int(pthread_cond_t*, pthread_mutex_t*, const timespec*)>;
using NextClockWait = NextFunction<"pthread_cond_clockwait",
                                   int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)>;

[[gnu::constructor]] void find_all() noexcept {
  NextSignal::find();
  NextBroadcast::find();
  NextWait::find();
  NextTimedWait::find();
  NextClockWait::find();
}

}  // namespace
}  // namespace harness::gil_trace

using namespace harness::gil_trace;

extern "C" {

[[gnu::visibility("default")]] int pthread_cond_signal(pthread_cond_t* cond) noexcept {
  if (detail::recorder.is_on()) [[unlikely]]
    detail::on_signal(cond, __builtin_return_address(0));
  return NextSignal::call(cond);
}

[[gnu::visibility("default")]] int pthread_cond_broadcast(pthread_cond_t* cond) noexcept {
  if (detail::recorder.is_on()) [[unlikely]]
    detail::on_signal(cond, __builtin_return_address(0));
  return NextBroadcast::call(cond);
}

// The waiting functions are cancellation points: a thread that ends within one unwinds through here.

[[gnu::visibility("default")]] int pthread_cond_wait(pthread_cond_t* cond, pthread_mutex_t* mutex) {
  if (detail::recorder.is_on()) [[unlikely]]
    detail::on_wait(cond);
  const int status = NextWait::call(cond, mutex);
  if (detail::recorder.is_on()) [[unlikely]]
    detail::on_wait_end(cond, false);
  return status;
}

[[gnu::visibility("default")]] int pthread_cond_timedwait(pthread_cond_t* cond, pthread_mutex_t* mutex,
                                                          const timespec* until) {
  if (detail::recorder.is_on()) [[unlikely]]
    detail::on_wait(cond);
  const int status = NextTimedWait::call(cond, mutex, until);
  if (detail::recorder.is_on()) [[unlikely]]
    detail::on_wait_end(cond, status == ETIMEDOUT);
  return status;
}

[[gnu::visibility("default")]] int pthread_cond_clockwait(pthread_cond_t* cond, pthread_mutex_t* mutex,
                                                          clockid_t clock, const timespec* until) {
  if (detail::recorder.is_on()) [[unlikely]]
    detail::on_wait(cond);
  const int status = NextClockWait::call(cond, mutex, clock, until);
  if (detail::recorder.is_on()) [[unlikely]]
    detail::on_wait_end(cond, status == ETIMEDOUT);
  return status;
}

}  // extern "C"

#endif
