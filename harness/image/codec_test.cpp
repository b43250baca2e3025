// harness/image/codec_test.cpp: a damaged file that is taken for an image, a conversion that is not reported.
#include "harness/image/codec.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/error.h"
#include "harness/image/test_files.h"
#include "harness/system/test_folder.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

using Bytes = PixelBytes;

// The same for every test: the limit is set once a process.
constexpr std::int64_t kMaxPixels = 1'000'000;

class CodecTest : public testing::Test {
 protected:
  Image read(const std::string& contents) { return codec_.read(folder_.write("image", contents)); }

  std::string refusal_of(const std::filesystem::path& file) {
    return error_of([&] { codec_.read(file); });
  }

  void expect_refused(const std::string& contents, const std::string& why) {
    const std::filesystem::path file = folder_.write("image", contents);
    EXPECT_EQ(refusal_of(file), "--image=" + file.string() + ": " + why);
  }

  const TestFolder folder_;
  Codec codec_{HARNESS_CODEC, kMaxPixels};
};

constexpr const char* kUnreadable = "is not an image that OpenCV can read, or it is damaged or truncated";
constexpr const char* kTooLarge = "is too large for this machine's free memory; name a smaller image";

TEST_F(CodecTest, ReadsThreeChannelsOf8BitsAsTheyAre) {
  const Image image = read(png_file(2, 2, 8, PngColor::rgb, "RGBrgb123456"));
  EXPECT_EQ(image.size, (ImageSize{2, 2}));
  EXPECT_EQ(image.bgr, (Bytes{'B', 'G', 'R', 'b', 'g', 'r', '3', '2', '1', '6', '5', '4'}));
  EXPECT_EQ(image.conversion, "");
}

TEST_F(CodecTest, SaysWhichFileItWas) {
  const std::filesystem::path file = folder_.write("photo.ppm", "P6 1 1 255\nRGB");
  const Image image = codec_.read(file);
  EXPECT_EQ(image.name, file.string());
  EXPECT_EQ(image.sha256, "fec8b8b3fd0d27802ade10fededd64229b28a4d2ce507c6c7ce0c096796df920");
}

TEST_F(CodecTest, RepeatsOneChannelInAllThree) {
  const Image image = read(png_file(3, 1, 8, PngColor::gray, "abc"));
  EXPECT_EQ(image.bgr, (Bytes{'a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c'}));
  EXPECT_EQ(image.conversion, "1 channel repeated in all 3");
}

TEST_F(CodecTest, DropsAlphaWithoutBlending) {
  const Image image = read(png_file(2, 1, 8, PngColor::rgba, std::string("RGB\0rgb\xff", 8)));
  EXPECT_EQ(image.bgr, (Bytes{'B', 'G', 'R', 'b', 'g', 'r'}));
  EXPECT_EQ(image.conversion, "alpha dropped");
}

TEST_F(CodecTest, Scales16BitsBy257) {
  const std::string pixel = big_endian(257 * 3, 2) + big_endian(257 * 7 + 100, 2) + big_endian(0xffff, 2);
  const Image image = read(png_file(1, 1, 16, PngColor::rgb, pixel));
  EXPECT_EQ(image.bgr, (Bytes{255, 7, 3}));
  EXPECT_EQ(image.conversion, "16 bits scaled by 1/257");
}

TEST_F(CodecTest, SaysEverythingThatItConverted) {
  const Image gray = read(png_file(1, 1, 16, PngColor::gray, big_endian(257 * 9, 2)));
  EXPECT_EQ(gray.bgr, (Bytes{9, 9, 9}));
  EXPECT_EQ(gray.conversion, "16 bits scaled by 1/257, 1 channel repeated in all 3");
  const Image colour = read(png_file(1, 1, 16, PngColor::rgba, big_endian(257, 2) + std::string(6, '\0')));
  EXPECT_EQ(colour.bgr, (Bytes{0, 0, 1}));
  EXPECT_EQ(colour.conversion, "16 bits scaled by 1/257, alpha dropped");
}

TEST_F(CodecTest, ReadsAJpeg) {
  const Image image = read(jpeg_without_end() + kJpegEnd);
  EXPECT_EQ(image.size, (ImageSize{8, 8}));
  EXPECT_EQ(image.bgr, Bytes(3 * 64, kJpegLevel));
}

TEST_F(CodecTest, RefusesATruncatedJpeg) {
  expect_refused(jpeg_without_end(), "is truncated: it has no end-of-image marker");
}

TEST_F(CodecTest, RefusesATruncatedPng) {
  const std::string whole = png_file(64, 64, 8, PngColor::rgb, std::string(3 * 64 * 64, 'x'));
  for (const std::size_t less : {std::size_t{20}, whole.size() / 2, whole.size() - 10}) {
    expect_refused(whole.substr(0, whole.size() - less), kUnreadable);
  }
}

TEST_F(CodecTest, RefusesAPngWithADamagedByte) {
  std::string damaged = png_file(8, 8, 8, PngColor::rgb, std::string(3 * 64, 'x'));
  damaged[damaged.size() - 20] ^= 1;
  expect_refused(damaged, kUnreadable);
}

TEST_F(CodecTest, RefusesWhatIsNoImage) {
  expect_refused("this is a text file\n", kUnreadable);
  expect_refused(std::string(100, '\0'), kUnreadable);
  expect_refused("", "is empty; name an image file");
}

TEST_F(CodecTest, RefusesWhatIsNoFile) {
  const std::filesystem::path missing = folder_.path() / "missing.png";
  EXPECT_EQ(refusal_of(missing), "--image=" + missing.string() + ": there is no such file");
  EXPECT_EQ(refusal_of(folder_.path()),
            "--image=" + folder_.path().string() + ": is a directory; name an image file");
  EXPECT_EQ(refusal_of("/dev/null"), "--image=/dev/null: is not a regular file; name an image file");
}

TEST_F(CodecTest, RefusesAFileThatItMayNotRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read every file";
  const std::filesystem::path file = folder_.write("image", "P6 1 1 255\nRGB");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  EXPECT_EQ(refusal_of(file), "--image=" + file.string() + ": cannot be read: Permission denied");
}

TEST_F(CodecTest, RefusesTooManyPixelsByTheHeaderAlone) {
  expect_refused(png_file(1000, 1001, 8, PngColor::gray, ""), kTooLarge);
  expect_refused(png_file(1'000'000, 1'000'000, 16, PngColor::rgba, ""), kTooLarge);
}

TEST_F(CodecTest, ReadsAnImageOfJustAsManyPixelsAsAllowed) {
  EXPECT_EQ(read(png_file(1000, 1000, 8, PngColor::gray, std::string(1'000'000, 'x'))).size,
            (ImageSize{1000, 1000}));
}

TEST_F(CodecTest, WritesAPngThatReadsBackEqual) {
  const ImageSize size{37, 11};
  Bytes gray;
  for (std::int64_t pixel = 0; pixel < size.pixels(); ++pixel) {
    gray.push_back(static_cast<std::uint8_t>(pixel * 7));
  }
  const std::filesystem::path file = folder_.path() / "gray.png";
  codec_.write_gray_png(file, gray.data(), size);
  const Image image = codec_.read(file);
  EXPECT_EQ(image.size, size);
  EXPECT_EQ(image.conversion, "1 channel repeated in all 3");
  for (std::size_t pixel = 0; pixel < gray.size(); ++pixel) ASSERT_EQ(image.bgr[3 * pixel], gray[pixel]);
}

TEST_F(CodecTest, NamesTheFileThatCannotBeWritten) {
  const std::filesystem::path file = folder_.path() / "missing" / "gray.png";
  const std::uint8_t pixel = 0;
  const auto write = [&] { codec_.write_gray_png(file, &pixel, {1, 1}); };
  EXPECT_EQ(error_of(write), "--out: cannot write " + file.string() +
                                 ": No such file or directory; give a folder with room in it");
}

TEST(Codec, SaysThatItsModuleIsMissing) {
  const TestFolder folder;
  Codec codec(folder.path() / "harness_codec.so", kMaxPixels);
  const auto image = folder.write("image", "P6 1 1 255\nRGB");
  const std::string error = error_of([&] { codec.read(image); });
  EXPECT_TRUE(error.starts_with("cannot load the image codec: ")) << error;
}

}  // namespace
}  // namespace harness
