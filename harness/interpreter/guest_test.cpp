// harness/interpreter/guest_test.cpp: which executables take a guest, and what is said of the others.
#include "harness/interpreter/guest.h"

#include <gtest/gtest.h>

#include "harness/interpreter/fake_python.h"
#include "harness/interpreter/probe.h"
#include "harness/system/text.h"

namespace harness {
namespace {

Interpreter with_executable(const std::filesystem::path& executable) {
  Interpreter interpreter;
  interpreter.executable = executable;
  interpreter.libpython = "/some/libpython3.77.so.1.0";
  return interpreter;
}

void expect_no_guest(const std::filesystem::path& executable, const std::string& reason) {
  const Interpreter interpreter = as_guest(with_executable(executable));
  EXPECT_NE(interpreter.unusable.find(reason), std::string::npos) << interpreter.unusable;
}

TEST(Guest, IsTakenByAnExecutableThatExportsTheApi) {
  const Interpreter interpreter = as_guest(with_executable(FAKE_STATIC_PYTHON));
  EXPECT_EQ(interpreter.unusable, "");
  EXPECT_TRUE(interpreter.guest);
  EXPECT_EQ(interpreter.libpython, "") << "its code is not that library's";
  EXPECT_EQ(code_file(interpreter), FAKE_STATIC_PYTHON);
}

TEST(Guest, IsOfTheFileBehindASymbolicLink) {
  const TestFolder folder;
  const auto link = folder.path() / "python3";
  std::filesystem::create_symlink(FAKE_STATIC_PYTHON, link);
  const Interpreter interpreter = as_guest(with_executable(link));
  EXPECT_EQ(interpreter.unusable, "");
  EXPECT_EQ(interpreter.executable, link) << "a virtual environment is found by it";
  EXPECT_EQ(code_file(interpreter), FAKE_STATIC_PYTHON);
}

TEST(Guest, IsNotTakenByAnyOther) {
  const TestFolder folder;
  expect_no_guest("", "not an ELF program");
  expect_no_guest(folder.write_script("python", "exec python3"), "not an ELF program");
  expect_no_guest("/bin/true", "does not export Python's C API");
  expect_no_guest(FAKE_LIBPYTHON_GIL, "without a loader");
}

// musl's loader knows neither glibc's libraries nor its versions of symbols.
TEST(Guest, IsNotTakenByAnExecutableOfAnotherCLibrary) {
  const TestFolder folder;
  std::string program = read_text_file(FAKE_STATIC_PYTHON).value_or("");
  const std::size_t loader = program.find("/ld-linux");
  ASSERT_NE(loader, std::string::npos);
  program.replace(loader, 8, "/ld-musl");
  expect_no_guest(folder.write("python", program), "another C library (its loader is ld-musl");
}

TEST(Guest, IsHowAStaticPythonIsProbed) {
  const auto answer = parse_answer(fake_answer("3.77.5", {{"executable", FAKE_STATIC_PYTHON}}));
  EXPECT_EQ(answer->unusable, "");
  EXPECT_TRUE(answer->guest);
  EXPECT_EQ(describe(*answer), std::string("Python 3.77.5, GIL, harness as guest, ") + FAKE_STATIC_PYTHON);
}

TEST(Guest, IsNotMadeWhereThereIsALibpython) {
  const TestFolder folder;
  const auto prefix = write_fake_installation(folder, "python", "3.77.5", FAKE_LIBPYTHON_GIL);
  std::filesystem::copy_file(FAKE_STATIC_PYTHON, prefix / "bin/python3.77");
  const auto answer =
      parse_answer(fake_answer("3.77.5", {{"executable", prefix / "bin/python3.77"}, {"prefix", prefix}}));
  EXPECT_EQ(answer->unusable, "");
  EXPECT_FALSE(answer->guest);
}

}  // namespace
}  // namespace harness
