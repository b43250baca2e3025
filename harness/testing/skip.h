// harness/testing/skip.h: tests that need what a machine may lack.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace harness {

/// Skips the test that calls it, for the reason `why`; the caller returns at once. Where the environment
/// variable HARNESS_TEST_REQUIRE, a list separated by ',', has the word `need`, the test fails instead.
inline void skip_for_want_of(const std::string& need, const std::string& why) {
  const char* const listed = std::getenv("HARNESS_TEST_REQUIRE");
  const std::string required = "," + std::string(listed == nullptr ? "" : listed) + ",";
  if (required.find("," + need + ",") != std::string::npos) {
    FAIL() << why << ", and HARNESS_TEST_REQUIRE has " << need;
  }
  GTEST_SKIP() << why;
}

/// Among the words: a CPython that harness can run, besides the default one's libpython.
inline constexpr const char* kAPython = "python";
/// Likewise: that the default CPython has a GIL.
inline constexpr const char* kAGil = "gil";
/// Likewise: a CPython whose subinterpreters may have a GIL of their own, 3.12 or later with a GIL.
inline constexpr const char* kOwnGil = "own-gil";
/// Likewise: a free-threaded CPython, 3.13 or later.
inline constexpr const char* kFreeThreaded = "free-threaded";
/// Likewise: an OpenCL device for OpenCV, which PoCL makes of the CPU.
inline constexpr const char* kOpenclDevice = "opencl";
/// Likewise: an NVIDIA GPU, and a build with CUDA kernels.
inline constexpr const char* kCudaDevice = "cuda";
/// Likewise: that a process may trace another and stop it at its system calls.
inline constexpr const char* kPtrace = "ptrace";
/// Likewise: that a pseudo-terminal can be made.
inline constexpr const char* kTerminal = "terminal";
/// Likewise: numpy for the default CPython, and for a python3.
inline constexpr const char* kNumpy = "numpy";
/// Likewise: Cython for the default CPython, with Python's headers and a C compiler.
inline constexpr const char* kCython = "cython";
/// Likewise: a CPython that makes virtual environments.
inline constexpr const char* kVenv = "venv";
/// Likewise: git.
inline constexpr const char* kGit = "git";
/// Likewise: nm, of Debian's binutils.
inline constexpr const char* kNm = "nm";

}  // namespace harness
