// harness/end_to_end/bad_scripts_test.cpp: a script that fails makes failed rows, and no harm to the others.
#include <algorithm>

#include "harness/end_to_end/scripts_fixture.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using Names = std::vector<std::string>;

const Names kOneThread{"countdown/python/threads:1"};
const Names kTwoThreads{"countdown/python_threads/threads:2"};
const Names kBoth{"countdown/python/threads:1", "countdown/python_threads/threads:2"};
const Names kAll{"countdown/python/threads:1",          "countdown/python_threads/threads:2",
                 "countdown/native_gil_held/threads:2", "countdown/native/threads:1",
                 "countdown/openmp/threads:2",          "sum_of_squares/python/threads:1"};

struct BadScript {
  const char* label;
  const char* countdown_py;               ///< its text
  Names failed;                           ///< the rows that must fail, of kAll
  std::string error;                      ///< what the rows' error must hold
  std::vector<std::string> error_output;  ///< what standard error must hold, besides that
};

std::ostream& operator<<(std::ostream& out, const BadScript& bad) {
  return out << bad.label;
}

const std::vector<BadScript> kBadScripts{
    {"SyntaxError",
     "def run(begin, end)\n    return 1\n",
     kBoth,
     "SyntaxError",
     {"Traceback", "countdown.py\", line 1", "def run(begin, end)"}},
    {"NotText", "\xff\xfe\n", kBoth, "SyntaxError", {"countdown.py"}},
    {"WithoutRun",
     "def runs(begin, end):\n    return end - begin\n",
     kBoth,
     "does not define a function run()",
     {}},
    {"RunIsNoFunction", "run = 3\n", kBoth, "does not define a function run()", {}},
    {"TooFewParameters", "def run(begin):\n    return begin\n", kBoth, "TypeError: run() takes 1", {}},
    {"TooManyParameters", "def run(a, b, c):\n    return a\n", kBoth, "TypeError: run() missing 1", {}},
    {"WrongResult",
     "def run(begin, end):\n    return end - begin + (begin > 0)\n",
     kTwoThreads,
     "wrong result: the script's run() took 20001 steps in all, not 20000",
     {}},
    {"NoResult",
     "def run(begin, end):\n    pass\n",
     kBoth,
     "run() returned None, which is not an integer",
     {}},
    {"ResultIsText", "def run(begin, end):\n    return 'x'\n", kBoth, "run() returned 'x'", {}},
    {"ResultIsAFraction", "def run(begin, end):\n    return 1.5\n", kBoth, "run() returned 1.5", {}},
    {"ResultIsNegative", "def run(begin, end):\n    return -1\n", kBoth, "negative or over 128 bits", {}},
    {"ResultIsHuge", "def run(begin, end):\n    return 1 << 200\n", kBoth, "negative or over 128 bits", {}},
    {"RaisesWhenImported", "import nosuchmodule\n", kBoth, "No module named 'nosuchmodule'", {"Traceback"}},
    {"Raises",
     "def run(begin, end):\n    return helper(begin)\n\ndef helper(n):\n    raise ValueError(f'no {n}')\n",
     kBoth,
     "ValueError: no ",
     {"Traceback", "countdown.py\", line 2, in run", "countdown.py\", line 5, in helper"}},
    {"ExitsWhenImported", "import sys\nsys.exit(3)\n", kBoth, "called sys.exit(3)", {"SystemExit: 3"}},
    {"Exits",
     "import sys\ndef run(begin, end):\n    sys.exit('bye')\n",
     kBoth,
     "called sys.exit('bye')",
     {"SystemExit: bye"}},
    {"IsInterruptedByItself",
     "def run(begin, end):\n    raise KeyboardInterrupt\n",
     kBoth,
     "KeyboardInterrupt",
     {"Traceback"}},
    // The others would never end of themselves.
    {"RaisesInOneThreadOnly",
     "def run(begin, end):\n"
     "    if begin > 0:\n"
     "        raise RuntimeError('only here')\n"
     "    while end < 20000:\n"
     "        pass\n"
     "    return end - begin\n",
     kTwoThreads,
     "RuntimeError: only here",
     {"Traceback", "countdown.py\", line 3, in run"}},
    {"ExitsInOneThreadOnly",
     "import sys\n"
     "def run(begin, end):\n"
     "    if begin > 0:\n"
     "        sys.exit()\n"
     "    while end < 20000:\n"
     "        pass\n"
     "    return end - begin\n",
     kTwoThreads,
     "called sys.exit(None)",
     {}},
    // Called on an empty slice to warm up, verified once, then timed.
    {"RaisesOnlyWhenItIsTimed",
     "seen = set()\n"
     "def run(begin, end):\n"
     "    if begin < end and (begin, end) in seen:\n"
     "        raise RuntimeError('second call')\n"
     "    seen.add((begin, end))\n"
     "    return end - begin\n",
     kBoth,
     "RuntimeError: second call",
     {"Traceback"}},
    {"IsWrongOnlyWhenItIsTimed",
     "seen = set()\n"
     "def run(begin, end):\n"
     "    again = begin < end and (begin, end) in seen\n"
     "    seen.add((begin, end))\n"
     "    return end - begin + again\n",
     kBoth,
     "wrong result",
     {}},
    {"RaisesWhatCannotBeShown",
     "class Mute(Exception):\n"
     "    def __str__(self):\n"
     "        raise self\n"
     "def run(begin, end):\n"
     "    raise Mute\n",
     kBoth,
     "Mute",
     {"Traceback"}},
    {"RaisesWhatIsNoUnicode",
     "def run(begin, end):\n    raise ValueError('\\udc80 \"quoted\", and\\n two lines')\n",
     kBoth,
     "\"quoted\", and  two lines",
     {"\"quoted\""}},
};

class BadScriptsTest : public ScriptsTest, public testing::WithParamInterface<BadScript> {
 protected:
  void expect_failed(const ProcessResult& result, const Names& failed, const std::string& error) const {
    EXPECT_EQ(result.exit_code, 1) << result.standard_error;
    expect_no_crash(result);
    expect_nothing_half_written();
    const auto json = saved();
    EXPECT_EQ(names_of(json), kAll);
    EXPECT_EQ(failed_of(json), failed);
    for (const auto& [name, text] : rows_of(json)) {
      if (!text.empty()) expect_holds(text, {error});
    }
  }
};

TEST_P(BadScriptsTest, FailTheirRowsAlone) {
  const BadScript& bad = GetParam();
  const auto result = run_with(scripts_with(bad.countdown_py), {"--format=json"});
  expect_failed(result, bad.failed, bad.error);
  EXPECT_EQ(result.standard_output, read_text_file(out() / "result.json"));
  expect_holds(result.standard_error, {bad.failed.front() + " failed:"});
  expect_holds(result.standard_error, bad.error_output);
}

INSTANTIATE_TEST_SUITE_P(All, BadScriptsTest, testing::ValuesIn(kBadScripts),
                         [](const auto& tested) { return tested.param.label; });

using BadScripts = BadScriptsTest;

TEST_F(BadScripts, ThatAreMissingFailTheirRowsAlone) {
  const auto scripts = scripts_with("");
  std::filesystem::remove(scripts / "countdown.py");
  const auto result = run_with(scripts);
  expect_failed(result, kBoth, "--scripts: there is no " + (scripts / "countdown.py").string());
  expect_holds(result.standard_error, {kBoth.front() + " failed: --scripts: there is no "});
}

TEST_F(BadScripts, AreSaidToHaveFailedInEveryFormat) {
  const auto scripts = scripts_with("def run(begin, end):\n    raise ValueError('one, \"two\"')\n");
  expect_holds(run_with(scripts).standard_output, {"failed: ValueError: one, \"two\""});
  expect_holds(run_with(scripts, {"--format=csv"}).standard_output, {"\"ValueError: one, \"\"two\"\"\"\n"});
}

TEST_F(BadScripts, ShowATracebackOnceThoughManyRepetitionsFail) {
  const auto scripts = scripts_with("def run(begin, end):\n    raise ValueError('again')\n");
  const auto result = run_with(scripts, {"--repetitions=3"});
  EXPECT_EQ(count_of(result.standard_error, "ValueError: again"), 1U) << result.standard_error;
}

// Google Benchmark aborts where the repetitions of a row differ in their iterations.
TEST_F(BadScripts, ThatFailInSomeRepetitionsOnlyCostNoOtherRow) {
  // Which calls fail, of the one that is verified first and those of four repetitions.
  for (const char* const fails : {"calls >= 4", "calls == 2", "calls == 3"}) {
    SCOPED_TRACE(fails);
    folder().write("scripts/countdown.py", std::string("calls = 0\n"
                                                       "def run(begin, end):\n"
                                                       "    global calls\n"
                                                       "    calls += begin < end\n"
                                                       "    if begin < end and ") +
                                               fails +
                                               ":\n"
                                               "        raise ValueError('not now')\n"
                                               "    return end - begin\n");
    for (const char* const min_time : {"0.000001", "0.01"}) {
      const auto result = run({"--filter=^countdown/(python|native)/", "--scripts=scripts", "--threads=1",
                               "--repetitions=4", std::string("--min-time=") + min_time});
      EXPECT_EQ(result.exit_code, 1) << result.standard_error;
      expect_no_crash(result);
      const Json json = saved();
      EXPECT_FALSE(json.at("context").contains("complete"));
      EXPECT_EQ(std::ranges::count(names_of(json), "countdown/native/threads:1"), 4);
      EXPECT_GE(std::ranges::count(failed_of(json), "countdown/python/threads:1"), 1);
    }
  }
}

TEST_F(BadScripts, ThatSayWhatATerminalWouldObeyAreShownAndStoredAsText) {
  const auto scripts =
      scripts_with("def run(begin, end):\n    raise ValueError('\\x1b[31mred \\udcff \\x9b1m')\n");
  const auto result = run_with(scripts);
  const std::string text = "ValueError: \\x1b[31mred \\udcff \\xc2\\x9b1m";
  expect_failed(result, kBoth, text);
  expect_holds(result.standard_error, {text});
  expect_holds(result.standard_output, {text});
  EXPECT_EQ(result.standard_output.find('\x1b'), std::string::npos);
}

// At the end the program asks that module which threads there are.
TEST_F(BadScripts, ThatReplaceAModuleOfPythonsKeepTheirRows) {
  const auto scripts = scripts_with(
      "import sys\n"
      "sys.modules['threading'] = sys.modules['tracemalloc'] = object()\n"
      "def run(begin, end):\n    return end - begin\n");
  const auto result = run({"--filter=countdown/python/", "--scripts=" + scripts.string()});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(rows_of(saved()), (NamedErrors{{"countdown/python/threads:1", ""}}));
  EXPECT_FALSE(saved().at("context").contains("complete"));
}

// What writes into descriptor 1, whoever it is.
TEST_F(BadScripts, WhoseChildrenPrintDoNotSpoilStandardOutput) {
  const auto scripts =
      scripts_with("import os\ndef run(begin, end):\n    os.system('echo child')\n    return end - begin\n");
  folder().write("site/sitecustomize.py", "import os\nos.write(1, b'site\\n')\n");
  const auto result = run({"--filter=countdown/python/", "--scripts=" + scripts.string(), "--format=json"},
                          {{"PYTHONPATH", (folder().path() / "site").string()}});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(result.standard_output, read_text_file(out() / "result.json"));
  expect_holds(result.standard_error, {"site\n", "child\n"});
}

// Standard output is the report's.
TEST_F(BadScripts, ThatPrintDoNotSpoilStandardOutput) {
  const auto scripts = scripts_with(
      "print('imported')\n"
      "def run(begin, end):\n"
      "    print('called')\n"
      "    return end - begin\n");
  const auto result = run_with(scripts, {"--format=json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output, read_text_file(out() / "result.json"));
  expect_holds(result.standard_error, {"imported\n", "called\n"});
}

class BadGrayscaleScripts : public ProgramTest {
 protected:
  void expect_failed(const std::string& body, const std::string& error) const {
    SCOPED_TRACE(error);
    const auto script = folder().write("scripts/grayscale.py", "def run(source, gray, begin, end):\n" + body);
    const auto result = run({"--filter=grayscale/(python/|python_threads/|opencv/)", "--threads=1,2",
                             "--scripts=" + script.parent_path().string()});
    EXPECT_EQ(result.exit_code, 1);
    expect_no_crash(result);
    const auto json = saved();
    EXPECT_EQ(failed_of(json), (Names{"grayscale/python/threads:1", "grayscale/python_threads/threads:1",
                                      "grayscale/python_threads/threads:2"}));
    expect_holds(rows_of(json, "grayscale/").front().second, {error});
    // No picture of a failed row, but the others'.
    EXPECT_EQ(files_in(out()), (Names{"grayscale-opencv.png", "result.json"}));
  }
};

TEST_F(BadGrayscaleScripts, ThatWriteNothingAreNotCreditedWithAnothersPicture) {
  expect_failed("    pass\n", "wrong result: the script's run() 3072 of 3072 pixels are wrong");
}

TEST_F(BadGrayscaleScripts, ThatReturnSomething) {
  expect_failed("    return gray\n", "but is to write its result and return None");
}

TEST_F(BadGrayscaleScripts, ThatWriteIntoTheSource) {
  expect_failed("    source[0] = 1\n", "TypeError: cannot modify read-only memory");
}

TEST_F(BadGrayscaleScripts, ThatWriteBeyondTheEnd) {
  expect_failed("    gray[64 * 48] = 1\n", "IndexError");
}

TEST_F(BadScripts, WhoseErrorsHaveNotesAndZerosAreToldWhole) {
  const auto error_where = [&](const std::string& raise) {
    folder().write("scripts/countdown.py", "def run(begin, end):\n" + raise);
    run({"--scripts=scripts", "--filter=countdown/python/"});
    return rows_of(saved()).at(0).second;
  };
  EXPECT_EQ(error_where("    raise ValueError('a\\0b')\n"), "ValueError: a\\x00b");
  EXPECT_EQ(error_where("    error = ValueError('a')\n"
                        "    error.__notes__ = ['one', 'two\\nlines']\n"
                        "    raise error\n"),
            "ValueError: a");
}

// What a script sets decides its own time, and some of it that of every row after it.
TEST_F(BadScripts, ThatSetWhatTheyRunWithAreSaidTo) {
  folder().write("scripts/countdown.py",
                 "import os, sys\n"
                 "sys.setswitchinterval(0.1)\n"
                 "def run(begin, end):\n"
                 "    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
                 "    sys.setprofile(lambda *all: None)\n"
                 "    return end - begin\n");
  const auto result =
      run({"--scripts=scripts", "--filter=countdown/(python_threads|native)/", "--threads=2"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const auto rows = saved().at("benchmarks").elements();
  ASSERT_EQ(rows.size(), 2U);
  const std::string own = rows[0].text("label", ""), next = rows[1].text("label", "");
  expect_holds(own, {"the switch interval was changed: 100 ms", "Python code was watched: sys.setprofile"});
  if (saved().at("context").at("cpus_allowed").text().find(',') != std::string::npos) {
    expect_holds(own, {"the affinity was changed: CPU "});
  }
  EXPECT_EQ(next, "the switch interval was changed: 100 ms");
  expect_holds(result.standard_error,
               {"the switch interval was changed: countdown/python_threads/threads:2 (100 ms)"});
}

}  // namespace
}  // namespace harness
