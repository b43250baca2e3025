// kernels/grayscale_test.cpp: a wrong coefficient, rounding, stride, tail or split, or a stray write, would
// show here.
#include "kernels/grayscale.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "kernels/cpu_level.h"
#include "kernels/simd_target.h"
#include "kernels/slice.h"
#include "kernels/test_image.h"
#include "kernels/test_threads.h"

namespace kernels::grayscale_test {
namespace {

struct Kernel {
  std::string name;
  std::string simd_target;  // forced while it runs; empty: the best
  std::function<void(const BgrView&, const GrayView&, int threads)> run;

  friend void PrintTo(const Kernel& kernel, std::ostream* out) { *out << kernel.name; }
};

/// Every kernel, those with more than one form in each form that this CPU can run.
std::vector<Kernel> every_kernel() {
  std::vector<Kernel> kernels{{"native", "", grayscale_native},
                              {"openmp", "", grayscale_openmp},
                              {"opencv", "", grayscale_opencv},
                              {"simd", "", grayscale_simd},
                              {"openmp_simd", "", grayscale_openmp_simd}};
  for (const CpuLevel level : {CpuLevel::baseline, CpuLevel::x86_64_v3, CpuLevel::x86_64_v4}) {
    if (level > cpu_level()) break;
    kernels.push_back({"native_level" + std::to_string(static_cast<int>(level)), "",
                       [level](const BgrView& source, const GrayView& gray, int) {
                         grayscale_native_at(level, source, gray);
                       }});
  }
  for (const std::string& target : simd_targets()) {
    for (const auto& [name, kind] :
         {std::pair{"ordinary", Stores::ordinary}, {"streaming", Stores::streaming}}) {
      kernels.push_back({std::string("openmp_simd_") + target + "_" + name, target,
                         [stores = kind](const BgrView& source, const GrayView& gray, int threads) {
                           grayscale_openmp_simd_with(source, gray, threads, stores);
                         }});
    }
  }
  return kernels;
}

class Grayscale : public testing::TestWithParam<Kernel> {
 protected:
  void SetUp() override { force_simd_target(GetParam().simd_target); }
  void TearDown() override { force_simd_target(""); }

  /// Whether the kernel turns `image` into what cv::cvtColor makes of it, and writes nothing else.
  static testing::AssertionResult agrees_with_opencv(TestImage& image, int threads) {
    GetParam().run(image.source(), image.gray(), threads);
    return holds_opencvs_gray(image);
  }

  static testing::AssertionResult holds_opencvs_gray(TestImage& image) {
    const BgrView source = image.source();
    const GrayView gray = image.gray();
    cv::Mat expected;
    cv::cvtColor(cv::Mat(static_cast<int>(source.height), static_cast<int>(source.width), CV_8UC3,
                         const_cast<std::uint8_t*>(source.data), static_cast<std::size_t>(source.stride)),
                 expected, cv::COLOR_BGR2GRAY);
    for (std::int64_t y = 0; y < gray.height; ++y) {
      for (std::int64_t x = 0; x < gray.width; ++x) {
        const int got = gray.data[y * gray.stride + x];
        const int wanted = expected.at<std::uint8_t>(static_cast<int>(y), static_cast<int>(x));
        if (got != wanted) {
          return testing::AssertionFailure() << "pixel " << x << "," << y << " of " << gray.width << "x"
                                             << gray.height << " is " << got << ", OpenCV's is " << wanted;
        }
      }
    }
    if (!image.gaps_are_untouched()) return testing::AssertionFailure() << "wrote outside the pixels";
    return testing::AssertionSuccess();
  }
};

INSTANTIATE_TEST_SUITE_P(, Grayscale, testing::ValuesIn(every_kernel()),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(Grayscale, AgreesWithOpencvOnAnyShapeLayoutAndNumberOfThreads) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, {1, 70}, {70, 1}, {2, 3}, {63, 65}, {129, 7}, {257, 33}, {1280, 3}, {3, 1280}}) {
    for (const Layout layout :
         {Layout{}, Layout{.offset = 1}, Layout{.gap = 1}, Layout{.offset = 7, .gap = 67}}) {
      for (int threads = 1; threads <= 8; ++threads) {
        TestImage image(width, height, layout, Guard::after);
        ASSERT_TRUE(agrees_with_opencv(image, threads))
            << threads << " threads, offset " << layout.offset << ", gap " << layout.gap;
      }
    }
  }
}

TEST_P(Grayscale, AgreesWithOpencvOnEveryWidthUpTo300) {
  for (int width = 1; width <= 300; ++width) {
    for (const Layout layout : {Layout{}, Layout{.offset = 3, .gap = 5}}) {
      TestImage image(width, 3, layout, Guard::after);
      ASSERT_TRUE(agrees_with_opencv(image, 1)) << "offset " << layout.offset << ", gap " << layout.gap;
    }
  }
}

TEST_P(Grayscale, AgreesWithOpencvOnEveryColour) {
  constexpr int kSide = 4096;
  constexpr std::int64_t kColours = std::int64_t{kSide} * kSide;
  cv::Mat source(kSide, kSide, CV_8UC3);
  for (std::int64_t colour = 0; colour < kColours; ++colour) {
    source.data[3 * colour] = static_cast<std::uint8_t>(colour);
    source.data[3 * colour + 1] = static_cast<std::uint8_t>(colour >> 8);
    source.data[3 * colour + 2] = static_cast<std::uint8_t>(colour >> 16);
  }
  cv::Mat expected;
  cv::cvtColor(source, expected, cv::COLOR_BGR2GRAY);
  cv::Mat gray(kSide, kSide, CV_8UC1, cv::Scalar(0));
  GetParam().run({source.data, kSide, kSide, std::int64_t{3} * kSide}, {gray.data, kSide, kSide, kSide}, 2);
  EXPECT_EQ(cv::norm(gray, expected, cv::NORM_INF), 0);
}

// Guard::after is what every other test has; this is the other end of the memory.
TEST_P(Grayscale, TouchesNothingBeforeTheImage) {
  for (int width = 1; width <= 130; ++width) {
    TestImage image(width, 2, {}, Guard::before);
    ASSERT_TRUE(agrees_with_opencv(image, 3));
  }
}

// As a team splits it: contiguous pixels as images of one row.
TEST_P(Grayscale, IsTheSameForAnySplit) {
  constexpr std::int64_t kWidth = 37;
  constexpr std::int64_t kHeight = 29;
  for (const int slices : {1, 2, 3, 8, 64}) {
    TestImage image(kWidth, kHeight, {}, Guard::after);
    for (int slice = 0; slice < slices; ++slice) {
      const std::int64_t begin = slice_begin(kWidth * kHeight, slice, slices);
      const std::int64_t length = slice_begin(kWidth * kHeight, slice + 1, slices) - begin;
      GetParam().run({image.source().data + 3 * begin, length, 1, 3 * length},
                     {image.gray().data + begin, length, 1, length}, 1);
    }
    EXPECT_TRUE(holds_opencvs_gray(image)) << slices << " slices";
  }
}

// First with memory that is not to change, then without any, where each access ends the process.
TEST_P(Grayscale, WritesNothingForAnImageWithoutPixels) {
  for (const std::int64_t bytes : {64, 0}) {
    GuardedBuffer source(bytes, Guard::after), gray(bytes, Guard::after);
    GetParam().run({source.data(), 0, 5, 0}, {gray.data(), 0, 5, 0}, 2);
    GetParam().run({source.data(), 5, 0, 15}, {gray.data(), 5, 0, 5}, 2);
    for (const std::uint8_t byte : gray.bytes()) EXPECT_EQ(byte, GuardedBuffer::kCanary);
  }
}

// As --pin does for a row on one thread, before those on more.
TEST(OpencvPool, HasThreadsThoughTheMainThreadIsBoundToOneCpuLater) {
  opencv_pool_threads();
  const BoundToOneCpu bound;
  if (!bound.had_more()) GTEST_SKIP() << "there is one CPU";
  TestImage image(1920, 1080, {}, Guard::after);
  const std::ptrdiff_t before = threads_of_this_process();
  grayscale_opencv(image.source(), image.gray(), 2);
  EXPECT_GT(threads_of_this_process(), before);
}

}  // namespace
}  // namespace kernels::grayscale_test
