// harness/report/warnings_test.cpp: a warning that is lost, or one that cries wolf.
#include "harness/report/warnings.h"

#include <gtest/gtest.h>

#include "harness/row/test_rows.h"

namespace harness {
namespace {

using Strings = std::vector<std::string>;

Conditions quiet_machine() {
  return {.debug_build = false,
          .debug_interpreter = false,
          .allowed_cores = 4,
          .cpu_quota_cores = {},
          .physical_cores = 4,
          .pinned = false,
          .aslr_is_off = false,
          .openmp_thread_limit = 1024,
          .environment = {},
          .governor = "performance",
          .others = 0.01,
          .stolen = 0.0};
}

/// A row that is called `workload`/x/threads:N.
Row row_on(const std::string& workload, int threads, std::vector<double> times_s) {
  return timed_row(workload + "/x/threads:" + std::to_string(threads), std::move(times_s));
}

TEST(Warnings, AreNoneForAQuietMachineAndSteadyRows) {
  EXPECT_EQ(warnings_of(quiet_machine(), {row_on("a", 4, {1.0, 1.01})}), Strings{});
}

TEST(Warnings, AreNoneForWhatTheSystemDoesNotSay) {
  Conditions unknown = quiet_machine();
  unknown.governor = "unknown";
  unknown.others.reset();
  unknown.stolen.reset();
  EXPECT_EQ(warnings_of(unknown, {}), Strings{});
}

TEST(Warnings, TellOfVariablesThatMakePythonSlower) {
  const auto of = [](const char* name, const char* value) {
    Conditions conditions = quiet_machine();
    conditions.environment = {{name, value}};
    return warnings_of(conditions, {});
  };
  EXPECT_EQ(of("PYTHONTRACEMALLOC", "1"),
            Strings{"PYTHONTRACEMALLOC=1 makes Python code slower than users have it"});
  for (const char* const name : {"PYTHONDEVMODE", "PYTHONPERFSUPPORT", "PYTHONMALLOC"}) {
    EXPECT_EQ(of(name, "1").size(), 1U) << name;
    EXPECT_EQ(of(name, ""), Strings{}) << name;
  }
  EXPECT_EQ(of("PYTHONMALLOC", "pymalloc"), Strings{});
  EXPECT_EQ(of("PYTHONTRACEMALLOC", "0"), Strings{});
  EXPECT_EQ(of("PYTHONHASHSEED", "0"), Strings{});
}

TEST(Warnings, TellOfVariablesThatLeaveOpenMpFewerThreads) {
  std::vector<Row> rows{row_on("a", 1, {1}), row_on("b", 2, {1}), row_on("c", 2, {1})};
  rows[0].traits.pool = rows[1].traits.pool = Pool::openmp;
  Conditions conditions = quiet_machine();
  conditions.openmp_dynamic = true;
  EXPECT_EQ(warnings_of(conditions, rows),
            Strings{"OMP_DYNAMIC lets OpenMP take fewer threads than are named by b/x/threads:2"});
  conditions.openmp_levels = 0;
  EXPECT_EQ(warnings_of(conditions, rows),
            Strings{"OMP_MAX_ACTIVE_LEVELS leaves OpenMP one thread, fewer than are named by b/x/threads:2"});
  EXPECT_EQ(warnings_of(conditions, {rows[0], rows[2]}), Strings{});
}

TEST(Warnings, TellPinnedThreadsThatTheyShareACoreOrAQuota) {
  Conditions conditions = quiet_machine();
  conditions.physical_cores = 2;
  conditions.cpu_quota_cores = 4;
  const std::vector<Row> rows{row_on("a", 2, {1}), row_on("b", 4, {1}), row_on("c", 5, {1})};
  EXPECT_EQ(warnings_of(conditions, rows).size(), 1U);  // of c alone, which has more threads than CPUs
  conditions.pinned = true;
  EXPECT_EQ(
      warnings_of(conditions, rows),
      (Strings{"more threads than the 4.00 cores that this process may use: c/x/threads:5",
               "more threads than the 2 physical cores, so that some share one (SMT): b/x/threads:4",
               "the control group grants 4.00 cores' time: threads are stopped when it is used up, pinned or "
               "not"}));
}

TEST(Warnings, TellOfDebugBuilds) {
  Conditions conditions = quiet_machine();
  conditions.debug_build = true;
  conditions.debug_interpreter = true;
  EXPECT_EQ(warnings_of(conditions, {}),
            (Strings{"this harness was built without optimisation: its native rows mean little",
                     "the interpreter is a debug build (Py_DEBUG): its rows mean little"}));
}

TEST(Warnings, NameTheRowsWithMoreThreadsThanCores) {
  Conditions conditions = quiet_machine();
  conditions.allowed_cores = 1.5;
  const std::string start = "more threads than the 1.50 cores that this process may use: ";
  std::vector<Row> rows{row_on("one", 1, {1}), row_on("a", 2, {1})};
  EXPECT_EQ(warnings_of(conditions, rows), Strings{start + "a/x/threads:2"});
  rows.push_back(row_on("b", 4, {1}));
  EXPECT_EQ(warnings_of(conditions, rows), Strings{start + "a/x/threads:2 and b/x/threads:4"});
  rows.push_back(row_on("c", 4, {1}));
  rows.push_back(row_on("d", 4, {1}));
  EXPECT_EQ(warnings_of(conditions, rows), Strings{start + "a/x/threads:2, b/x/threads:4 and 2 more"});
}

// Its name says 4 threads, and 2 it has.
TEST(Warnings, NameTheRowsForWhichOpenMpHasTooFewThreads) {
  Conditions conditions = quiet_machine();
  conditions.openmp_thread_limit = 2;
  Row wide = row_on("wide", 4, {1});
  wide.traits.pool = Pool::openmp;
  Row narrow = row_on("narrow", 2, {1});
  narrow.traits.pool = Pool::openmp;
  const Row other = row_on("other", 4, {1});
  EXPECT_EQ(
      warnings_of(conditions, {narrow, wide, other}),
      Strings{"OMP_THREAD_LIMIT gives OpenMP 2 threads at most, fewer than are named by wide/x/threads:4"});
}

TEST(Warnings, TellOfAddressesThatAreAlwaysTheSame) {
  Conditions conditions = quiet_machine();
  conditions.aslr_is_off = true;
  ASSERT_EQ(warnings_of(conditions, {}).size(), 1U);
  EXPECT_TRUE(warnings_of(conditions, {}).front().starts_with("addresses are not randomised (setarch -R"));
}

TEST(Warnings, TellOfABusyMachine) {
  Conditions conditions = quiet_machine();
  conditions.others = 0.3;
  conditions.stolen = 0.125;
  EXPECT_EQ(warnings_of(conditions, {}),
            (Strings{"the machine was busy: other processes used 30.0 % of its cores meanwhile",
                     "the hypervisor took part of the machine's time: 12.5 %"}));
}

// Seconds of a long run, which the share of the whole run does not show.
TEST(Warnings, NameTheRowsDuringWhichTheMachineWasBusy) {
  Row quiet = row_on("quiet", 1, {1});
  quiet.counters = {{"others_cpu_share", 0.04}, {"stolen_cpu_share", 0.05}};
  Row beside_others = row_on("beside others", 1, {1});
  beside_others.counters = {{"others_cpu_share", 0.3}, {"stolen_cpu_share", 0.0}};
  Row stolen_from = row_on("stolen from", 1, {1});
  stolen_from.counters = {{"others_cpu_share", 0.0}, {"stolen_cpu_share", 0.125}};
  EXPECT_EQ(
      warnings_of(quiet_machine(), {quiet, beside_others, stolen_from}),
      Strings{"other processes or the hypervisor had over 10.0 % of the machine while these were timed: "
              "beside others/x/threads:1 (30.0 %) and stolen from/x/threads:1 (12.5 %)"});
}

TEST(Warnings, TellWhatAReaderMustKnowOfRows) {
  std::vector<Row> rows{row_on("a", 1, {1}), row_on("b", 1, {1}), row_on("c", 1, {1})};
  rows[0].remarks = {"no GIL", "of_ceiling withheld: it came out at 1.20",
                     "of_ceiling withheld: it came out at 1.30"};
  rows[1].remarks = {"of_ceiling withheld: it came out at 1.50"};
  rows[2].remarks = {"of_ceiling withheld: it came out at 1.70"};
  rows[2].counters["of_ceiling"] = 0.9;  // of another repetition
  EXPECT_EQ(warnings_of(quiet_machine(), rows), Strings{"of_ceiling withheld: a/x/threads:1 (it came out at "
                                                        "1.20) and b/x/threads:1 (it came out at 1.50)"});
}

TEST(Warnings, TellOfAGovernorThatChangesTheClock) {
  Conditions conditions = quiet_machine();
  conditions.governor = "powersave";
  EXPECT_EQ(warnings_of(conditions, {}),
            Strings{"the CPU frequency governor is 'powersave': the clock changes with the load"});
}

TEST(Warnings, NameTheNoisyRowsButNotThoseThatFailed) {
  Row failed = row_on("failed", 1, {1, 9});
  failed.outcome = Outcome::failed;
  const std::vector<Row> rows{row_on("steady", 1, {10, 11}), row_on("noisy", 1, {2, 4, 6}),
                              row_on("once", 1, {1}), failed};
  EXPECT_EQ(warnings_of(quiet_machine(), rows),
            Strings{"coefficient of variation over 10.0 %: noisy/x/threads:1 (50.0 %)"});
}

}  // namespace
}  // namespace harness
