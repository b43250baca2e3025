// harness/end_to_end/bad_results_folder_test.cpp: where results cannot be written, the message says so and
// nothing half-written stays.
#include <unistd.h>

#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"

namespace harness {
namespace {

// A file over the limit fails to be written as on a full disk, but for the error's name. Without the trap the
// signal SIGXFSZ would end the program before it can say so.
const std::string kWithSmallFiles = "trap '' XFSZ; ulimit -f 3; exec \"$@\"";

class BadResultsFolder : public ProgramTest {
 protected:
  void expect_not_writable(const std::filesystem::path& out_folder) const {
    SCOPED_TRACE(out_folder);
    expect_refused(
        run({"--filter=countdown/native/", "--out=" + out_folder.string()}),
        {"--out=" + out_folder.string(), "cannot write there", "give a folder that you may write to"});
  }
};

TEST_F(BadResultsFolder, BelowARegularFile) {
  const auto file = folder().write("file", "kept");
  expect_not_writable(file / "out");
  expect_not_writable(file);
  EXPECT_EQ(std::filesystem::file_size(file), 4U);
}

TEST_F(BadResultsFolder, WhereNobodyMayMakeFolders) {
  expect_not_writable("/proc/harness-results");
}

TEST_F(BadResultsFolder, WhereThisUserMayNotWrite) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write into any folder";
  const auto read_only = folder().path() / "read-only";
  std::filesystem::create_directory(read_only);
  std::filesystem::permissions(read_only, std::filesystem::perms(0555));
  expect_not_writable(read_only);
  expect_not_writable(read_only / "out");
}

TEST_F(BadResultsFolder, WithoutRoomForResultJson) {
  const auto result = run_by_shell(kWithSmallFiles, {"--filter=countdown/native/", "--format=json"});
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error,
               {"--out: cannot write ", "result.json", "give a folder with room in it"});
  expect_no_crash(result);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_EQ(files_in(out()), std::vector<std::string>{});
}

TEST_F(BadResultsFolder, WithoutAPlaceForAnImageKeepsTheRows) {
  std::filesystem::create_directories(out() / "grayscale-native.png/in the way");
  const auto result = run({"--filter=grayscale/(native|openmp)/"});
  EXPECT_EQ(result.exit_code, 0);
  const auto file = (out() / "grayscale-native.png").string();
  expect_holds(result.standard_error, {"warning: ", "cannot write " + file});
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
  EXPECT_TRUE(std::filesystem::is_regular_file(out() / "grayscale-openmp.png"));
  EXPECT_NE(saved().at("context").dump().find(file), std::string::npos);
}

TEST_F(BadResultsFolder, IsNotWhereAScriptGoes) {
  std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
  folder().write("scripts/countdown.py",
                 "import os\n"
                 "def run(begin, end):\n"
                 "    os.chdir('/')\n"
                 "    return end - begin\n");
  const auto result = run({"--filter=(countdown|sum_of_squares)/python/", "--scripts=scripts", "--out=here",
                           "--gil-trace=gil.json"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(files_in(folder().path() / "here"), std::vector<std::string>{"result.json"});
  EXPECT_TRUE(std::filesystem::exists(folder().path() / "gil.json"));
}

// In a namespace of its own, so that the mount goes with the process that made it.
TEST_F(BadResultsFolder, OnAFullDisk) {
  const std::string mounted = "mount -t tmpfs -o size=4k none '" + folder().path().string() + "' && ";
  const Command probe{.argv = {"/usr/bin/env", "unshare", "-rm", "/bin/sh", "-c", mounted + "true"}};
  if (!run_subprocess(probe, kPatience).succeeded()) GTEST_SKIP() << "no file system may be mounted here";
  const auto result =
      run_by_shell("exec unshare -rm /bin/sh -c \"" + mounted + "cd '" + folder().path().string() +
                       "' && mkdir out && dd if=/dev/zero of=out/rest bs=4k count=1 2>/dev/null; "
                       "\\\"\\$@\\\"; status=\\$?; ls -A out; exit \\$status\" sh \"$@\"",
                   {"--filter=countdown/native/"});
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error,
               {"--out: cannot write ", "No space left on device", "give a folder with room in it"});
  expect_no_crash(result);
  EXPECT_EQ(
      result.standard_output.substr(result.standard_output.rfind('\n', result.standard_output.size() - 2)),
      "\nrest\n");
}

TEST_F(BadResultsFolder, IsNotLostWhenStandardOutputIs) {
  const auto result = run_by_shell("exec \"$@\" >/dev/full", {"--filter=countdown/native/"});
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error, {"standard output cannot be written", out().string()});
  expect_no_crash(result);
  EXPECT_EQ(names_of(saved()), std::vector<std::string>{"countdown/native/threads:1"});
}

TEST_F(BadResultsFolder, IsNotLostWhenStandardOutputIsClosed) {
  const auto result = run_by_shell("exec \"$@\" >&-", {"--filter=countdown/native/"});
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error, {"standard output cannot be written", out().string()});
  EXPECT_EQ(names_of(saved()), std::vector<std::string>{"countdown/native/threads:1"});
}

// As `harness | head` does.
TEST_F(BadResultsFolder, IsNotLostWhenTheReaderOfStandardOutputLeaves) {
  const auto result =
      run_by_shell("{ \"$@\"; echo $? >status; } | sleep 0", {"--filter=(countdown|sum_of_squares)/python"});
  expect_holds(result.standard_error, {"standard output cannot be written", out().string()});
  EXPECT_EQ(read_text_file(folder().path() / "status"), "2\n");
  EXPECT_EQ(names_of(saved()).size(), 4U);
}

TEST_F(BadResultsFolder, OfAComparisonIsNotLostWhenTheReaderOfStandardOutputLeaves) {
  const std::string python = HARNESS_LIBPYTHON;
  for (const char* const script : {"{ \"$@\"; echo $? >status; } | sleep 0", "\"$@\" >&-; echo $? >status"}) {
    SCOPED_TRACE(script);
    std::filesystem::remove_all(out());
    const auto result = run_by_shell(
        script, {"--filter=countdown/native/", "--python=a=" + python, "--python=b=" + python, "--rounds=2"});
    expect_holds(result.standard_error, {"standard output cannot be written"});
    EXPECT_NE(read_text_file(folder().path() / "status"), "0\n");
    EXPECT_EQ(files_in(out() / "processes").size(), 4U);
    EXPECT_FALSE(Json::parse(read_text_file(out() / "comparison.json").value_or("null")).is_null());
  }
}

TEST_F(BadResultsFolder, AndListsThatCannotBeWrittenFail) {
  for (const char* const flag : {"--list", "--help", "--version"}) {
    const auto result = run_by_shell("exec \"$@\" >/dev/full", {flag});
    EXPECT_NE(result.exit_code, 0) << flag;
    expect_holds(result.standard_error, {"standard output cannot be written"});
  }
}

}  // namespace
}  // namespace harness
