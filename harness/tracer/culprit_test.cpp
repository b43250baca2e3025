// harness/tracer/culprit_test.cpp: stacks as they are seen, of functions that run and of those that are
// blocked.
#include "harness/tracer/culprit.h"

#include <gtest/gtest.h>

namespace harness::tracer {
namespace {

TEST(Culprit, OfOneThatRanIsWhatTheEvalLoopCalled) {
  EXPECT_EQ(
      culprit_of({"count_run", "list_sort_impl", "builtin_sorted", "cfunction_vectorcall_FASTCALL_KEYWORDS",
                  "PyObject_Vectorcall", "_PyEval_EvalFrameDefault"},
                 false),
      (Culprit{"builtin_sorted", ""}));
  EXPECT_EQ(culprit_of({"encoder_encode_float (_json.so)", "encoder_call (_json.so)", "_PyObject_MakeTpCall",
                        "_PyEval_EvalFrameDefault"},
                       false),
            (Culprit{"encoder_call", "_json.so"}));
}

TEST(Culprit, IsNotWhatCallsAnyFunctionOfALibrary) {
  const std::vector<std::string> stack{"planted_compute (planted.so)",
                                       "libffi.so.8",
                                       "ffi_call (libffi.so.8)",
                                       "_ctypes_callproc (_ctypes.cpython-311-x86_64-linux-gnu.so)",
                                       "PyCFuncPtr_call (_ctypes.cpython-311-x86_64-linux-gnu.so)",
                                       "_PyObject_Call",
                                       "_PyEval_EvalFrameDefault"};
  EXPECT_EQ(culprit_of(stack, false), (Culprit{"planted_compute", "planted.so"}));
}

// An eval loop of many functions has no name that a stripped file keeps.
TEST(Culprit, IsWhatAForeignCallCallsAlsoWhereNothingElseHasAName) {
  const std::vector<std::string> stack{"",
                                       "clock_gettime (libc.so.6)",
                                       "planted_compute (planted.so)",
                                       "ffi_call (libffi.so.8.5.0)",
                                       "_ctypes.cpython-314-x86_64-linux-gnu.so",
                                       "",
                                       "PyEval_EvalCode",
                                       "",
                                       "Py_BytesMain",
                                       "libc.so.6",
                                       "_start",
                                       ""};
  EXPECT_EQ(culprit_of(stack, false), (Culprit{"planted_compute", "planted.so"}));
}

TEST(Culprit, OfOneThatWasBlockedIsTheInnermostBeyondTheCLibrary) {
  EXPECT_EQ(culprit_of({"clock_nanosleep (libc.so.6)", "nanosleep (libc.so.6)", "planted_sleep (planted.so)",
                        "an old word (other.so)", "_PyEval_EvalFrameDefault"},
                       true),
            (Culprit{"planted_sleep", "planted.so"}));
}

TEST(Culprit, OfPythonCodeIsTheEvalLoop) {
  EXPECT_EQ(culprit_of({"_PyEval_EvalFrameDefault"}, false), (Culprit{"_PyEval_EvalFrameDefault", ""}));
}

TEST(Culprit, OfAStrippedFileHasNoName) {
  EXPECT_EQ(culprit_of({"", "", "PyObject_Vectorcall", kPythonCode}, false), (Culprit{"?", ""}));
  EXPECT_EQ(culprit_of({"", "PyList_Sort", "", kPythonCode}, false), (Culprit{"? calling PyList_Sort", ""}));
  EXPECT_EQ(culprit_of({"_json.so", kPythonCode}, false), (Culprit{"", "_json.so"}));
  EXPECT_EQ(culprit_of({}, false), Culprit{});
}

TEST(Culprit, IsNotWhatPassesOnToTheObjectsOwnFunction) {
  EXPECT_EQ(culprit_of({"list_richcompare", "PyObject_RichCompare", kPythonCode}, false),
            (Culprit{"list_richcompare", ""}));
  EXPECT_EQ(culprit_of({"nm_mpd_qmul (_decimal.so)", "binary_op1", "PyNumber_Multiply", kPythonCode}, false),
            (Culprit{"nm_mpd_qmul", "_decimal.so"}));
  EXPECT_EQ(culprit_of({"gc_collect_main", "_Py_HandlePending", kPythonCode}, false),
            (Culprit{"gc_collect_main", ""}));
}

TEST(Culprit, IsPythonCodeWhereTheGilIsAboutToBeLetGo) {
  EXPECT_EQ(
      culprit_of({"pthread_mutex_lock (libc.so.6)", "drop_gil", "_Py_HandlePending", kPythonCode}, false),
      (Culprit{kPythonCode, ""}));
}

TEST(Culprit, IsNeverTheTracer) {
  EXPECT_EQ(culprit_of({"sem_post (harness_tracer.so)", "_PyParkingLot_Unpark", "lock_release", kPythonCode},
                       false),
            (Culprit{"lock_release", ""}));
}

}  // namespace
}  // namespace harness::tracer
