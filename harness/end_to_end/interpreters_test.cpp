// harness/end_to_end/interpreters_test.cpp: one build runs on every CPython of this machine.
#include <cstdlib>

#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"
#include "harness/testing/pythons.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

class Interpreters : public ProgramTest {
 protected:
  void SetUp() override {
    std::string path;
    for (const Interpreter& named : named_pythons()) path += named.executable.parent_path().string() + ":";
    if (const char* const here = std::getenv("PATH")) path += here;
    const auto listed = run({"--list-pythons", "--format=json"}, {{"PATH", path}});
    ASSERT_EQ(listed.exit_code, 0) << listed.standard_error;
    for (const Json& interpreter : Json::parse(listed.standard_output).elements()) {
      if (interpreter.at("unusable") == "") usable_.push_back(interpreter);
    }
    if (usable_.empty()) skip_for_want_of(kAPython, "no CPython that harness can run is installed");
  }

  static std::string spec_of(const Json& interpreter) {
    const std::string executable = interpreter.at("executable").text();
    return executable.empty() ? interpreter.at("libpython").text() : executable;
  }

  /// The first one that is free-threaded; null where there is none.
  Json free_threaded() const {
    for (const Json& interpreter : usable_) {
      if (interpreter.at("free_threaded").flag()) return interpreter;
    }
    return {};
  }

  /// Contending rows have counters that passed their self-check where `gil`, and say "no GIL" otherwise.
  void expect_gil_counters(const Json& interpreter, bool gil, const Environment& environment) const {
    const auto result =
        run({"--python=" + spec_of(interpreter), "--filter=countdown/(python_threads|native/)", "--threads=3",
             "--countdown-steps=300000", "--switch-interval=0.0005"},
            environment);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    for (const Json& row : saved().at("benchmarks").elements()) {
      EXPECT_EQ(gil_label_of(row), gil ? "" : "no GIL");
      EXPECT_EQ(row.contains("gil_acquires"), gil);
      EXPECT_EQ(row.contains("gil_dropped_events"), gil);
      EXPECT_EQ(row.number("gil_acquires", 0), row.number("gil_releases", 0));
    }
  }

  std::vector<Json> usable_;
};

TEST_F(Interpreters, RunTheThreeWorkloads) {
  const std::string list = run({"--list", "--threads=1,2"}).standard_output;
  std::vector<std::string> listed;
  for (const std::string_view line : lines_of(list)) listed.emplace_back(line);
  for (const Json& interpreter : usable_) {
    SCOPED_TRACE(interpreter.dump());
    const auto result = run({"--python=" + spec_of(interpreter), "--threads=1,2", "--format=json"});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    expect_no_crash(result);
    const Json json = Json::parse(result.standard_output);
    EXPECT_EQ(names_of(json), listed);
    EXPECT_EQ(failed_of(json), std::vector<std::string>{});
    const Json context = json.at("context");
    const std::string version = interpreter.at("version").text();
    EXPECT_TRUE(context.at("python_version").text().starts_with(version));
    EXPECT_EQ(context.at("embedding"), interpreter.at("embedding"));
    if (interpreter.at("embedding") == "host") {
      EXPECT_EQ(context.at("libpython"), interpreter.at("libpython"));
    }
    const bool free_threaded = interpreter.at("free_threaded").flag();
    EXPECT_EQ(context.at("python_free_threaded_build"), free_threaded ? "true" : "false");
    EXPECT_EQ(context.at("gil_enabled"), free_threaded ? "false" : "true");
    EXPECT_EQ(context.at("gil_enabled_at_end"), free_threaded ? "false" : "true");
  }
}

TEST_F(Interpreters, AreTheSameByTheirLibpython) {
  std::erase_if(usable_, [](const Json& interpreter) { return interpreter.at("embedding") == "guest"; });
  if (usable_.empty()) return skip_for_want_of(kAPython, "no CPython with a shared libpython is installed");
  const std::string libpython = usable_.back().at("libpython").text();
  const auto result = run({"--python=" + libpython, "--filter=countdown"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(saved().at("context").at("libpython"), libpython);
  // The name may be another one of the same file: python3 and python3.13, which is a link of either kind.
  const std::string used = saved().at("context").at("python_executable").text();
  const std::string listed = usable_.back().at("executable").text();
  EXPECT_TRUE(std::filesystem::equivalent(used, listed)) << used << " and " << listed;
}

TEST_F(Interpreters, ThatAreFreeThreadedCanBeGivenAGil) {
  const Json interpreter = free_threaded();
  if (interpreter.is_null()) return skip_for_want_of(kFreeThreaded, "no free-threaded CPython is installed");
  const auto result = run({"--python=" + spec_of(interpreter), "--filter=countdown"}, {{"PYTHON_GIL", "1"}});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(saved().at("context").at("gil_enabled"), "true");
  EXPECT_EQ(saved().at("context").at("python_free_threaded_build"), "true");
}

// A thousand pairs of detach and attach, alone, are a thousand acquires and as many releases.
TEST_F(Interpreters, HaveEveryAcquireAndReleaseCounted) {
  for (const Json& interpreter : usable_) {
    SCOPED_TRACE(interpreter.dump());
    const std::string executable = interpreter.at("executable").text();
    if (executable.empty()) continue;  // nobody knows where its standard library is
    Command pairs{.argv = {PYTHON_TRACE_TEST, "uncontended_pairs", interpreter.at("libpython").text()}};
    pairs.environment["PYTHONHOME"] = std::filesystem::path(executable).parent_path().parent_path();
    pairs.environment["PYTHON_GIL"] =
        interpreter.at("free_threaded").flag() ? std::optional("1") : std::nullopt;
    const auto result = run_subprocess(pairs, kPatience);
    EXPECT_EQ(result.exit_code, 0) << result.standard_output << result.standard_error;
    expect_holds(result.standard_output, {"acquires 1000, releases 1000,", "dropped 0"});
  }
}

TEST_F(Interpreters, PassTheSelfCheckOfTheirGilOrSayThatThereIsNone) {
  for (const Json& interpreter : usable_) {
    SCOPED_TRACE(interpreter.dump());
    const bool gil = !interpreter.at("free_threaded").flag();
    expect_gil_counters(interpreter, gil, {});
    if (!gil) expect_gil_counters(interpreter, true, {{"PYTHON_GIL", "1"}});
  }
}

// Where Python code runs on several threads at once, so must the one that fails and the ones that it stops.
TEST_F(Interpreters, StopTheOtherThreadsWhenOneRaises) {
  folder().write("scripts/countdown.py",
                 "def run(begin, end):\n"
                 "    if begin > 0:\n"
                 "        raise RuntimeError('only here')\n"
                 "    while True:\n"
                 "        pass\n");
  for (const Json& interpreter : usable_) {
    SCOPED_TRACE(interpreter.dump());
    const auto result =
        run({"--python=" + spec_of(interpreter), "--filter=countdown/(python_threads|native/)", "--threads=4",
             "--scripts=scripts", "--switch-interval=0.0005"});
    EXPECT_EQ(result.exit_code, 1) << result.standard_error;
    expect_no_crash(result);
    EXPECT_EQ(rows_of(saved()),
              (NamedErrors{{"countdown/python_threads/threads:4", "RuntimeError: only here"},
                           {"countdown/native/threads:1", ""}}));
  }
}

// Python looks for modules in the working folder first where it is asked by -c.
TEST_F(Interpreters, AreAskedInAFolderWithModulesOfTheUser) {
  for (const char* const module : {"json.py", "platform.py", "sysconfig.py"}) {
    folder().write(module, "raise ImportError('the user has this')\n");
  }
  for (const Json& interpreter : usable_) {
    const auto result = run({"--python=" + spec_of(interpreter), "--filter=countdown/python/"});
    EXPECT_EQ(result.exit_code, 0) << spec_of(interpreter) << result.standard_error;
  }
}

TEST_F(Interpreters, MayBeVirtualEnvironments) {
  const std::string python = usable_.back().at("executable").text();
  if (python.empty()) return skip_for_want_of(kAPython, "no executable belongs to the newest interpreter");
  const auto environment = folder().path() / "venv";
  const auto made = run_subprocess({.argv = {python, "-m", "venv", "--without-pip", environment}}, kPatience);
  if (!made.succeeded()) {
    return skip_for_want_of(kVenv, "this interpreter makes none: " + made.standard_error);
  }
  folder().write("scripts/countdown.py",
                 "import sys\n"
                 "def run(begin, end):\n"
                 "    raise RuntimeError(sys.prefix + ' but ' + sys.base_prefix)\n");
  run({"--python=" + (environment / "bin/python").string(), "--filter=countdown/python/",
       "--scripts=scripts"});
  expect_holds(rows_of(saved()).at(0).second, {environment.string() + " but "});
  EXPECT_EQ(saved().at("context").at("python_prefix"), environment.string());
}

}  // namespace
}  // namespace harness
