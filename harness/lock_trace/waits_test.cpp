// harness/lock_trace/waits_test.cpp: stacks of real CPythons that are taken for another wait than they are.
#include "harness/lock_trace/waits.h"

#include <gtest/gtest.h>

namespace harness::lock_trace {
namespace {

using Names = std::vector<std::string>;

/// Parked: what every semaphore of the parking lot is waited for by.
Names parked(const Names& more) {
  Names names{"_PySemaphore_Wait", "_PyParkingLot_Park"};
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

TEST(WaitOf, KnowsWhoseLockItIs) {
  const auto what = [](const Names& names) { return wait_of(names).what; };
  EXPECT_EQ(what(parked({"_PyMutex_LockTimed", "_PyCriticalSection_BeginSlow", "_PyDict_SetItem_Take2",
                         "_PyEval_EvalFrameDefault"})),
            "a dict's lock");
  EXPECT_EQ(what({"_PyMutex_LockTimed", "_PyCriticalSection_BeginSlow", "list_append"}), "a list's lock");
  EXPECT_EQ(what({"_Py_yield", "_PyMutex_LockTimed", "lock_PyThread_acquire_lock"}), "a threading.Lock");
  EXPECT_EQ(what({"PyThread_acquire_lock_timed", "acquire_timed", "lock_PyThread_acquire_lock"}),
            "a threading.Lock");
  EXPECT_EQ(what({"PyThread_acquire_lock_timed", "rlock_acquire"}), "a threading.RLock");
  EXPECT_EQ(what({"PyThread_acquire_lock_timed", "acquire_timed", "rlock_acquire"}), "a threading.RLock");
  EXPECT_EQ(what(parked({"_PyMutex_LockTimed", "PyMutex_Lock", "type_lock_prevent_release"})),
            "a type's lock");
  EXPECT_EQ(what(parked({"_PyMutex_LockTimed", "_PyCriticalSection2_BeginSlow", "deque_append"})),
            "an object's lock");
  EXPECT_EQ(what(parked({"_PyMutex_LockTimed", "gc_collect_main"})), "a lock of the interpreter's");
  EXPECT_EQ(what({"_PySemaphore_Wait", "_PyRawMutex_LockSlow", "_PyParkingLot_Park"}),
            "a lock of the interpreter's");
  for (const Names& names : {parked({"_PyMutex_LockTimed", "list_append"}), {"_PySeqLock_LockWrite"}}) {
    EXPECT_EQ(wait_of(names).kind, WaitKind::lock);
  }
}

TEST(WaitOf, TellsAStoppedWorldFromWhoStopsIt) {
  EXPECT_EQ(wait_of(parked({"_PyThreadState_Suspend", "_Py_HandlePending"})).kind, WaitKind::world);
  EXPECT_EQ(wait_of(parked({"_PyThreadState_Attach", "PyEval_RestoreThread"})).kind, WaitKind::world);
  const Wait asks = wait_of(parked({"PyEvent_WaitTimed", "stop_the_world", "gc_collect_main"}));
  EXPECT_EQ(asks, (Wait{WaitKind::request, "all others to stop", "garbage collection"}));
  const Wait turn =
      wait_of(parked({"_PyMutex_LockTimed", "PyMutex_Lock", "stop_the_world", "type_set_bases"}));
  EXPECT_EQ(turn, (Wait{WaitKind::request, "the turn to stop the world", "a type changes"}));
}

// A thread that gives up its lock's wait to a stopped world waits for the world.
TEST(WaitOf, IsTheInnermostOfTwo) {
  const Names both{"_PySemaphore_Wait",    "_PyParkingLot_Park", "_PyThreadState_Attach",
                   "PyEval_AcquireThread", "_PyParkingLot_Park", "_PyMutex_LockTimed",
                   "list_append"};
  EXPECT_EQ(wait_of(both).kind, WaitKind::world);
}

TEST(WaitOf, IsNoLocksWhereNoneIsTaken) {
  EXPECT_EQ(wait_of({"os_sched_yield", "_PyEval_EvalFrameDefault"}).kind, WaitKind::none);
  EXPECT_EQ(wait_of({"mi_thread_done"}).kind, WaitKind::none);
  EXPECT_EQ(wait_of(parked({"PyEvent_WaitTimed", "ThreadHandle_join"})),
            (Wait{WaitKind::event, "a thread's end", ""}));
  EXPECT_EQ(wait_of(parked({"PyEvent_WaitTimed", "thread_run"})).kind, WaitKind::event);
  EXPECT_EQ(wait_of(parked({"_queue_SimpleQueue_get_impl"})), (Wait{WaitKind::event, "a queue", ""}));
  EXPECT_EQ(wait_of(parked({"_queue.cpython-314t-x86_64-linux-gnu.so"})).what, "a queue");
  EXPECT_EQ(wait_of(parked({"something_new"})).kind, WaitKind::unknown);
  EXPECT_EQ(wait_of(parked({"_PyMutex_LockTimed", "_queue_SimpleQueue_get"})).what, "a queue");
}

// The loader knows an extension module's functions as far as it exports them, and its file.
TEST(WaitOf, NamesAnExtensionModule) {
  const std::string file = "_queue.cpython-311-x86_64-linux-gnu.so";
  EXPECT_EQ(wait_of({"PyThread_acquire_lock_timed", file}), (Wait{WaitKind::event, "a queue", ""}));
  EXPECT_EQ(wait_of({"PyThread_acquire_lock_timed", "_queue_SimpleQueue_get_impl (" + file + ")"}).what,
            "a queue");
  for (const char* const name : {"_fast.abi3.so", "read (_fast.cpython-314t-x86_64-linux-gnu.so)"}) {
    EXPECT_EQ(wait_of(parked({"_PyMutex_LockTimed", "PyMutex_Lock", name})),
              (Wait{WaitKind::lock, "a lock of _fast", ""}));
  }
  EXPECT_EQ(wait_of(parked({"_PyMutex_LockTimed", "PyCriticalSection_Begin", "_fast.abi3.so"})).what,
            "an object's lock");
}

// A stripped libpython has no names of its static functions.
TEST(WaitOf, IsUnknownWhereNamesAre) {
  EXPECT_EQ(wait_of({}), (Wait{WaitKind::unknown, "unknown"}));
  EXPECT_EQ(wait_of(parked({""})), (Wait{WaitKind::unknown, "unknown"}));
  EXPECT_EQ(wait_of(parked({"", "list_append"})).kind, WaitKind::unknown);
  EXPECT_EQ(wait_of(parked({"", "_Py_HandlePending"})).kind, WaitKind::world);
  EXPECT_EQ(wait_of(parked({"", "", "PyEval_RestoreThread"})).kind, WaitKind::world);
  EXPECT_EQ(wait_of(parked({"_PyMutex_LockTimed", ""})), (Wait{WaitKind::lock, "a lock", ""}));
}

TEST(ReasonOfStop, IsWhoAsked) {
  EXPECT_EQ(reason_of_stop({"_PySemaphore_Wakeup", "start_the_world", "_PyEval_StartTheWorld", "gc_collect"}),
            "garbage collection");
  EXPECT_EQ(reason_of_stop({"stop_the_world", "_PyEval_SetTrace"}), "tracing");
  EXPECT_EQ(reason_of_stop({"stop_the_world", "something_new"}), "something_new");
  EXPECT_EQ(reason_of_stop({"stop_the_world"}), "unknown");
  EXPECT_EQ(reason_of_stop({"list_append"}), "");
}

TEST(StartsTheWorld, IsWhoWakesItsThreads) {
  EXPECT_TRUE(starts_the_world({"_PySemaphore_Wakeup", "_PyParkingLot_UnparkAll", "start_the_world"}));
  EXPECT_FALSE(starts_the_world({"_PySemaphore_Wakeup", "_PyParkingLot_Unpark", "_PyMutex_TryUnlock"}));
}

TEST(ShownStack, LeavesOutWhatParks) {
  EXPECT_EQ(shown_stack(parked({"_PyMutex_LockTimed", "", "list_append"})),
            (Names{"_PyMutex_LockTimed", "?", "list_append"}));
}

}  // namespace
}  // namespace harness::lock_trace
