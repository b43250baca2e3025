// harness/end_to_end/bad_images_test.cpp: a file that is no whole image is refused, whatever is wrong with
// it.
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"

namespace harness {
namespace {

class BadImages : public ProgramTest {
 protected:
  /// `file` is refused for `reason`.
  void expect_bad(const std::filesystem::path& file, const std::string& reason) const {
    SCOPED_TRACE(file);
    const auto result = run({"--filter=grayscale/native/", "--image=" + file.string()});
    expect_refused(result, {"--image=" + file.string(), reason});
  }

  /// A PNG file's bytes, by the program itself.
  std::string png() const {
    const auto into = folder().path() / "png";
    run({"--filter=grayscale/native/", "--out=" + into.string()});
    return read_text_file(into / "grayscale-native.png").value_or("");
  }
};

TEST_F(BadImages, ThatAreMissing) {
  expect_bad("missing.png", "there is no such file");
  expect_bad(folder().path() / "no/such/folder.png", "there is no such file");
}

TEST_F(BadImages, ThatAreNoRegularFile) {
  expect_bad(folder().path(), "is a directory; name an image file");
  expect_bad("/dev/zero", "is not a regular file; name an image file");
  const auto pipe = folder().path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0) << std::generic_category().message(errno);
  expect_bad(pipe, "is not a regular file; name an image file");
}

TEST_F(BadImages, ThatAreEmpty) {
  expect_bad(folder().write("empty.png", ""), "is empty; name an image file");
}

TEST_F(BadImages, ThatAreNoImages) {
  expect_bad(folder().write("text.png", "This is not an image.\n"), "is not an image that OpenCV can read");
  expect_bad(folder().write("zeros.jpg", std::string(4096, '\0')), "is not an image that OpenCV can read");
}

TEST_F(BadImages, ThatAreTruncatedAnywhere) {
  const std::string whole = png();
  ASSERT_GT(whole.size(), 100U);
  for (const std::size_t size : {std::size_t{1}, std::size_t{8}, std::size_t{40}, whole.size() / 2,
                                 whole.size() - 12, whole.size() - 1}) {
    expect_bad(folder().write(std::to_string(size) + ".png", whole.substr(0, size)), "truncated");
  }
  expect_bad(folder().write("half.ppm", "P6\n64 48\n255\n" + std::string(64 * 48, 'x')), "truncated");
}

// The header alone asks for terabytes; nothing near that may be allocated.
TEST_F(BadImages, ThatAreTooLargeForMemory) {
  expect_bad(folder().write("huge.ppm", "P6\n1000000 1000000\n255\n" + std::string(4096, 'x')), "too large");
}

// A file with a hole in it: it takes no room on the disk, and must not be read into memory.
TEST_F(BadImages, ThatAreLargerThanWhatOpenCvDecodes) {
  const auto file = folder().write("hole.ppm", "P6\n40000 40000\n255\n");
  std::filesystem::resize_file(file, 4'800'000'000);
  expect_bad(file, "up to 2 GiB");
}

}  // namespace
}  // namespace harness
