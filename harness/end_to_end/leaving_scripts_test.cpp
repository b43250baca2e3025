// harness/end_to_end/leaving_scripts_test.cpp: scripts that end, replace or fork the process, or outlive what
// they were called for.
#include <csignal>
#include <filesystem>
#include <string>

#include "harness/end_to_end/scripts_fixture.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using LeavingScripts = ScriptsTest;

TEST_F(LeavingScripts, ThatEndTheProcessAreSaidToAndCostNoOtherRow) {
  for (const char* const how : {"os._exit(0)", "ctypes.CDLL(None).exit(0)"}) {
    SCOPED_TRACE(how);
    std::filesystem::remove_all(folder().path() / "scripts");
    std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
    folder().write("scripts/sum_of_squares.py",
                   "import ctypes, os\ndef run(begin, end):\n    " + std::string(how) + "\n");
    const auto result =
        run({"--filter=(countdown|sum_of_squares)/python/|sum_of_squares/native/", "--scripts=scripts"});
    EXPECT_EQ(result.exit_code, 1);
    const std::string row = "sum_of_squares/python/threads:1";
    expect_holds(result.standard_error,
                 {row + " ended the process", out().string() + "; 1 row after it was not run"});
    expect_holds(result.standard_output, {"the script ended the process, with status 0"});
    EXPECT_EQ(rows_of(saved()), (NamedErrors{{"countdown/python/threads:1", ""},
                                             {row, "the script ended the process, with status 0"}}));
    EXPECT_FALSE(saved().at("context").at("complete").flag());
  }
}

TEST_F(LeavingScripts, ThatCrashLeaveTheRowsBeforeThem) {
  const auto scripts = folder().path() / "scripts";
  std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, scripts);
  folder().write("scripts/sum_of_squares.py",
                 "import os, signal\ndef run(begin, end):\n    os.kill(os.getpid(), signal.SIGKILL)\n");
  run({"--filter=countdown/(python|native)/"});
  const auto result = run({"--filter=(countdown|sum_of_squares)/python/", "--scripts=scripts"});
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_EQ(names_of(saved()), std::vector<std::string>{"countdown/python/threads:1"});
  EXPECT_FALSE(saved().at("context").at("complete").flag());
  EXPECT_TRUE(saved().at("context").contains("libpython"));
}

TEST_F(LeavingScripts, WhoseThreadsOutliveThemDoNotKeepTheProgram) {
  const auto scripts = scripts_with(
      "import threading, time\n"
      "threading.Thread(target=time.sleep, args=(3600,), name='sleeper').start()\n"
      "threading.Thread(target=time.sleep, args=(3600,), name='servant', daemon=True).start()\n"
      "def run(begin, end):\n    return end - begin\n");
  const auto result = run_with(scripts, {"--format=json"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_FALSE(result.timed_out);
  expect_holds(result.standard_error, {"threads that a script has started", "sleeper"});
  expect_holds(result.standard_error, {"threads of the script's own ran beside it: ", "sleeper, servant"});
  EXPECT_EQ(result.standard_output, read_text_file(out() / "result.json"));
  EXPECT_NE(saved().at("context").dump().find("sleeper"), std::string::npos);
}

TEST_F(LeavingScripts, ThatReplaceTheProcessAreSaidTo) {
  const auto scripts = scripts_with("import os\ndef run(begin, end):\n    os.execv('/bin/true', ['true'])\n");
  const auto result = run_with(scripts);
  EXPECT_EQ(result.exit_code, 1);
  expect_holds(result.standard_error, {"would have replaced the process by /bin/true"});
  expect_holds(rows_of(saved()).back().second, {"the script would have replaced the process by /bin/true"});
}

// As python3 ends them: by sys.exit(), by an exception, by coming to the end of what there is to do.
TEST_F(LeavingScripts, WhoseForkedChildrenComeBackAreLeftByThem) {
  folder().write("scripts/countdown.py",
                 "import os, sys\n"
                 "def child(end):\n"
                 "    pid = os.fork()\n"
                 "    if pid == 0: end()\n"
                 "    return pid and os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
                 "def run(begin, end):\n"
                 "    codes = [child(sys.exit), child(lambda: sys.exit(7)), child(lambda: 1 / 0)]\n"
                 "    pid = os.fork()\n"
                 "    if pid == 0: return 0\n"
                 "    codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
                 "    assert codes == [0, 7, 1, 0], codes\n"
                 "    return end - begin\n");
  const auto result = run({"--scripts=scripts", "--filter=countdown/python", "--threads=1"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
  expect_holds(result.standard_error, {"ZeroDivisionError"});
}

// concurrent.futures waits for its threads in a handler of its own.
TEST_F(LeavingScripts, WhoseHandlersAtExitDoNotEndDoNotKeepTheProgram) {
  const auto scripts = scripts_with(
      "import atexit, time\natexit.register(time.sleep, 3600)\ndef run(begin, end):\n    return end - "
      "begin\n");
  const auto result = run_with(scripts);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_FALSE(result.timed_out);
  expect_holds(result.standard_error, {"Python does not end"});
  EXPECT_FALSE(saved().at("context").contains("complete"));
}

TEST_F(LeavingScripts, ThatRemoveTheResultsFolderLoseNoResult) {
  const auto scripts = scripts_with("import shutil\ndef run(begin, end):\n    shutil.rmtree('" +
                                    out().string() + "', ignore_errors=True)\n    return end - begin\n");
  const auto result = run_with(scripts);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
  EXPECT_FALSE(saved().is_null());
}

}  // namespace
}  // namespace harness
