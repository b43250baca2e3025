// harness/run/plan_test.cpp: a row that a filter loses, or a thread count for a strategy that has only one.
#include "harness/run/plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/error.h"
#include "harness/row/row.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

using Strings = std::vector<std::string>;

Strings names_of(const std::vector<Experiment>& experiments) {
  Strings names;
  for (const Experiment& experiment : experiments) names.push_back(experiment.name());
  return names;
}

/// The rows of all workloads that `filter` takes. `sizes` of images; none: the default.
Strings planned(const std::string& filter, const std::vector<int>& threads, const Strings& sizes = {},
                const std::string& kernel = "") {
  ParameterValues values(parameters_of(all_workloads()));
  if (!sizes.empty()) values.give("--size", sizes);
  if (!kernel.empty()) values.give("--kernel", {kernel});
  return names_of(make_plan(workload_experiments(all_workloads(), values, threads), filter));
}

std::string refusal_of(const std::string& filter) {
  return error_of([&] { planned(filter, {1}); });
}

TEST(Filter, IsSearchedForAnywhereInTheName) {
  EXPECT_TRUE(Filter("python").takes("sum/python_threads/threads:2"));
  EXPECT_TRUE(Filter("^sum/.*:2$").takes("sum/python_threads/threads:2"));
  EXPECT_FALSE(Filter("^python").takes("sum/python/threads:1"));
}

TEST(Filter, IsAnExtendedRegularExpression) {
  EXPECT_TRUE(Filter("native|openmp").takes("sum/openmp/threads:2"));
  EXPECT_TRUE(Filter("threads:(2|4)$").takes("sum/openmp/threads:4"));
  EXPECT_FALSE(Filter("threads:[13]").takes("sum/openmp/threads:4"));
}

TEST(Filter, TakesWhatIsNotFoundWithALeadingDash) {
  EXPECT_FALSE(Filter("-opencv").takes("grayscale/opencv/threads:1"));
  EXPECT_TRUE(Filter("-opencv").takes("grayscale/openmp/threads:1"));
}

TEST(Filter, TakesEveryRowWhereItIsEmptyOrAll) {
  EXPECT_TRUE(Filter("").takes("sum/openmp/threads:4"));
  EXPECT_TRUE(Filter("all").takes("sum/openmp/threads:4"));
}

TEST(Plan, LeavesOutWhatIsOnRequestWhereThereIsNoFilter) {
  Experiment always, asked_for;
  always.id = {"a", "x", {}};
  asked_for.id = {"a", "y", {}};
  asked_for.on_request = true;
  EXPECT_EQ(names_of(make_plan({always, asked_for}, std::nullopt)), Strings{"a/x"});
  EXPECT_EQ(names_of(make_plan({always, asked_for}, "all")), (Strings{"a/x", "a/y"}));
  EXPECT_EQ(names_of(make_plan({always, asked_for}, "y")), Strings{"a/y"});
  EXPECT_EQ(names_of(make_plan({always, asked_for}, "-x")), Strings{"a/y"});
}

TEST(Plan, HasNoProcessesAndPoolsWhereThereIsNoFilter) {
  const ParameterValues values(parameters_of(all_workloads()));
  const Strings names = names_of(make_plan(workload_experiments(all_workloads(), values, {2}), std::nullopt));
  const auto has = [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
  for (const char* const way : {"python_threads/threads:2", "subinterpreters/threads:2", "openmp/threads:2"})
    EXPECT_TRUE(has(std::string("countdown/") + way)) << way;
  EXPECT_TRUE(has("memory/copy/threads:2"));
  for (const char* const way : {"processes/threads:2/start:fork", "thread_pool/threads:2",
                                "interpreter_pool/threads:2", "process_pool/threads:2"})
    EXPECT_FALSE(has(std::string("countdown/") + way)) << way;
}

TEST(TraitsOfStoredRows, AreAsTheStrategiesHaveThemWhereRowsAreComparedByThem) {
  for (const Experiment& experiment :
       workload_experiments(all_workloads(), ParameterValues(parameters_of(all_workloads())), {1, 2})) {
    const Traits stored = stored_row(experiment.name()).traits;
    EXPECT_EQ(stored.baseline, experiment.traits.baseline) << experiment.name();
    EXPECT_EQ(stored.baseline_on_threads, experiment.traits.baseline_on_threads) << experiment.name();
  }
}

TEST(Plan, HasEveryStrategyAndThreadCountOfAWorkloadInTheOrderOfTheReport) {
  Strings expected{"countdown/python/threads:1"};
  for (const std::string on_team : {"python_threads", "subinterpreters"}) {
    for (const std::string threads : {"1", "3"})
      expected.push_back("countdown/" + on_team + "/threads:" + threads);
  }
  for (const std::string method : {"fork", "forkserver", "spawn"}) {
    for (const std::string threads : {"1", "3"}) {
      expected.push_back("countdown/processes/threads:" + threads + "/start:" + method);
    }
  }
  for (const std::string other : {"thread_pool", "interpreter_pool", "process_pool", "native_gil_held"}) {
    for (const std::string threads : {"1", "3"})
      expected.push_back("countdown/" + other + "/threads:" + threads);
  }
  for (const std::string name : {"native/threads:1", "openmp/threads:1", "openmp/threads:3"}) {
    expected.push_back("countdown/" + name);
  }
  EXPECT_EQ(planned("countdown", {1, 3}), expected);
}

TEST(Plan, HasEveryWorkloadAndOpenCvForGrayscaleOnly) {
  EXPECT_EQ(planned("/python/|opencv", {2}),
            (Strings{"countdown/python/threads:1", "sum_of_squares/python/threads:1",
                     "memory/read3_write1/threads:2/stores:ordinary",
                     "memory/read3_write1/threads:2/stores:streaming", "memory/copy/threads:2",
                     "grayscale/python/threads:1", "grayscale/opencv/threads:2",
                     "grayscale/opencv_opencl/threads:1/transfer:both",
                     "grayscale/opencv_opencl/threads:1/transfer:none"}));
}

TEST(Plan, HasTheCeilingsOfTheSameThreadsBesideNativeRowsOfGrayscale) {
  EXPECT_EQ(planned("grayscale/native/", {1, 2, 3}),
            (Strings{"memory/read3_write1/threads:1/stores:ordinary",
                     "memory/read3_write1/threads:1/stores:streaming", "memory/copy/threads:1",
                     "grayscale/native/threads:1"}));
  EXPECT_EQ(planned("grayscale/python", {1}),
            (Strings{"grayscale/python/threads:1", "grayscale/python_threads/threads:1",
                     "grayscale/python_numpy_style/threads:1"}));
  EXPECT_EQ(planned("memory/copy", {1}), Strings{"memory/copy/threads:1"});
}

TEST(Plan, HasTheCeilingOfTheMemoryThatARowUses) {
  EXPECT_EQ(planned("grayscale/cuda/.*none", {1, 2}),
            (Strings{"memory/cuda_read3_write1/threads:1/transfer:none",
                     "grayscale/cuda/threads:1/transfer:none"}));
  EXPECT_EQ(planned("grayscale/cuda/.*both", {1, 2}), Strings{"grayscale/cuda/threads:1/transfer:both"});
}

TEST(Plan, HasNoCeilingsWhereTheFilterRulesThemOut) {
  EXPECT_EQ(planned("-memory|python|cython|openmp|opencv|cuda|gil_held|countdown|sum_of|interpreter|process|"
                    "thread_pool",
                    {1}),
            (Strings{"grayscale/native/threads:1", "grayscale/simd/threads:1"}));
}

TEST(Plan, HasTheUsersKernelOnlyWhereThereIsOne) {
  const auto count = [](const std::string& kernel) {
    return std::ranges::count(planned("-memory", {1, 2}, {}, kernel), "grayscale/mine/threads:2");
  };
  EXPECT_EQ(count(""), 0);
  EXPECT_EQ(count("mine.so"), 1);
}

TEST(Plan, HasEachSizeInTurnWithItsCeilings) {
  EXPECT_EQ(planned("native/|copy", {1}, {"320x240", "8x4"}),
            (Strings{"countdown/native/threads:1", "sum_of_squares/native/threads:1",
                     "memory/read3_write1/size:320x240/threads:1/stores:ordinary",
                     "memory/read3_write1/size:320x240/threads:1/stores:streaming",
                     "memory/copy/size:320x240/threads:1", "grayscale/native/size:320x240/threads:1",
                     "memory/read3_write1/size:8x4/threads:1/stores:ordinary",
                     "memory/read3_write1/size:8x4/threads:1/stores:streaming",
                     "memory/copy/size:8x4/threads:1", "grayscale/native/size:8x4/threads:1"}));
}

TEST(Plan, HasSingleThreadedStrategiesOnceWhateverTheThreadCounts) {
  EXPECT_EQ(planned("sum_of_squares/(python|native)/", {2, 4}),
            (Strings{"sum_of_squares/python/threads:1", "sum_of_squares/native/threads:1"}));
}

TEST(Plan, IsAnErrorWhereTheFilterMatchesNothing) {
  EXPECT_EQ(refusal_of("cuontdown"),
            "--filter=cuontdown: no experiment has such a name; --list --filter=all shows every one");
}

TEST(Plan, IsAnErrorWhereTheFilterIsNoRegularExpression) {
  for (const std::string filter : {"(", "[a", "-(", "a{2"}) {
    const std::string error = refusal_of(filter);
    EXPECT_TRUE(error.starts_with("--filter=" + filter + ": not a regular expression (")) << error;
    EXPECT_TRUE(error.ends_with("; try for instance --filter=grayscale or --filter='python|openmp'"))
        << error;
  }
}

}  // namespace
}  // namespace harness
