// kernels/pixel_range.cpp: a part of an image as smaller images, so that any number of threads gets equal
// parts.
#include "kernels/pixel_range.h"

#include <algorithm>

#include "kernels/slice.h"

namespace kernels {
namespace {

ImagePair rectangle(const ImagePair& image, std::int64_t x, std::int64_t y, std::int64_t width,
                    std::int64_t height) {
  const auto& [source, gray] = image;
  return {.source = {source.data + y * source.stride + 3 * x, width, height, source.stride},
          .gray = {gray.data + y * gray.stride + x, width, height, gray.stride}};
}

}  // namespace

std::array<ImagePair, 3> pixel_range(const ImagePair& image, std::int64_t first, std::int64_t last) {
  const std::int64_t width = image.source.width;
  if (first == last) return {};
  // Whole rows are those from the first that begins in the range to the last that ends in it.
  const std::int64_t first_whole_row = (first + width - 1) / width;
  const std::int64_t last_whole_row = last / width;
  const std::int64_t first_x = first % width;
  if (first_whole_row > last_whole_row) {  // the range lies within one row and reaches neither of its ends
    return {rectangle(image, first_x, first / width, last - first, 1)};
  }
  return {rectangle(image, first_x, first / width, first_whole_row * width - first, 1),
          rectangle(image, 0, first_whole_row, width, last_whole_row - first_whole_row),
          rectangle(image, 0, last_whole_row, last - last_whole_row * width, 1)};
}

std::int64_t aligned_slice_begin(const ImagePair& image, int slice, int slices) {
  constexpr std::int64_t kPage = 4096;
  constexpr std::int64_t kLine = 64;
  constexpr std::int64_t kPagesToMatterLittle =
      16;  // moving a border by half a page is then 3 % of a slice at most
  const std::int64_t pixels = image.gray.width * image.gray.height;
  const std::int64_t begin = slice_begin(pixels, slice, slices);
  if (slice == 0 || slice == slices || as_one_row(image).gray.height != 1) return begin;
  const std::int64_t grain = pixels / slices >= kPagesToMatterLittle * kPage ? kPage : kLine;
  // To the nearest border, which may lie outside the image when that is small.
  const auto address =
      static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(image.gray.data) % kPage) + begin;
  const std::int64_t moved = (address + grain / 2) / grain * grain - address;
  return std::clamp(begin + moved, std::int64_t{0}, pixels);
}

ImagePair as_one_row(const ImagePair& image) {
  const auto& [source, gray] = image;
  if (source.stride != 3 * source.width || gray.stride != gray.width) return image;
  const std::int64_t pixels = source.width * source.height;
  return {.source = {source.data, pixels, 1, 3 * pixels}, .gray = {gray.data, pixels, 1, pixels}};
}

}  // namespace kernels
