// harness/image/jpeg_test.cpp: a file that is cut off, and a marker that is none, in a thumbnail or in data.
#include "harness/image/jpeg.h"

#include <gtest/gtest.h>

#include "harness/image/test_files.h"

namespace harness {
namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool complete(const std::string& file) {
  return jpeg_is_complete(bytes_of(file));
}

TEST(IsJpeg, AsksForAStartAndAMarker) {
  EXPECT_TRUE(is_jpeg(bytes_of(jpeg_without_end())));
  EXPECT_FALSE(is_jpeg(bytes_of("")));
  EXPECT_FALSE(is_jpeg(bytes_of(kJpegStart)));
  EXPECT_FALSE(is_jpeg(bytes_of(kJpegStart + "text")));
  EXPECT_FALSE(is_jpeg(bytes_of(png_file(1, 1, 8, PngColor::gray, "x"))));
}

TEST(JpegIsComplete, WithItsEnd) {
  EXPECT_TRUE(complete(jpeg_without_end() + kJpegEnd));
  EXPECT_TRUE(complete(jpeg_without_end() + kJpegEnd + "what a camera appends"));
}

TEST(JpegIsComplete, NotWhereverItIsCutOff) {
  const std::string file = jpeg_without_end() + kJpegEnd;
  for (std::size_t size = 0; size < file.size(); ++size) EXPECT_FALSE(complete(file.substr(0, size))) << size;
}

TEST(JpegIsComplete, NotByTheEndOfAThumbnail) {
  const std::string thumbnail = jpeg_segment(0xe1, "Exif" + jpeg_without_end() + kJpegEnd);
  EXPECT_FALSE(complete(kJpegStart + thumbnail));
  EXPECT_TRUE(complete(kJpegStart + thumbnail + kJpegEnd));
}

TEST(JpegIsComplete, AfterStuffedBytesRestartMarkersAndFillBytes) {
  const std::string data("\xff\0\xd9\xff\xd0\xd9\xff\xd7\xff\xff", 10);
  EXPECT_FALSE(complete(jpeg_without_end() + data));
  EXPECT_TRUE(complete(jpeg_without_end() + data + kJpegEnd));
}

TEST(JpegIsComplete, NotWhereASegmentReachesBeyondTheFile) {
  EXPECT_FALSE(complete(kJpegStart + "\xff\xe1\xff\xff" + kJpegEnd));
}

}  // namespace
}  // namespace harness
