// harness/commands/known_rows_test.cpp: a stored row of which the program has forgotten what it is.
#include "harness/commands/known_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace harness {
namespace {

using Names = std::vector<std::string>;

bool on_request(const std::string& name) {
  return is_on_request(parse_row_id(name));
}

Traits traits_of(const std::string& name) {
  return traits_of_known_row(parse_row_id(name)).value_or(Traits{});
}

TEST(KnownRows, HaveTheirTraitsOnAnyNumberOfThreadsAndInAnySize) {
  EXPECT_TRUE(traits_of("grayscale/native/size:8x4/threads:1").native);
  EXPECT_TRUE(traits_of("countdown/python_threads/threads:64").baseline_on_threads);
  EXPECT_FALSE(traits_of_known_row(parse_row_id("mine.a/python_threads/threads:2")));
}

TEST(KnownRows, SayWhatTheWorkersOfAWayAreCalled) {
  struct Way {
    std::string name, worker;
    bool shares_gil;
  };
  for (const auto& [name, worker, shares_gil] :
       std::vector<Way>{{"python_threads", "a thread", true},
                        {"subinterpreters", "a subinterpreter", false},
                        {"processes/start:spawn", "a process", false},
                        {"thread_pool", "a thread pool", true},
                        {"interpreter_pool", "an interpreter pool", false},
                        {"process_pool", "a process pool", false}}) {
    const Traits traits = traits_of("start/break_even/" + name);
    EXPECT_EQ(traits.worker, worker) << name;
    EXPECT_EQ(traits.shares_gil, shares_gil) << name;
  }
}

TEST(KnownRows, SayWhichTellWhatAWayCostsToEnter) {
  for (const char* const name :
       {"start/python_threads/threads:2", "start/processes/threads:1/start:fork",
        "start/opencv_opencl/transfer:both/threads:1", "start/break_even/process_pool"})
    EXPECT_TRUE(traits_of(name).costs_to_enter) << name;
  for (const char* const name : {"gil/ensure_release/threads:2", "countdown/processes/threads:2/start:fork"})
    EXPECT_FALSE(traits_of(name).costs_to_enter) << name;
}

TEST(KnownRows, AreOnRequestByTheirStrategy) {
  for (const char* const name :
       {"gil/handoff/threads:8", "gil/convoy/spinners:1/interval_us:7", "start/opencv_opencl/threads:1",
        "start/break_even/thread_pool", "countdown/processes/threads:8/start:fork",
        "grayscale/process_pool/size:8x4/threads:2", "mine.a/subinterpreters/threads:2",
        "mine.a/processes/threads:2/start:fork", "mine.a/thread_pool/threads:2"}) {
    EXPECT_TRUE(on_request(name)) << name;
  }
  for (const char* const name :
       {"countdown/python/threads:1", "countdown/python_threads/threads:8",
        "countdown/subinterpreters/threads:2", "grayscale/openmp/size:8x4/threads:2", "memory/copy/threads:2",
        "mine.a/python/threads:1", "mine.a/python_threads/threads:2"}) {
    EXPECT_FALSE(on_request(name)) << name;
  }
}

TEST(NamesOnRequest, AreWholeWorkloadsAndElseStrategies) {
  EXPECT_EQ(names_on_request(),
            (Names{"processes", "thread_pool", "interpreter_pool", "process_pool", "gil", "start"}));
}

}  // namespace
}  // namespace harness
