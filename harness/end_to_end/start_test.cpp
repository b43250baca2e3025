// harness/end_to_end/start_test.cpp: the rows that tell what a way around the GIL costs to enter.
#include "harness/end_to_end/ways_fixture.h"

namespace harness::ways_test {
namespace {

using Names = std::vector<std::string>;

using Start = WaysTest;

TEST_F(Start, TellsWhatEachWayCosts) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result = run_on(spec, "^start/[a-z]+[_a-z]*/(start:[a-z]+/)?threads:2$");
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(failed_of(saved()), Names{});
    std::size_t measured = 0;
    for (const Json& each : saved().at("benchmarks").elements()) {
      if (each.contains("error_occurred")) continue;
      ++measured;
      SCOPED_TRACE(each.at("name").text());
      for (const char* const counter : {"start_p50_ns", "start_p99_ns", "call_p50_ns", "call_p99_ns",
                                        "megabyte_p50_ns", "megabyte_p99_ns", "first_start_ns"}) {
        EXPECT_GT(each.number(counter, 0), 0) << counter;
      }
      EXPECT_LE(each.number("call_p50_ns", 0), each.number("call_p99_ns", 0));
      for (const char* const unwatched : {"lock_parks", "semaphore_waits", "world_stops"}) {
        EXPECT_FALSE(each.contains(unwatched)) << unwatched;
      }
      EXPECT_NEAR(each.number("real_time", 0) * 1e6, each.number("start_p50_ns", 0), 1) << "of one iteration";
      if (each.at("name").text().find("processes") != std::string::npos) {
        EXPECT_GT(each.number("worker_private_bytes", 0), 100'000);
      }
    }
    EXPECT_GE(measured, 6U);
  }
}

TEST_F(Start, TellsWhatOneWorkerCosts) {
  const auto result = run_on("", "^start/[a-z]+[_a-z]*/(start:[a-z]+/)?threads:1$", {"--threads=1,2"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(failed_of(saved()), Names{});
  for (const std::string way : {"python_threads", "processes/start:fork", "thread_pool", "process_pool"}) {
    EXPECT_GT(row("start/" + way + "/threads:1").number("start_p50_ns", 0), 0) << way;
  }
}

TEST_F(Start, TellsFromWhichTaskOnProcessesPay) {
  const auto result = run_on("", "^start/break_even/processes/start:fork$");
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json found = row("start/break_even/processes/start:fork");
  ASSERT_FALSE(found.is_null());
  EXPECT_GT(found.number("call_p50_ns", 0), 0);
  if (found.contains("break_even_ns")) {
    EXPECT_LE(found.number("break_even_low_ns", 0), found.number("break_even_ns", 0));
    expect_holds(result.standard_output, {"A process (fork) pays from ", " a task."});
  } else {  // others have the machine
    EXPECT_EQ(found.number("no_break_even_ns", 0), 20e6);
    expect_holds(result.standard_output, {"Two workers do not pay up to 20.0 ms a task: a process (fork)."});
  }
}

}  // namespace
}  // namespace harness::ways_test
