// harness/testing/python_cases.h: tests that need an interpreter, and so a process, of their own.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/interpreter/interpreter.h"

namespace harness {

/// What is to hold of a CPython that this process has not loaded yet. GoogleTest's assertions tell what does
/// not, and its GTEST_SKIP() that the case has no meaning there.
struct PythonCase {
  std::string name;
  std::function<void(const Interpreter&)> run;
  std::string required = {};  ///< the word of HARNESS_TEST_REQUIRE by which it must have one on some CPython
};

/// What a program of cases may add.
struct PythonCaseOptions {
  /// What a case's process has in its environment besides this process's.
  std::function<std::map<std::string, std::optional<std::string>>(const Interpreter&)> environment = {};
  /// Cases that are run one at a time by a person, and no tests.
  std::vector<PythonCase> by_hand = {};
};

/// The main() of a program of such cases. They are GoogleTest's tests of `suite`, with its flags, and each
/// runs on all of hosted_pythons(). One test more is skipped where none of these is free-threaded, or fails
/// where HARNESS_TEST_REQUIRE says so.
///
/// PROGRAM CASE LIBPYTHON [EXECUTABLE] runs one case in this very process, on any CPython; EXECUTABLE is the
/// one that belongs to the libpython. Exit 0 where it holds, 1 where it does not, 77 where it was skipped.
int run_python_cases(int argc, char** argv, const std::string& suite, const std::vector<PythonCase>& cases,
                     const PythonCaseOptions& options = {});

}  // namespace harness
