// harness/google_benchmark/runner_test.cpp: a row of many calls to a job that tells of the job, not of a
// call.
#include "harness/google_benchmark/runner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/testing/python_cases.h"

namespace harness {
namespace {

constexpr std::int64_t kLoops = 1000;
constexpr std::int64_t kJob_ns = 2'000'000;

/// A job of kLoops calls, which takes kJob_ns by its own account.
class PlantedJob : public Prepared {
 public:
  JobTime run_first() override { return run(); }
  JobTime run() override { return {.begin_ns = 0, .end_ns = kJob_ns, .cpu_s = 0.001}; }
  std::int64_t loops() const override { return kLoops; }
  void stop() const override {}
};

/// Sees the same in each job.
class PlantedObserver : public Observer {
 public:
  void begin_repetition(const Experiment&) override {}
  void end(const JobTime&, const Prepared&) override {}
  Counters counters() const override {
    return {{"gil_acquires", 2}, {"gil_held_ns", 500'000}, {"gil_held_share", 0.25}};
  }
};

void tells_of_one_call_where_a_job_is_many(const Interpreter& interpreter) {
  embed::StartConfig start;
  start.program = interpreter.executable;
  const embed::Python python(interpreter.libpython, HARNESS_EMBED, start);
  SessionConfig session_config;
  session_config.switch_interval_s =
      python.attached([&] { return python.api().settings().switch_interval_s; });
  Session session(python, session_config);
  std::vector<Experiment> plan;
  plan.push_back({.id = {"planted", "python", {{"threads", "1"}}},
                  .prepare = [](Session&) { return std::make_unique<PlantedJob>(); }});
  std::string said;
  const RunnerConfig config{.program = "runner_test",
                            .repetitions = 2,
                            .min_time_s = 0.01,
                            .flags = {},
                            .interrupted = [] { return false; },
                            .starting = [](const Experiment&) {},
                            .say = [&said](const std::string& text) { said += text; },
                            .take_turn = {},
                            .prepared = [] {},
                            .isolate = {}};
  Observers observers;
  observers.push_back(std::make_unique<PlantedObserver>());
  RowReporter reporter(
      plan, [](const auto&, const auto&) {}, [] {});
  initialize_google_benchmark(config);
  run_plan(plan, config, session, observers, reporter);

  EXPECT_EQ(said, "");
  ASSERT_EQ(reporter.rows().size(), 1U);
  const Row row = reporter.rows().front();
  ASSERT_EQ(row.times_s.size(), 2U);
  for (const double time_s : row.times_s) EXPECT_DOUBLE_EQ(time_s, 2e-6);
  for (const double iterations : row.iterations) {
    EXPECT_GE(iterations, 5.0 * kLoops) << "jobs of two milliseconds until ten are full";
    EXPECT_EQ(std::fmod(iterations, kLoops), 0);
  }
  EXPECT_EQ(row.counter("gil_acquires"), 0.002);
  EXPECT_EQ(row.counter("gil_held_ns"), 500);
  EXPECT_EQ(row.counter("gil_held_share"), 0.25) << "a share is the same of one and of many";
}

}  // namespace
}  // namespace harness

int main(int argc, char** argv) {
  const std::vector<harness::PythonCase> cases{
      {"tells_of_one_call_where_a_job_is_many", harness::tells_of_one_call_where_a_job_is_many}};
  return harness::run_python_cases(argc, argv, "Runner", cases);
}
