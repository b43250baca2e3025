// harness/image/synthetic_test.cpp: a default picture that is not the same everywhere, or is too plain to
// show an error.
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "harness/image/image.h"

namespace harness {
namespace {

TEST(SyntheticImage, HasTheSizeThatWasAskedFor) {
  const Image image = synthetic_image({5, 3});
  EXPECT_EQ(image.size, (ImageSize{5, 3}));
  EXPECT_EQ(image.bgr.size(), 45U);
  EXPECT_EQ(image.view().data, image.bgr.data());
  EXPECT_EQ(image.view().width, 5);
  EXPECT_EQ(image.view().height, 3);
  EXPECT_EQ(image.view().stride, 15);
}

TEST(SyntheticImage, IsNoFile) {
  const Image image = synthetic_image({1, 1});
  EXPECT_EQ(image.name, "synthetic gradients with noise");
  EXPECT_EQ(image.sha256, "");
  EXPECT_EQ(image.conversion, "");
}

TEST(SyntheticImage, IsTheSameOnEveryMachine) {
  // splitmix64's first two values of seed 0 are e220a8397b1dcdaf and 6e789e6aa1b965f4. The first takes 47, 54
  // and 28 levels from the first pixel (0, 0, 255), the second 52, 23 and 22 from the last (255, 0, 128).
  EXPECT_EQ(synthetic_image({2, 1}).bgr, (PixelBytes{0, 0, 227, 203, 0, 106}));
}

TEST(SyntheticImage, HasEveryLevelOfEveryChannelButTheReddest) {
  const Image image = synthetic_image({1280, 720});
  std::array<std::set<std::uint8_t>, 3> levels;
  for (std::size_t byte = 0; byte < image.bgr.size(); ++byte) levels.at(byte % 3).insert(image.bgr[byte]);
  EXPECT_EQ(levels[0].size(), 256U);
  EXPECT_EQ(levels[1].size(), 256U);
  EXPECT_EQ(levels[2].size(), 255U);
  EXPECT_FALSE(levels[2].contains(255));
}

TEST(SyntheticImage, HasNeighboursThatDiffer) {
  const Image image = synthetic_image({1280, 720});
  std::size_t equal = 0;
  for (std::size_t byte = 3; byte < image.bgr.size(); ++byte) {
    equal += image.bgr[byte] == image.bgr[byte - 3] ? 1U : 0U;
  }
  EXPECT_LT(equal, image.bgr.size() / 10);
}

}  // namespace
}  // namespace harness
