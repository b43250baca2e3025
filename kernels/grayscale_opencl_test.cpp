// kernels/grayscale_opencl_test.cpp: OpenCL code that differs from the CPU's in a pixel, or that never ran.
#include "kernels/grayscale_opencl.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <opencv2/core/ocl.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/testing/skip.h"
#include "kernels/grayscale.h"
#include "kernels/test_image.h"

namespace kernels {
namespace {

/// What an image's gray pixels are, row by row without gaps.
std::vector<std::uint8_t> pixels_of(const GrayView& gray) {
  std::vector<std::uint8_t> pixels;
  for (std::int64_t y = 0; y < gray.height; ++y) {
    pixels.insert(pixels.end(), gray.data + y * gray.stride, gray.data + y * gray.stride + gray.width);
  }
  return pixels;
}

class GrayscaleOpenclTest : public testing::Test {
 protected:
  void SetUp() override {
    // OpenCV reads it when it is first asked. What the user has set stands.
    setenv("OPENCV_OPENCL_DEVICE", ":CPU:", 0);
    const OpenclDevices devices = opencl_devices();
    if (devices.taken.empty()) {
      harness::skip_for_want_of(
          harness::kOpenclDevice,
          "OpenCV has no OpenCL device; ocl-icd-libopencl1 and pocl-opencl-icd make one");
    }
  }
  void TearDown() override { cv::ocl::setUseOpenCL(true); }
};

TEST_F(GrayscaleOpenclTest, NamesTheDeviceAndItsDriver) {
  const std::string taken = opencl_devices().taken;
  EXPECT_NE(taken.find(" ("), std::string::npos) << taken;
  EXPECT_NE(taken.find(", driver "), std::string::npos) << taken;
  EXPECT_TRUE(opencl_devices().opencv_has_opencl);
}

TEST_F(GrayscaleOpenclTest, IsTheSameAsOnTheCpuForAnySizeAndStride) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, {1, 7}, {7, 1}, {17, 5}, {333, 31}, {640, 48}, {1021, 3}}) {
    for (const Layout layout : {Layout{}, Layout{.offset = 1, .gap = 5}}) {
      TestImage image(width, height, layout, Guard::after);
      TestImage expected(width, height, layout, Guard::after);
      grayscale_native(expected.source(), expected.gray(), 1);
      const auto on_device = grayscale_opencl(image.source(), image.gray());
      on_device->upload_source();
      on_device->convert();
      on_device->download_gray();
      EXPECT_EQ(pixels_of(image.gray()), pixels_of(expected.gray())) << width << "x" << height;
      EXPECT_TRUE(image.gaps_are_untouched()) << width << "x" << height;
    }
  }
}

TEST_F(GrayscaleOpenclTest, ConvertsWhatTheDeviceHasAndNotTheHost) {
  TestImage image(64, 3, {}, Guard::after);
  const auto on_device = grayscale_opencl(image.source(), image.gray());
  on_device->convert();
  on_device->download_gray();
  EXPECT_EQ(pixels_of(image.gray()), std::vector<std::uint8_t>(64 * 3, 0)) << "nothing was uploaded";
}

TEST_F(GrayscaleOpenclTest, LeavesGrayPixelsOnTheDeviceAsTheyWereUploadedUntilItConverts) {
  TestImage image(64, 3, {}, Guard::after);
  const std::vector<std::uint8_t> before = pixels_of(image.gray());
  const auto on_device = grayscale_opencl(image.source(), image.gray());
  on_device->upload_gray();
  std::fill_n(image.gray().data, 64 * 3, std::uint8_t{1});
  on_device->download_gray();
  EXPECT_EQ(pixels_of(image.gray()), before);
}

// cv::cvtColor says nothing where it does not take OpenCL.
TEST_F(GrayscaleOpenclTest, NoticesThatOpencvConvertedOnTheCpu) {
  TestImage image(64, 3, {}, Guard::after);
  const auto on_device = grayscale_opencl(image.source(), image.gray());
  on_device->convert();
  cv::ocl::setUseOpenCL(false);
  EXPECT_THROW(on_device->convert(), std::runtime_error);
  cv::ocl::setUseOpenCL(true);
  on_device->convert();
}

TEST_F(GrayscaleOpenclTest, TakesNoHostMemoryForTheDevices) {
  TestImage image(64, 3, {}, Guard::after);
  cv::ocl::setUseOpenCL(false);
  EXPECT_THROW(grayscale_opencl(image.source(), image.gray()), std::runtime_error);
}

}  // namespace
}  // namespace kernels
