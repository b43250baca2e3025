// harness/interpreter/resolve_test.cpp: every kind of SPEC on a made-up machine, and what is said to the
// wrong ones.
#include "harness/interpreter/resolve.h"

#include <gtest/gtest.h>

#include "harness/interpreter/fake_python.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

// A machine with pyenv, uv, a PATH and a folder of libraries, all of them empty at first.
class Resolve : public testing::Test {
 protected:
  Resolve() {
    paths_.path_folders = {folder_.path() / "shims", folder_.path() / "usr/bin"};
    paths_.pyenv_versions = folder_.path() / "pyenv";
    paths_.uv_pythons = folder_.path() / "uv";
    paths_.library_folders = {folder_.path() / "lib"};
    paths_.home = folder_.path();
    std::filesystem::create_directory(folder_.path() / "lib");
  }

  std::filesystem::path install(const std::filesystem::path& name, std::string_view version = "3.77.5") {
    return write_fake_installation(folder_, name, version, FAKE_LIBPYTHON_GIL);
  }
  std::filesystem::path install_free_threaded(const std::filesystem::path& name) {
    return write_fake_installation(folder_, name, "3.78.2", FAKE_LIBPYTHON_FREE_THREADED,
                                   {{"free_threaded", "1"}, {"debug", "1"}});
  }
  Interpreter resolve(const std::string& spec, Facts facts = Facts::kAll) const {
    return resolve_interpreter(spec, paths_, facts);
  }
  // The message of the UserError, after checking that it names the flag.
  std::string refusal(const std::string& spec) const {
    std::string message = error_of([&] { resolve(spec); });
    EXPECT_TRUE(message.starts_with("--python=" + spec + ": ")) << message;
    return message;
  }
  void expect_refusal(const std::string& spec, const std::string& reason) const {
    EXPECT_TRUE(contains(refusal(spec), reason));
  }

  TestFolder folder_;
  SearchPaths paths_;
};

TEST_F(Resolve, TakesThePathOfAnExecutable) {
  const auto prefix = install("opt/python");
  const Interpreter interpreter = resolve(prefix / "bin/python3");
  EXPECT_EQ(interpreter.executable, prefix / "bin/python3");
  EXPECT_EQ(interpreter.libpython, prefix / "lib/libpython3.77.so.1.0");
  EXPECT_EQ(resolve("~/opt/python/bin/python3").executable, prefix / "bin/python3");
}

TEST_F(Resolve, TakesThePathOfALibpython) {
  const auto prefix = install("opt/python");
  std::filesystem::create_symlink("python3", prefix / "bin/python3.77");
  const auto library = prefix / "lib/libpython3.77.so.1.0";
  const Interpreter all = resolve(library);
  EXPECT_EQ(all.libpython, library);
  EXPECT_EQ(all.prefix, prefix);
}

// The list of experiments must come at once, so it can do with what the file says.
TEST_F(Resolve, RunsNothingForALibpythonWhenItsFileTellsEnough) {
  const auto prefix = install("opt/python");
  const auto ran = folder_.path() / "ran";
  folder_.write_script("opt/python/bin/python3.77", "touch " + ran.string());
  paths_.default_libpython = prefix / "lib/libpython3.77.so.1.0";
  for (const std::string& spec : {std::string(), paths_.default_libpython.string()}) {
    const Interpreter interpreter = resolve(spec, Facts::kFromFiles);
    EXPECT_EQ(interpreter.version, "3.77.5");
    EXPECT_EQ(interpreter.libpython, paths_.default_libpython);
    EXPECT_EQ(interpreter.executable, prefix / "bin/python3.77");
  }
  EXPECT_FALSE(std::filesystem::exists(ran));
}

TEST_F(Resolve, TakesTheDefaultForAnEmptySpec) {
  const auto prefix = install("opt/python");
  paths_.default_libpython = prefix / "lib/libpython3.77.so.1.0";
  EXPECT_EQ(resolve("").libpython, paths_.default_libpython);
  for (const char* const missing : {"", "/nonexistent/libpython3.77.so"}) {
    paths_.default_libpython = missing;
    EXPECT_TRUE(contains(error_of([&] { resolve(""); }), "--python=SPEC")) << missing;
  }
}

TEST_F(Resolve, TakesACommandOnPathAlsoAShim) {
  const auto prefix = install("opt/python");
  folder_.write_script("shims/python3", "exec " + (prefix / "bin/python3").string() + " \"$@\"");
  EXPECT_EQ(resolve("python3").executable, prefix / "bin/python3");
  expect_refusal("python9", "no such command on PATH");
}

TEST_F(Resolve, LooksUpVersionsInOrderOfPlaces) {
  std::filesystem::copy_file(FAKE_LIBPYTHON_GIL, folder_.path() / "lib/libpython3.77.so.1.0");
  EXPECT_EQ(resolve("3.77").libpython, folder_.path() / "lib/libpython3.77.so.1.0");
  const auto uv = install("uv/cpython-3.77.5-linux");
  EXPECT_EQ(resolve("3.77").executable, uv / "bin/python3");
  const auto pyenv = install("pyenv/3.77.5");
  EXPECT_EQ(resolve("3.77").executable, pyenv / "bin/python3");
  const auto usr = install("usr");
  for (const char* const spec : {"3.77", "3", "3.77.5"}) {
    EXPECT_EQ(resolve(spec).executable, usr / "bin/python3") << spec;
  }
}

TEST_F(Resolve, PrefersTheNewestOfAFolderThatCanBeRun) {
  install("pyenv/3.77.5");
  write_fake_python(folder_, "pyenv/3.77.10/bin/python3", fake_answer("3.77.10"));
  EXPECT_EQ(resolve("3.77").version, "3.77.5");
  std::filesystem::remove_all(folder_.path() / "pyenv/3.77.5/lib");
  expect_refusal("3.77", "pyenv/3.77.10/bin/python3: it is built without a shared libpython");
}

TEST_F(Resolve, NeverMixesGilAndFreeThreaded) {
  install("pyenv/3.77.5");
  const auto free_threaded = install_free_threaded("pyenv/3.78.2t");
  EXPECT_EQ(resolve("3.78t").executable, free_threaded / "bin/python3");
  EXPECT_EQ(resolve("3t").executable, free_threaded / "bin/python3");
  EXPECT_EQ(resolve("3.78.2t").executable, free_threaded / "bin/python3");
  EXPECT_EQ(resolve("3").version, "3.77.5");
  expect_refusal("3.78", "Found: 3.77.5, 3.78.2t");
  expect_refusal("3.77t", "Found: 3.77.5, 3.78.2t");
}

TEST_F(Resolve, DoesNotRunWhatCannotBeMeant) {
  const auto ran = folder_.path() / "ran";
  folder_.write_script("pyenv/3.76.0/bin/python3", "touch " + ran.string());
  folder_.write_script("pyenv/my-project/bin/python3", "touch " + ran.string());
  folder_.write_script("usr/bin/python3.76", "touch " + ran.string());
  install("pyenv/3.77.5");
  EXPECT_EQ(resolve("3.77").version, "3.77.5");
  EXPECT_FALSE(std::filesystem::exists(ran));
}

TEST_F(Resolve, TakesPython3ForVersion3BeforeTheNewest) {
  install("usr");
  const auto ran = folder_.path() / "ran";
  folder_.write_script("usr/bin/python3.99", "touch " + ran.string());
  EXPECT_EQ(resolve("3").version, "3.77.5");
  EXPECT_FALSE(std::filesystem::exists(ran));
}

TEST_F(Resolve, MeansCPythonAndNoVirtualEnvironmentByAVersion) {
  write_fake_python(folder_, "usr/bin/pypy3.77", fake_answer("3.77.1", {{"implementation", "pypy"}}));
  expect_refusal("3.77", "no such CPython");
  const auto project = install("pyenv/my-project");
  expect_refusal("3.77", "Found: 3.77.5");
  EXPECT_EQ(resolve(project / "bin/python3").version, "3.77.5");
}

TEST_F(Resolve, SaysWhatThereIsWhenAVersionIsNotFound) {
  expect_refusal("3.99", "Found: none. Name one of these or a path, or install it (uv python install 3.99)");
  install("pyenv/3.77.5");
  write_fake_python(folder_, "pyenv/2.7.18/bin/python", fake_answer("2.7.18"));
  expect_refusal("3.99", "Found: 3.77.5.");
}

TEST_F(Resolve, SaysWhyTheOneAskedForCannotBeRun) {
  write_fake_python(folder_, "pyenv/2.7.18/bin/python", fake_answer("2.7.18"));
  expect_refusal("2.7", "too old: harness needs CPython 3.9 or newer");
  write_fake_python(folder_, "pyenv/3.76.1/bin/python3", fake_answer("3.76.1"));
  expect_refusal("3.76", "built without a shared libpython");
}

TEST_F(Resolve, TakesAStaticExecutableAsAGuest) {
  write_fake_python(folder_, "pyenv/3.77.9/bin/python3",
                    fake_answer("3.77.9", {{"executable", FAKE_STATIC_PYTHON}}));
  for (const std::string spec : {"3.77", "guest:3.77"}) {
    const Interpreter interpreter = resolve(spec);
    EXPECT_TRUE(interpreter.guest) << spec;
    EXPECT_EQ(interpreter.executable, FAKE_STATIC_PYTHON) << spec;
  }
}

TEST_F(Resolve, TakesAGuestWhereThereIsALibpythonOnlyWhenAsked) {
  const auto prefix = install("usr");
  std::filesystem::copy_file(FAKE_STATIC_PYTHON, prefix / "bin/python3.77");
  write_fake_python(folder_, "usr/bin/python3",
                    fake_answer("3.77.5", {{"executable", prefix / "bin/python3.77"}, {"prefix", prefix}}));
  const Interpreter host = resolve("python3");
  EXPECT_FALSE(host.guest);
  EXPECT_EQ(code_file(host), prefix / "lib/libpython3.77.so.1.0");
  const Interpreter guest = resolve("guest:python3");
  EXPECT_TRUE(guest.guest);
  EXPECT_EQ(code_file(guest), prefix / "bin/python3.77");
}

TEST_F(Resolve, SaysWhyThereIsNoGuest) {
  const auto prefix = install("usr");
  expect_refusal("guest:python3", "harness cannot be a guest in it: its executable");
  expect_refusal("guest:" + (prefix / "lib/libpython3.77.so.1.0").string(), "no executable of it is known");
}

// An overloaded machine, for instance, on which it does not answer in time.
TEST_F(Resolve, SaysWhyTheOneAskedForDoesNotAnswer) {
  folder_.write_script("pyenv/3.76.1/bin/python3", "echo kaput >&2; exit 3");
  expect_refusal(
      "3.76", "pyenv/3.76.1/bin/python3: it does not answer as a Python does (exit code 3), it said 'kaput'");
}

TEST_F(Resolve, RefusesWhatIsNoInterpreter) {
  std::string foreign = read_text_file(FAKE_LIBPYTHON_GIL).value_or("");
  foreign[18] ^= 1;  // e_machine
  expect_refusal("./missing", "no such file");
  expect_refusal("/", "folder");
  expect_refusal(folder_.write("text", "text"), "not executable");
  expect_refusal(folder_.write("libpython3.77.so", "text"), "not an ELF shared library");
  expect_refusal(folder_.write("libpython3.78.so", foreign), "same architecture");
  expect_refusal(folder_.write_script("silent", ""), "does not answer as a Python does");
  expect_refusal(write_fake_python(folder_, "old", fake_answer("2.7.18")), "Python 2.7.18");
  expect_refusal(write_fake_python(folder_, "pypy", fake_answer("3.10.1", {{"implementation", "pypy"}})),
                 "not CPython");
}

}  // namespace
}  // namespace harness
