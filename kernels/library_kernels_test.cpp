// kernels/library_kernels_test.cpp: a module that is missing, or is another one than it should be.
#include "kernels/library_kernels.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>

#include "harness/testing/assertions.h"
#include "kernels/load_module.h"

namespace kernels {
namespace {

TEST(LibraryKernels, AreLoadedFromWhereTheyAreAndNowhereElse) {
  const auto error = [] { return harness::error_of<std::runtime_error>([] { simd_target(); }); };
  use_library_kernels("/nowhere/harness_kernels.so");
  EXPECT_TRUE(error().starts_with("cannot load the kernels: /nowhere/harness_kernels.so: ")) << error();
  use_library_kernels(HARNESS_EXAMPLE_KERNEL);
  EXPECT_EQ(error(), HARNESS_EXAMPLE_KERNEL " has not the kernels of this program; build it anew");
  use_library_kernels(HARNESS_KERNELS_MODULE);
  EXPECT_EQ(error(), "");
  EXPECT_NE(opencv_version(), "");
}

TEST(LoadModule, LeavesTheUsersEnvironmentAsItWas) {
  constexpr const char* kTimeout = "OPENBLAS_THREAD_TIMEOUT";
  ASSERT_EQ(unsetenv(kTimeout), 0);
  EXPECT_NE(load_module(HARNESS_EXAMPLE_KERNEL), nullptr);
  EXPECT_EQ(std::getenv(kTimeout), nullptr) << "a script's own OpenBLAS waits as it does anywhere";
  ASSERT_EQ(setenv(kTimeout, "20", 1), 0);
  EXPECT_NE(load_module(HARNESS_EXAMPLE_KERNEL), nullptr);
  EXPECT_STREQ(std::getenv(kTimeout), "20");
}

}  // namespace
}  // namespace kernels
