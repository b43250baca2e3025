// harness/interpreter/probe_test.cpp: what executables answer, and those that do not.
#include "harness/interpreter/probe.h"

#include <gtest/gtest.h>

#include "harness/interpreter/fake_python.h"
#include "harness/interpreter/libpython.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

void expect_unusable(const std::filesystem::path& executable, const std::string& reason) {
  const Interpreter interpreter = probe_executable(executable);
  EXPECT_NE(interpreter.unusable.find(reason), std::string::npos) << interpreter.unusable;
  EXPECT_EQ(interpreter.executable, executable);
}

TEST(Probe, ReadsTheFactsAndFindsTheLibpython) {
  const TestFolder folder;
  const auto prefix = write_fake_installation(folder, "python", "3.77.5", FAKE_LIBPYTHON_GIL,
                                              {{"compiler", "GCC 1"},
                                               {"cflags", "-O3"},
                                               {"config_args", "--x"},
                                               {"platform", "p"},
                                               {"machine", "m"}});
  const Interpreter interpreter = probe_executable(prefix / "bin/python3");
  EXPECT_EQ(interpreter.unusable, "");
  EXPECT_EQ(interpreter.version, "3.77.5");
  EXPECT_EQ(interpreter.major, 3);
  EXPECT_EQ(interpreter.minor, 77);
  EXPECT_FALSE(interpreter.free_threaded);
  EXPECT_FALSE(interpreter.debug);
  EXPECT_EQ(interpreter.libpython, prefix / "lib/libpython3.77.so.1.0");
  EXPECT_EQ(interpreter.executable, prefix / "bin/python3");
  EXPECT_EQ(interpreter.prefix, prefix);
  EXPECT_EQ(interpreter.compiler, "GCC 1");
  EXPECT_EQ(interpreter.cflags, "-O3");
  EXPECT_EQ(interpreter.config_args, "--x");
  EXPECT_EQ(interpreter.platform, "p");
  EXPECT_EQ(interpreter.machine, "m");
  EXPECT_EQ(interpreter.sys_path, std::vector<std::string>{"/some/folder"});
}

TEST(Probe, KnowsFreeThreadedAndDebugBuilds) {
  const TestFolder folder;
  const auto prefix = write_fake_installation(folder, "python", "3.78.2", FAKE_LIBPYTHON_FREE_THREADED,
                                              {{"free_threaded", "1"}, {"debug", "1"}});
  const Interpreter interpreter = probe_executable(prefix / "bin/python3");
  EXPECT_EQ(interpreter.unusable, "");
  EXPECT_TRUE(interpreter.free_threaded);
  EXPECT_TRUE(interpreter.debug);
}

TEST(Probe, LooksWhereTheInterpreterSaysThatItsLibrariesAre) {
  const TestFolder folder;
  const auto library = folder.path() / "elsewhere/some-name.so.1.0";
  std::filesystem::create_directory(library.parent_path());
  std::filesystem::copy_file(FAKE_LIBPYTHON_GIL, library);
  const auto answer = parse_answer(
      fake_answer("3.77.5", {{"library_folder", library.parent_path()}, {"soname", library.filename()}}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->libpython, library);
}

// A virtual environment's executable is what finds its pyvenv.cfg; the libpython is its base's.
TEST(Probe, KeepsTheExecutableOfAVirtualEnvironment) {
  const TestFolder folder;
  const auto base = write_fake_installation(folder, "base", "3.77.5", FAKE_LIBPYTHON_GIL);
  const auto executable = folder.path() / "venv/bin/python";
  write_fake_python(
      folder, "venv/bin/python",
      fake_answer("3.77.5",
                  {{"executable", executable}, {"prefix", folder.path() / "venv"}, {"base_prefix", base}}));
  const Interpreter interpreter = probe_executable(executable);
  EXPECT_EQ(interpreter.unusable, "");
  EXPECT_EQ(interpreter.executable, executable);
  EXPECT_EQ(interpreter.prefix, folder.path() / "venv");
  EXPECT_EQ(interpreter.base_prefix, base);
  EXPECT_EQ(interpreter.libpython, base / "lib/libpython3.77.so.1.0");
}

TEST(Probe, TakesWhatAScriptSaysOfTheExecutableBehindIt) {
  const TestFolder folder;
  const auto shim =
      write_fake_python(folder, "shims/python3", fake_answer("3.8.1", {{"executable", "/real/python3"}}));
  EXPECT_EQ(probe_executable(shim).executable, "/real/python3");
}

TEST(Probe, ReadsTheAnswerAmongOtherText) {
  const std::string answer = fake_answer("3.8.1");
  for (const std::string& output :
       {answer, "Welcome!\n" + answer + "\nBye", std::string(kProbeBegin) + "\n" + answer}) {
    const auto interpreter = parse_answer(output);
    ASSERT_TRUE(interpreter) << output;
    EXPECT_EQ(interpreter->version, "3.8.1");
  }
}

TEST(Probe, TakesNothingElseForAnAnswer) {
  const std::string answer = fake_answer("3.8.1");
  const std::string begin(kProbeBegin);
  const std::string end(kProbeEnd);
  for (const std::string& output :
       {std::string(), std::string("Python 2.7"), begin, begin + end, begin + "{" + end, begin + "{}" + end,
        begin + "[1]" + end, begin + R"({"version": 3})" + end, answer.substr(0, answer.size() - 1)}) {
    EXPECT_FALSE(parse_answer(output)) << output;
  }
}

TEST(Probe, SaysWhatAnOldOrOtherPythonIs) {
  const TestFolder folder;
  const auto says = [&](const std::string& answer) {
    return probe_executable(write_fake_python(folder, "python", answer)).unusable;
  };
  EXPECT_NE(says(fake_answer("2.7.18")).find("Python 2.7.18, which is too old"), std::string::npos);
  EXPECT_NE(says(fake_answer("3.8.18")).find("Python 3.8.18, which is too old"), std::string::npos);
  EXPECT_NE(says(fake_answer("3.10.14", {{"implementation", "pypy"}})).find("pypy 3.10.14, not CPython"),
            std::string::npos);
}

TEST(Probe, SaysHowToGetALibpython) {
  const auto says = [](std::map<std::string, std::string> facts) {
    return parse_answer(fake_answer("3.77.5", std::move(facts)))->unusable;
  };
  const std::string built_without = says({{"base_prefix", "/opt/python"}});
  EXPECT_NE(built_without.find("without a shared libpython, and harness cannot be a guest in it: "),
            std::string::npos)
      << built_without;
  EXPECT_NE(built_without.find(": rebuild it with ./configure --enable-shared"), std::string::npos)
      << built_without;
  EXPECT_NE(built_without.find("uv python install 3.77"), std::string::npos) << built_without;
  const std::string not_installed = says({{"base_prefix", "/usr"}, {"shared", "1"}});
  EXPECT_NE(not_installed.find("(libpython3.77.so.1.0) is not found, and"), std::string::npos)
      << not_installed;
  EXPECT_NE(not_installed.find("apt install libpython3.77"), std::string::npos) << not_installed;
  const std::string pyenv = says({{"base_prefix", "/home/me/.pyenv/versions/3.77.5"}});
  EXPECT_NE(pyenv.find("PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force 3.77.5"),
            std::string::npos)
      << pyenv;
}

TEST(Probe, RefusesWhatIsNoExecutable) {
  const TestFolder folder;
  expect_unusable(folder.path() / "missing", "no such file");
  expect_unusable(folder.path(), "folder");
  expect_unusable("/dev/null", "not a regular file");
  const auto text = folder.write("text", "hello");
  expect_unusable(text, "not executable");
  std::filesystem::permissions(text, std::filesystem::perms(0755));
  expect_unusable(text, "neither a program nor a script");
  const auto script = folder.write("script", "#!/nonexistent/python\n");
  std::filesystem::permissions(script, std::filesystem::perms(0755));
  expect_unusable(script, "#!");
}

TEST(Probe, RefusesAnotherArchitectureWithoutRunningIt) {
  const TestFolder folder;
  std::string program = read_text_file("/bin/true").value_or("");
  ASSERT_GT(program.size(), 20U);
  program[18] ^= 1;  // e_machine
  const auto file = folder.write("python3", program);
  std::filesystem::permissions(file, std::filesystem::perms(0755));
  expect_unusable(file, "same architecture");
}

TEST(Probe, SaysHowAnExecutableFailedToAnswer) {
  const TestFolder folder;
  expect_unusable(folder.write_script("silent", "exit 0"),
                  "does not answer as a Python does (exit code 0): name");
  expect_unusable(folder.write_script("garbage", "echo garbage; exit 3"), "(exit code 3)");
  expect_unusable(folder.write_script("complains", "echo 'no such command' >&2; echo more >&2; exit 127"),
                  "'no such command'");
  expect_unusable(folder.write_script("raises", "echo 'Traceback (most' >&2; echo 'OSError: x' >&2; exit 1"),
                  "'OSError: x'");
  expect_unusable(folder.write_script("crashes", "kill -SEGV $$"), "signal 11");
}

TEST(Probe, DoesNotWaitForeverForAnAnswer) {
  const TestFolder folder;
  const Interpreter hanging = probe_executable(folder.write_script("hangs", "sleep 60"), 100ms);
  EXPECT_NE(hanging.unusable.find("did not answer within 100 ms"), std::string::npos) << hanging.unusable;
}

TEST(Probe, OfALibpythonAsksTheExecutableBesideIt) {
  const TestFolder folder;
  const auto prefix = write_fake_installation(folder, "python", "3.77.5", FAKE_LIBPYTHON_GIL);
  std::filesystem::rename(prefix / "bin/python3", prefix / "bin/python3.77");
  // As Debian has it, in a folder of the architecture's.
  std::filesystem::create_directory(prefix / "lib/x86_64-linux-gnu");
  const auto library = prefix / "lib/x86_64-linux-gnu/libpython3.77.so.1.0";
  std::filesystem::rename(prefix / "lib/libpython3.77.so.1.0", library);
  const Interpreter interpreter = probe_libpython(library);
  EXPECT_EQ(interpreter.unusable, "");
  EXPECT_EQ(interpreter.libpython, library);
  EXPECT_EQ(interpreter.prefix, prefix);
  EXPECT_EQ(interpreter.executable, prefix / "bin/python3");  // as it says of itself
  EXPECT_EQ(executable_beside(identify_libpython(library)), prefix / "bin/python3.77");
}

TEST(Probe, OfALibpythonDoesNotBelieveAnotherVersionsExecutable) {
  const TestFolder folder;
  const auto prefix = write_fake_installation(folder, "python", "3.77.4", FAKE_LIBPYTHON_GIL);
  std::filesystem::rename(prefix / "bin/python3", prefix / "bin/python3.77");
  const Interpreter interpreter = probe_libpython(prefix / "lib/libpython3.77.so.1.0");
  EXPECT_EQ(interpreter.unusable, "");
  EXPECT_EQ(interpreter.version, "3.77.5");
  EXPECT_EQ(interpreter.executable, "");
}

TEST(Probe, OfALibpythonNeedsNoExecutable) {
  const Interpreter interpreter = probe_libpython(FAKE_LIBPYTHON_GIL);
  EXPECT_EQ(interpreter.unusable, "");
  EXPECT_EQ(interpreter.version, "3.77.5");
  EXPECT_EQ(interpreter.libpython, FAKE_LIBPYTHON_GIL);
}

}  // namespace
}  // namespace harness
