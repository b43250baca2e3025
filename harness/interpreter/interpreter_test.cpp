// harness/interpreter/interpreter_test.cpp: interpreters in words.
#include "harness/interpreter/interpreter.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

Interpreter cpython(int major, int minor) {
  Interpreter interpreter;
  interpreter.implementation = "cpython";
  interpreter.version = std::to_string(major) + "." + std::to_string(minor) + ".4";
  interpreter.major = major;
  interpreter.minor = minor;
  return interpreter;
}

TEST(Interpreter, IsSupportedFromTheOldestVersionOn) {
  EXPECT_EQ(why_unsupported(cpython(3, 9)), "");
  EXPECT_EQ(why_unsupported(cpython(3, 14)), "");
  EXPECT_EQ(why_unsupported(cpython(4, 0)), "");
  EXPECT_EQ(why_unsupported(cpython(3, 8)),
            "it is Python 3.8.4, which is too old: harness needs CPython 3.9 or newer");
  EXPECT_NE(why_unsupported(cpython(2, 12)), "");
}

TEST(Interpreter, IsSupportedWhenItIsCPythonOnly) {
  Interpreter pypy = cpython(3, 10);
  pypy.implementation = "pypy";
  EXPECT_EQ(why_unsupported(pypy), "it is pypy 3.10.4, not CPython: harness needs CPython 3.9 or newer");
}

TEST(Interpreter, IsDescribedInOneLine) {
  Interpreter interpreter = cpython(3, 13);
  interpreter.executable = "/opt/bin/python3";
  interpreter.libpython = "/opt/lib/libpython3.13.so.1.0";
  EXPECT_EQ(describe(interpreter), "Python 3.13.4, GIL, /opt/lib/libpython3.13.so.1.0, /opt/bin/python3");
  EXPECT_EQ(version_name(interpreter), "3.13.4");
  interpreter.free_threaded = true;
  interpreter.debug = true;
  interpreter.executable.clear();
  EXPECT_EQ(describe(interpreter),
            "Python 3.13.4, free-threaded, debug build, /opt/lib/libpython3.13.so.1.0");
  EXPECT_EQ(version_name(interpreter), "3.13.4t");
}

TEST(Interpreter, IsDescribedWithWhatIsWrong) {
  Interpreter interpreter;
  interpreter.executable = "/bin/python";
  interpreter.unusable = "it does not answer";
  EXPECT_FALSE(interpreter.usable());
  EXPECT_EQ(describe(interpreter), "Python ?, /bin/python; not usable: it does not answer");
}

}  // namespace
}  // namespace harness
