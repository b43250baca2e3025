// harness/end_to_end/bad_traces_test.cpp: what cannot be traced, and what cannot be written of a trace.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "harness/end_to_end/trace_fixture.h"
#include "harness/interpreter/fake_python.h"
#include "harness/interpreter/guest.h"

namespace harness {
namespace {

struct BadTraceFlags {
  const char* label;
  ProgramTest::Arguments arguments;
  std::vector<std::string> message;  ///< what it must hold: the flag, and the mend
};

std::ostream& operator<<(std::ostream& out, const BadTraceFlags& bad) {
  return out << bad.label;
}

const std::string kSeconds = "give a number of seconds above 0 and up to 3600";
const std::string kMemory = "with its unit, for instance 64M or 1G";

const std::vector<BadTraceFlags> kBadTraceFlags{
    {"LongHoldZero", {"--long-hold=0"}, {"--long-hold=0", kSeconds}},
    {"LongHoldNegative", {"--long-hold=-1"}, {"--long-hold=-1", kSeconds}},
    {"LongHoldText", {"--long-hold=soon"}, {"--long-hold=soon", kSeconds}},
    {"LongHoldUnit", {"--long-hold=5ms"}, {"--long-hold=5ms", kSeconds}},
    {"LongHoldNotANumber", {"--long-hold=nan"}, {"--long-hold=nan", kSeconds}},
    {"LongHoldOverAnHour", {"--long-hold=3601"}, {"--long-hold=3601", kSeconds}},
    {"LongHoldEmpty", {"--long-hold="}, {"--long-hold=", "--help lists the flags"}},
    {"LongHoldTwice", {"--long-hold=1", "--long-hold=2"}, {"--long-hold", "--help lists the flags"}},
    {"MemoryWithoutAUnit", {"--trace-memory=64"}, {"--trace-memory=64", kMemory}},
    {"MemoryOtherUnit", {"--trace-memory=64K"}, {"--trace-memory=64K", kMemory}},
    {"MemoryText", {"--trace-memory=muchM"}, {"--trace-memory=muchM"}},
    {"MemoryTooLittle", {"--trace-memory=15M"}, {"--trace-memory=15M"}},
    {"MemoryTooMuch", {"--trace-memory=65G"}, {"--trace-memory=65G"}},
    {"MemoryNegative", {"--trace-memory=-64M"}, {"--trace-memory=-64M"}},
    {"MemoryFraction", {"--trace-memory=1.5G"}, {"--trace-memory=1.5G"}},
    {"MemoryEmpty", {"--trace-memory="}, {"--trace-memory=", "--help lists the flags"}},
    {"ReportEmpty", {"--report="}, {"--report=", "--help lists the flags"}},
    {"TimelineEmpty", {"--timeline="}, {"--timeline=", "--help lists the flags"}},
    {"PythonEmpty", {"--python="}, {"--python="}},
    {"PythonMissing", {"--python=/no/such/python"}, {"--python=/no/such/python", "no such file"}},
    {"PythonUnknown", {"--python=no-such-python"}, {"--python=no-such-python", "no such command"}},
    {"PythonIsAFolder", {"--python=/usr"}, {"--python=/usr"}},
    {"PythonIsNone", {"--python=/bin/ls"}, {"--python=/bin/ls", "does not answer as a Python does"}},
    {"PythonTwice", {"--python=/bin/ls", "--python=/bin/ls"}, {"--python"}},
    {"PythonIsNoProgram", {"--python=/etc/passwd"}, {"--python=/etc/passwd", "not executable"}},
    {"LibpythonTooOld", {"--python=" FAKE_LIBPYTHON_OLD}, {"--python=" FAKE_LIBPYTHON_OLD, "too old"}},
};

/// None of them starts the program, whose first words would make a file.
class BadTraceFlagsTest : public TraceTest, public testing::WithParamInterface<BadTraceFlags> {};

TEST_P(BadTraceFlagsTest, AreRefused) {
  Command bad = command({});
  bad.argv = {HARNESS_PROGRAM, "trace"};
  bad.argv.insert(bad.argv.end(), GetParam().arguments.begin(), GetParam().arguments.end());
  bad.argv.insert(bad.argv.end(), {"-c", "open('started', 'w')"});
  expect_refused(run_subprocess(bad, kPatience), GetParam().message);
  EXPECT_EQ(files_in(folder().path()), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(All, BadTraceFlagsTest, testing::ValuesIn(kBadTraceFlags),
                         [](const auto& tested) { return tested.param.label; });

class BadTraces : public TraceTest {
 protected:
  /// harness trace --python=… -c 'print(1)'
  ProcessResult trace_in(const std::filesystem::path& python) const {
    Interpreter interpreter;
    interpreter.executable = python;
    return run_subprocess(traced(interpreter, {"-c", "print(1)"}), kPatience);
  }
};

TEST_F(BadTraces, OfAPythonThatIsTooOldAreRefused) {
  const auto old = write_fake_python(folder(), "python", fake_answer("3.8.18"));
  expect_refused(trace_in(old), {"--python=" + old.string(), "3.8.18", "too old"});
  EXPECT_FALSE(std::filesystem::exists(report_file()));
}

TEST_F(BadTraces, OfAnotherImplementationAreRefused) {
  const auto other = write_fake_python(folder(), "pypy", fake_answer("3.11.5", {{"implementation", "pypy"}}));
  expect_refused(trace_in(other), {"--python=" + other.string(), "pypy"});
}

// It says that it is a CPython whose code is in /bin/true.
TEST_F(BadTraces, OfAnInterpreterThatCannotBeEnteredAreRefused) {
  const auto file = folder().path() / "python";
  write_fake_python(
      folder(), "python",
      fake_answer("3.12.1", {{"executable", "/bin/true"}, {"prefix", "/none"}, {"base_prefix", "/none"}}));
  const auto result = trace_in(file);
  EXPECT_EQ(result.exit_code, 2) << result.standard_error;
  expect_holds(result.standard_error, {"harness: --python=" + file.string() + ": "});
  expect_no_crash(result);
}

TEST_F(BadTraces, OfALibpythonWithoutAMainFunctionSaySo) {
  const auto result = trace_in(FAKE_LIBPYTHON_GIL);
  EXPECT_EQ(result.exit_code, 2) << result.standard_error;
  expect_holds(result.standard_error, {FAKE_LIBPYTHON_GIL});
  EXPECT_EQ(result.standard_output, "");
}

// The program runs all the same, since it has been started.
TEST_F(BadTraces, OfAProgramThatRunsAsSomebodyElseSaySo) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can make a program that runs as somebody else";
  const Need need{"CPython that has its code in its executable, which runs from anywhere",
                  [](const Interpreter& python) { return as_guest(python).libpython.empty(); }};
  on_each(need, [&](const Interpreter& python) {
    Interpreter elsewhere = python;
    elsewhere.executable = folder().path() / "python";
    std::filesystem::remove(elsewhere.executable);
    std::filesystem::copy_file(python.executable, elsewhere.executable);
    constexpr uid_t kNobody = 65534;
    ASSERT_EQ(chown(elsewhere.executable.c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(chmod(elsewhere.executable.c_str(), 04755), 0);
    const Arguments words{"-c", "import os; print(os.geteuid()); raise SystemExit(7)"};
    const Environment home{{"PYTHONHOME", python.prefix}};
    if (run_subprocess(plain(elsewhere, words, home), kPatience).standard_output != "65534\n") {
      GTEST_SKIP() << "no program runs as somebody else in " << folder().path();
    }
    const auto result = run_subprocess(traced(elsewhere, words, home), kPatience);
    EXPECT_EQ(result.exit_code, 7) << result.standard_error;
    EXPECT_EQ(result.standard_output, "65534\n");
    expect_holds(result.standard_error, {"harness: nothing was traced", "set-user-ID"});
    EXPECT_FALSE(std::filesystem::exists(report_file()));
  });
}

TEST_F(BadTraces, WhoseFilesCannotBeWrittenKeepTheProgramsStatus) {
  folder().write("file", "");
  on_each(kAnyPython, [&](const Interpreter& python) {
    for (const char* const flag : {"--report", "--timeline"}) {
      for (const std::string& name : {std::string("nosuch/a.json"), std::string("file/a.json")}) {
        SCOPED_TRACE(flag + ("=" + name));
        Command program = traced(python, {"-c", "print('done'); raise SystemExit(7)"});
        program.argv[3] = flag + ("=" + name);
        const auto result = run_subprocess(program, kPatience);
        EXPECT_EQ(result.exit_code, 7) << result.standard_error;
        EXPECT_EQ(result.standard_output, "done\n");
        expect_holds(result.standard_error, {"harness: " + std::string(flag), "\nharness trace\n"});
        expect_no_crash(result);
      }
    }
  });
}

TEST_F(BadTraces, OfNothingAreInteractive) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace(python, {});
    EXPECT_EQ(run.result.exit_code, 0) << run.result.standard_error;
    EXPECT_EQ(run.report.text("end", ""), "exit status 0");
  });
}

TEST_F(BadTraces, AreExplained) {
  for (const char* const word : {"--help", "-h"}) {
    const auto help = run_subprocess({.argv = {HARNESS_PROGRAM, "trace", word}}, kPatience);
    EXPECT_EQ(help.exit_code, 0);
    expect_holds(help.standard_output,
                 {"--timeline", "--report", "--long-hold", "--trace-memory", "--python"});
    EXPECT_EQ(help.standard_error, "");
  }
}

}  // namespace
}  // namespace harness
