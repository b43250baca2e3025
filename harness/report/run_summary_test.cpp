// harness/report/run_summary_test.cpp: a report from which nobody can tell what ran, and where.
#include "harness/report/run_summary.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

Context context_of(const std::string& version, bool gil) {
  return {{"python_version", version + " (main, Jan 1 2026)"},
          {"python_free_threaded_build", gil ? "false" : "true"},
          {"gil_enabled", gil ? "true" : "false"},
          {"libpython", "/lib/libpython" + version + ".so"},
          {"cpu_model", "A CPU"},
          {"cpus_allowed", "0,2,5"},
          {"pinned", "none"},
          {"harness_version", "1.2"},
          {"harness_commit", "abc"}};
}

TEST(RunSummary, SaysWhatRanOnWhat) {
  Context context = context_of("3.14.7", true);
  EXPECT_EQ(summary_of(context),
            (ContextEntries{{"interpreter", "CPython 3.14.7 (GIL on), /lib/libpython3.14.7.so"},
                            {"machine", "A CPU, 3 cores allowed"}}));
  context.insert({{"image", "photo.jpg"},
                  {"image_size", "64x48,32x16"},
                  {"image_conversion", "from gray"},
                  {"jit", "on"},
                  {"python_environment_PYTHON_JIT", "1"}});
  context["pinned"] = "thread 0 on CPU 2";
  context["embedding"] = "guest";
  EXPECT_EQ(
      facts_of(context),
      (ContextEntries{
          {"interpreter", "CPython 3.14.7 (GIL on, JIT on), guest in /lib/libpython3.14.7.so, PYTHON_JIT=1"},
          {"machine", "A CPU, 3 cores allowed"},
          {"image", "photo.jpg, 64x48,32x16 (from gray)"},
          {"pinned", "thread 0 on CPU 2"},
          {"program", "harness 1.2 (abc)"}}));
  EXPECT_EQ(facts_of(Context{{"date", "today"}}), ContextEntries()) << "another program's";
}

TEST(RunSummary, NamesEachInterpreterAndWhatAllHaveInCommonOnce) {
  Context other = context_of("3.14.7", false);
  const std::vector<std::string> labels{"gil", "free", "none"};
  EXPECT_EQ(facts_of(labels, {context_of("3.13.0", true), other, {}}),
            (ContextEntries{{"interpreter gil", "CPython 3.13.0 (GIL on), /lib/libpython3.13.0.so"},
                            {"interpreter free", "CPython 3.14.7t (GIL off), /lib/libpython3.14.7.so"},
                            {"machine", "A CPU, 3 cores allowed"},
                            {"program", "harness 1.2 (abc)"}}));
  other["cpu_model"] = "Another";
  const ContextEntries facts = facts_of(labels, {context_of("3.13.0", true), other, {}});
  EXPECT_EQ(facts.at(2), ContextEntries::value_type("machine gil", "A CPU, 3 cores allowed"));
  EXPECT_EQ(facts.at(3), ContextEntries::value_type("machine free", "Another, 3 cores allowed"));
}

}  // namespace
}  // namespace harness
