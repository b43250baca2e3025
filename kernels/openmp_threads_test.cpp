// kernels/openmp_threads_test.cpp: a thread of OpenMP's that is left out, or is another one the next time.
#include "kernels/openmp_threads.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace kernels {
namespace {

constexpr int kThreads = 3;

std::vector<pid_t> ids_of_threads() {
  std::vector<pid_t> ids(kThreads, 0);
  std::atomic<int> calls{0};
  for_each_openmp_thread(kThreads, [&](int number) {
    ids.at(static_cast<std::size_t>(number)) = gettid();
    ++calls;
  });
  EXPECT_EQ(calls, kThreads);
  return ids;
}

TEST(OpenmpThreads, AreEachAskedOnceAndAreTheSameInTheNextRegion) {
  const std::vector<pid_t> ids = ids_of_threads();
  EXPECT_EQ(ids[0], gettid());
  EXPECT_NE(ids[1], 0);
  EXPECT_NE(ids[2], 0);
  EXPECT_NE(ids[1], ids[2]);
  EXPECT_EQ(ids_of_threads(), ids);
  std::vector<pid_t> in_region(kThreads, 0);
#pragma omp parallel for num_threads(kThreads) schedule(static)
  for (int slice = 0; slice < kThreads; ++slice) in_region[static_cast<std::size_t>(slice)] = gettid();
  EXPECT_EQ(in_region, ids);
}

TEST(OpenmpThreads, PassOnAnError) {
  const auto fail = [](int number) {
    if (number == 1) throw std::runtime_error("number 1");
  };
  EXPECT_THROW(for_each_openmp_thread(kThreads, fail), std::runtime_error);
}

}  // namespace
}  // namespace kernels
