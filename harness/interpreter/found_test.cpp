// harness/interpreter/found_test.cpp: another file's hash for that of a libpython that was changed meanwhile.
#include "harness/interpreter/found.h"

#include <gtest/gtest.h>

#include "harness/system/sha256.h"
#include "harness/system/test_folder.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

Interpreter interpreter_with(const fs::path& libpython) {
  Interpreter interpreter;
  interpreter.executable = "/opt/a folder=with,all/python3";
  interpreter.libpython = libpython;
  interpreter.implementation = "cpython";
  interpreter.version = "3.14.0rc2";
  interpreter.major = 3;
  interpreter.minor = 14;
  interpreter.free_threaded = true;
  return interpreter;
}

class Found : public testing::Test {
 protected:
  const TestFolder folder_;
  const fs::path libpython_ = folder_.write("libpython.so", "one");
  const FoundInterpreter found_ = hashed(interpreter_with(libpython_));
  const std::vector<std::string> words_ = words_of(found_);
};

TEST_F(Found, IsTheSameForAnotherProcess) {
  const auto found = found_in(words_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sha256, sha256_of_file(libpython_));
  const Interpreter& interpreter = found->interpreter;
  EXPECT_EQ(interpreter.executable, "/opt/a folder=with,all/python3");
  EXPECT_EQ(interpreter.libpython, libpython_);
  EXPECT_FALSE(interpreter.guest);
  EXPECT_EQ(interpreter.version, "3.14.0rc2");
  EXPECT_EQ(interpreter.minor, 14);
  EXPECT_TRUE(interpreter.free_threaded);
  EXPECT_FALSE(interpreter.debug);
  EXPECT_EQ(why_unsupported(interpreter), "");
}

TEST_F(Found, IsOfAnExecutableWhereTheCodeIsInThat) {
  Interpreter guest = interpreter_with("");
  guest.executable = folder_.write("python3", "static");
  guest.guest = true;
  const auto found = found_in(words_of(hashed(guest)));
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->interpreter.guest);
  EXPECT_EQ(found->sha256, sha256_of_file(guest.executable));
}

TEST_F(Found, IsNothingOnceTheFileWasWritten) {
  const fs::file_time_type before = fs::last_write_time(libpython_);
  folder_.write("libpython.so", "two");     // as long as before,
  fs::last_write_time(libpython_, before);  // and looking as old
  EXPECT_FALSE(found_in(words_));
}

TEST_F(Found, IsNothingOnceAnotherFileHasItsName) {
  const fs::path other = folder_.write("other.so", "two");
  fs::last_write_time(other, fs::last_write_time(libpython_));
  fs::rename(other, libpython_);
  EXPECT_FALSE(found_in(words_));
}

TEST_F(Found, IsNothingOnceTheFileIsGone) {
  fs::remove(libpython_);
  EXPECT_FALSE(found_in(words_));
}

TEST_F(Found, IsNothingInOtherWords) {
  EXPECT_FALSE(found_in({}));
  EXPECT_FALSE(found_in({words_.begin(), words_.end() - 1}));
  FoundInterpreter nowhere = found_;
  nowhere.interpreter.libpython = "/nowhere/libpython.so";
  nowhere.code_state.clear();
  EXPECT_FALSE(found_in(words_of(nowhere)));
}

}  // namespace
}  // namespace harness
