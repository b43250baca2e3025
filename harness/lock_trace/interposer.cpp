// harness/lock_trace/interposer.cpp: our own sem_wait, sched_yield and their kin, by which every wait for one
// of CPython's locks is seen. trace/next_function.h says how it binds.
//
// What CPython does
// -----------------
// A PyMutex is one byte. Who finds it free takes it by one compare-and-exchange, and calls nothing: that is
// not seen, and costs nothing. Who does not, without error paths, and with the events that we make of it:
//
//   _PyMutex_LockTimed (Python/lock.c):
//     up to MAX_SPIN_COUNT times while it is locked, and nobody is parked:
//       sched_yield()                                            spin (the first), spin_end (the last)
//     _PyParkingLot_Park (Python/parking_lot.c):
//       sem_init() a semaphore on the thread's own stack
//       if the caller is attached: detach
//       sem_wait() or sem_clockwait()                            park, park_end; at_once
//       sem_destroy()
//       if it was attached: attach                               may park, for a stopped world
//     once more from the start, unless the lock was handed over
//
//   _PyMutex_TryUnlock, where somebody is parked:
//     _PyParkingLot_Unpark: sem_post()                           wake
//
// A build with a GIL spins no times. Events (PyEvent), once flags, read-write mutexes and the threads that a
// stopped world stops park in the same way; a bucket of the parking lot itself (_PyRawMutex) likewise, with a
// list of its own. Which it was is told by who called whom: each park and each burst of yields has its call
// stack, up to the eval loop (stack_walker.h).
//
//   stop_the_world (Python/pystate.c):  asks all others to stop; while some have not:
//                                         waits for an event, for 1 ms at a time      park, park_timed_out
//   _PyThreadState_Suspend, by each that is asked: parks until the world goes on      park, park_end
//   tstate_wait_attach, by each that attaches:     likewise
//   start_the_world:                    wakes each that has parked                    wake
//
// What PyThread_allocate_lock() makes is a semaphore, without any spinning: threading.Lock up to 3.12,
// threading.RLock up to 3.13, and some locks of the interpreter's. Taking it first tries sem_trywait(), which
// nobody hooks, so that sem_wait() is called only by a thread that has to wait; each release posts.
//
// Why the counts are right
// ------------------------
// A call counts if its caller is CPython's code (watched_code.h). sched_yield() is called by CPython's locks
// and by os.sched_yield(), which the call stack tells apart. Whether a wait has to wait is found by
// sem_trywait() before it: where that takes the semaphore, the wait would have taken it, too.
//
// What is an estimate: where one burst of yields ends and the next begins. Getting the lock after a yield
// calls nothing, so two yields belong to one burst where hardly any time has passed in between
// (recorder.cpp).
#include "harness/lock_trace/interposer.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <time.h>

#include "harness/lock_trace/hook.h"
#include "harness/trace/next_function.h"

namespace harness::lock_trace {

#if defined(HARNESS_UNDER_TSAN)

const bool kInterposerIsBuiltIn = false;

}  // namespace harness::lock_trace

#else

const bool kInterposerIsBuiltIn = true;

namespace {

using detail::Call;
using trace::NextFunction;
using NextYield = NextFunction<"sched_yield", int()>;
using NextPost = NextFunction<"sem_post", int(sem_t*)>;
using NextWait = NextFunction<"sem_wait", int(sem_t*)>;
using NextTimedWait = NextFunction<"sem_timedwait", int(sem_t*, const timespec*)>;
using NextClockWait = NextFunction<"sem_clockwait", int(sem_t*, clockid_t, const timespec*)>;

[[gnu::constructor]] void find_all() noexcept {
  NextYield::find();
  NextPost::find();
  NextWait::find();
  NextTimedWait::find();
  NextClockWait::find();
}

/// Whether the call is to be recorded.
[[gnu::noinline, gnu::cold]] bool is_watched(Call call) noexcept {
  ++detail::self_test_calls;
  return detail::is_watched(call.address);
}

[[gnu::noinline]] int traced_yield(Call call) noexcept {
  const trace::TicksAndCpu began = trace::now_ticks_and_cpu();
  const int status = NextYield::call();
  detail::on_yield(call, began);
  return status;
}

/// `wait` is the call to pass on. A cancellation point: a thread that ends within one unwinds through here.
template <typename Wait>
[[gnu::noinline]] int traced_wait(Call call, sem_t* semaphore, const Wait& wait) {
  const int errno_before = errno;
  if (sem_trywait(semaphore) == 0) {
    detail::on_wait_at_once();
    return 0;
  }
  const std::int64_t cpu_ns = detail::on_park(call);
  errno = errno_before;
  const int status = wait();
  const int errno_after = errno;
  const EventKind how = status == 0                ? EventKind::park_end
                        : errno_after == ETIMEDOUT ? EventKind::park_timed_out
                                                   : EventKind::park_interrupted;
  detail::on_park_end(how, cpu_ns);
  errno = errno_after;
  return status;
}

}  // namespace
}  // namespace harness::lock_trace

using namespace harness::lock_trace;

// The place that calls the function which this stands in.
#define HARNESS_CALL                                               \
  Call {                                                           \
    reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)), \
        reinterpret_cast<std::uintptr_t>(__builtin_dwarf_cfa())    \
  }

extern "C" {

[[gnu::visibility("default")]] int sched_yield() noexcept {
  if (detail::recorder.is_on()) [[unlikely]] {
    const Call call = HARNESS_CALL;
    if (is_watched(call)) return traced_yield(call);
  }
  return NextYield::call();
}

[[gnu::visibility("default")]] int sem_post(sem_t* semaphore) noexcept {
  if (detail::recorder.is_on()) [[unlikely]] {
    const Call call = HARNESS_CALL;
    if (is_watched(call)) detail::on_post(call);
  }
  return NextPost::call(semaphore);
}

[[gnu::visibility("default")]] int sem_wait(sem_t* semaphore) {
  if (detail::recorder.is_on()) [[unlikely]] {
    const Call call = HARNESS_CALL;
    if (is_watched(call)) return traced_wait(call, semaphore, [=] { return NextWait::call(semaphore); });
  }
  return NextWait::call(semaphore);
}

[[gnu::visibility("default")]] int sem_timedwait(sem_t* semaphore, const timespec* until) {
  if (detail::recorder.is_on()) [[unlikely]] {
    const Call call = HARNESS_CALL;
    if (is_watched(call)) {
      return traced_wait(call, semaphore, [=] { return NextTimedWait::call(semaphore, until); });
    }
  }
  return NextTimedWait::call(semaphore, until);
}

[[gnu::visibility("default")]] int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* until) {
  if (detail::recorder.is_on()) [[unlikely]] {
    const Call call = HARNESS_CALL;
    if (is_watched(call)) {
      return traced_wait(call, semaphore, [=] { return NextClockWait::call(semaphore, clock, until); });
    }
  }
  return NextClockWait::call(semaphore, clock, until);
}

}  // extern "C"

#endif
