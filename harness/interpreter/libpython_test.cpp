// harness/interpreter/libpython_test.cpp: libpythons told apart without being loaded.
#include "harness/interpreter/libpython.h"

#include <gtest/gtest.h>

#include "harness/system/test_folder.h"
#include "harness/system/text.h"

namespace harness {
namespace {

TEST(Libpython, IsIdentifiedByItsSonameAndConstants) {
  const Interpreter gil = identify_libpython(FAKE_LIBPYTHON_GIL);
  EXPECT_EQ(gil.unusable, "");
  EXPECT_EQ(gil.version, "3.77.5");
  EXPECT_EQ(gil.major, 3);
  EXPECT_EQ(gil.minor, 77);
  EXPECT_EQ(gil.implementation, "cpython");
  EXPECT_FALSE(gil.free_threaded);
  EXPECT_FALSE(gil.debug);
  EXPECT_TRUE(gil.libpython.is_absolute());
  EXPECT_TRUE(gil.executable.empty());
}

// The linker keeps "3.78.2" only as the end of ".../versions/3.78.2" where both are constants of a library.
// The first fake has its version as a constant of its own, between others that end in another one.
TEST(Libpython, FindsAVersionThatIsTheEndOfALongerConstant) {
  const Interpreter free_threaded = identify_libpython(FAKE_LIBPYTHON_FREE_THREADED);
  EXPECT_EQ(free_threaded.version, "3.78.2");
  EXPECT_TRUE(free_threaded.free_threaded);
  EXPECT_TRUE(free_threaded.debug);
}

TEST(Libpython, GoesByItsContentsAndNotByItsFileName) {
  const TestFolder folder;
  const auto renamed = folder.path() / "libpython3.12.so";
  std::filesystem::copy_file(FAKE_LIBPYTHON_GIL, renamed);
  EXPECT_EQ(identify_libpython(renamed).version, "3.77.5");
  EXPECT_EQ(identify_libpython(renamed).libpython, renamed);
}

TEST(Libpython, IsRefusedWhenTooOld) {
  const Interpreter old = identify_libpython(FAKE_LIBPYTHON_OLD);
  EXPECT_EQ(old.version, "3.8.18");
  EXPECT_NE(old.unusable.find("3.9 or newer"), std::string::npos) << old.unusable;
}

TEST(Libpython, IsNotAnyFile) {
  const TestFolder folder;
  std::string foreign = read_text_file(FAKE_LIBPYTHON_GIL).value_or("");
  foreign[18] ^= 1;  // e_machine
  const std::vector<std::pair<std::filesystem::path, std::string>> files = {
      {folder.path() / "missing", "no such file"},
      {folder.path(), "folder"},
      {folder.write("libpython3.77.so", "text"), "not an ELF shared library"},
      {folder.write("libpython3.78.so", foreign), "same architecture"},
      {"/proc/self/exe", "not a libpython"}};
  for (const auto& [file, reason] : files) {
    EXPECT_FALSE(is_libpython(file)) << file;
    const Interpreter identified = identify_libpython(file);
    EXPECT_NE(identified.unusable.find(reason), std::string::npos) << file << ": " << identified.unusable;
  }
}

TEST(Libpython, IsListedOnceAndOnlyWhereItRuns) {
  const TestFolder folder;
  const auto file = folder.path() / "libpython3.77.so.1.0";
  std::filesystem::copy_file(FAKE_LIBPYTHON_GIL, file);
  std::filesystem::create_symlink(file.filename(), folder.path() / "libpython3.77.so");
  folder.write("libpython3.12.so", "damaged");
  folder.write("libpython3.so", "");
  folder.write("libother.so", "");
  EXPECT_EQ(libpythons_in(folder.path()), std::vector{file});
  EXPECT_TRUE(libpythons_in(folder.path() / "missing").empty());
}

TEST(Libpython, BelongsToTheInterpreterOfItsVersionAndKindOnly) {
  const TestFolder folder;
  const std::string name = "libpython3.77.so.1.0";
  const auto file = folder.path() / name;
  std::filesystem::copy_file(FAKE_LIBPYTHON_GIL, file);
  const LibpythonHints hints{
      .mapped = {}, .folders = {"", "/missing", folder.path()}, .names = {"libpython.a", name}};
  Interpreter interpreter;
  interpreter.implementation = "cpython";
  interpreter.major = 3;
  interpreter.minor = 77;
  interpreter.version = "3.77.5";
  EXPECT_EQ(find_libpython(interpreter, hints), file);
  interpreter.free_threaded = true;
  EXPECT_EQ(find_libpython(interpreter, hints), "");
  interpreter.free_threaded = false;
  interpreter.debug = true;
  EXPECT_EQ(find_libpython(interpreter, hints), "");
  interpreter.debug = false;
  interpreter.version = "3.77.4";
  EXPECT_EQ(find_libpython(interpreter, hints), "");
}

TEST(Libpython, MappedByTheProcessComesFirst) {
  const TestFolder folder;
  const auto mapped = folder.path() / "mapped.so";
  const auto other = folder.path() / "libpython3.77.so.1.0";
  std::filesystem::copy_file(FAKE_LIBPYTHON_GIL, mapped);
  std::filesystem::copy_file(FAKE_LIBPYTHON_GIL, other);
  Interpreter interpreter;
  interpreter.major = 3;
  interpreter.minor = 77;
  interpreter.version = "3.77.5";
  EXPECT_EQ(find_libpython(interpreter, {.mapped = {"/gone (deleted)", mapped},
                                         .folders = {folder.path()},
                                         .names = {"libpython3.77.so.1.0"}}),
            mapped);
}

TEST(Libpython, HasItsUsualName) {
  Interpreter interpreter;
  interpreter.major = 3;
  interpreter.minor = 13;
  EXPECT_EQ(libpython_name(interpreter), "libpython3.13.so.1.0");
  interpreter.free_threaded = true;
  interpreter.debug = true;
  EXPECT_EQ(libpython_name(interpreter), "libpython3.13td.so.1.0");
}

}  // namespace
}  // namespace harness
