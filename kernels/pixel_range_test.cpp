// kernels/pixel_range_test.cpp: a pixel left out, done twice or misplaced when an image is split would show
// here.
#include "kernels/pixel_range.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace kernels {
namespace {

/// How often the three images of pixel_range cover each byte of a gray image with a gap after every row.
/// Marks in `misplaced` whether any pixel of the source would go to another place than its own.
std::vector<int> coverage(std::int64_t width, std::int64_t height, std::int64_t first, std::int64_t last,
                          bool& misplaced) {
  const std::int64_t source_stride = 3 * width + 5;
  const std::int64_t gray_stride = width + 3;
  const std::vector<std::uint8_t> source(static_cast<std::size_t>(source_stride * height));
  std::vector<std::uint8_t> gray(static_cast<std::size_t>(gray_stride * height));
  std::vector<int> covered(gray.size());
  const ImagePair image{{source.data(), width, height, source_stride},
                        {gray.data(), width, height, gray_stride}};
  for (const auto& [from, to] : pixel_range(image, first, last)) {
    misplaced |= from.width != to.width || from.height != to.height;
    for (std::int64_t y = 0; y < to.height; ++y) {
      for (std::int64_t x = 0; x < to.width; ++x) {
        const std::int64_t to_byte = to.data + y * to.stride + x - gray.data();
        const std::int64_t from_byte = from.data + y * from.stride + 3 * x - source.data();
        misplaced |= from_byte / source_stride != to_byte / gray_stride ||
                     from_byte % source_stride != 3 * (to_byte % gray_stride);
        ++covered.at(static_cast<std::size_t>(to_byte));
      }
    }
  }
  return covered;
}

TEST(PixelRange, CoversItsPixelsOnceAndNoOthers) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 6}, {6, 1}, {5, 4}}) {
    for (int first = 0; first <= width * height; ++first) {
      for (int last = first; last <= width * height; ++last) {
        bool misplaced = false;
        const std::vector<int> covered = coverage(width, height, first, last, misplaced);
        ASSERT_FALSE(misplaced) << width << "x" << height << " [" << first << ", " << last << ")";
        for (int byte = 0; byte < static_cast<int>(covered.size()); ++byte) {
          const int x = byte % (width + 3);
          const int pixel = byte / (width + 3) * width + x;
          const bool wanted = x < width && pixel >= first && pixel < last;
          ASSERT_EQ(covered[static_cast<std::size_t>(byte)], wanted ? 1 : 0)
              << width << "x" << height << " [" << first << ", " << last << ") byte " << byte;
        }
      }
    }
  }
}

TEST(PixelRange, OfAnImageWithoutPixelsIsEmpty) {
  for (const auto& [source, gray] : pixel_range(ImagePair{}, 0, 0)) {
    EXPECT_EQ(source.width * source.height, 0);
    EXPECT_EQ(gray.width * gray.height, 0);
  }
}

/// An image of `pixels` pixels in one row, whose gray image begins `offset` bytes into a page. Nothing is
/// read.
ImagePair row_at(std::int64_t pixels, std::int64_t offset) {
  alignas(4096) static std::uint8_t page[2 * 4096];
  return {{page, pixels, 1, 3 * pixels}, {page + offset, pixels, 1, pixels}};
}

std::int64_t address_of(const ImagePair& image, std::int64_t pixel) {
  return static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(image.gray.data)) + pixel;
}

TEST(AlignedSlices, CoverTheImageInOrder) {
  for (const std::int64_t pixels : {0, 1, 63, 64, 1000, 1'000'000}) {
    for (const int slices : {1, 2, 3, 8, 100}) {
      const ImagePair image = row_at(pixels, 17);
      EXPECT_EQ(aligned_slice_begin(image, 0, slices), 0);
      EXPECT_EQ(aligned_slice_begin(image, slices, slices), pixels);
      for (int slice = 0; slice < slices; ++slice) {
        EXPECT_LE(aligned_slice_begin(image, slice, slices), aligned_slice_begin(image, slice + 1, slices));
      }
    }
  }
}

TEST(AlignedSlices, BeginAtPagesWhenTheyAreLarge) {
  const ImagePair image = row_at(1'000'000, 17);
  for (int slice = 1; slice < 8; ++slice) {
    EXPECT_EQ(address_of(image, aligned_slice_begin(image, slice, 8)) % 4096, 0);
  }
}

TEST(AlignedSlices, BeginAtCacheLinesWhenTheyAreSmall) {
  const ImagePair image = row_at(10'000, 17);
  for (int slice = 1; slice < 8; ++slice) {
    const std::int64_t begin = aligned_slice_begin(image, slice, 8);
    EXPECT_EQ(address_of(image, begin) % 64, 0);
    EXPECT_NEAR(static_cast<double>(begin), 1250.0 * slice, 32);
  }
}

TEST(AlignedSlices, AreEqualPartsOfAnImageWithGaps) {
  ImagePair image = row_at(50, 17);
  image.source.height = image.gray.height = 80;
  image.gray.stride = 51;
  EXPECT_EQ(aligned_slice_begin(image, 1, 4), 1000);
}

TEST(AsOneRow, JoinsRowsThatFollowOneAnother) {
  const ImagePair row = as_one_row({{nullptr, 5, 4, 15}, {nullptr, 5, 4, 5}});
  EXPECT_EQ(row.source.width, 20);
  EXPECT_EQ(row.source.height, 1);
  EXPECT_EQ(row.gray.width, 20);
  EXPECT_EQ(row.gray.height, 1);
}

TEST(AsOneRow, KeepsRowsApartThatHaveAGapInEitherImage) {
  EXPECT_EQ(as_one_row({{nullptr, 5, 4, 16}, {nullptr, 5, 4, 5}}).source.height, 4);
  EXPECT_EQ(as_one_row({{nullptr, 5, 4, 15}, {nullptr, 5, 4, 6}}).source.height, 4);
}

}  // namespace
}  // namespace kernels
