// kernels/library_kernels_test.cpp: a module that is missing, or is another one than it should be.
#include "kernels/library_kernels.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "harness/testing/assertions.h"

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

}  // namespace
}  // namespace kernels
