// kernels/pixel_range.h: a part of an image as smaller images, so that any number of threads gets equal
// parts.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/image_view.h"

namespace kernels {

/// A colour image and the gray image that it becomes, or the same part of both. Owns neither.
struct ImagePair {
  BgrView source;
  GrayView gray;
};

/// The pixels [first, last) of the image in row-major order, 0 <= first <= last <= width * height, as three
/// images in that order: the rest of a row, whole rows, the start of a row. Any of them may be empty (width
/// or height 0). Splitting by rows alone would leave all but one thread without work on an image of one row.
std::array<ImagePair, 3> pixel_range(const ImagePair& image, std::int64_t first, std::int64_t last);

/// The first pixel of `slice` when an image is cut into `slices` >= 1 parts of about the same size, for
/// pixel_range(); that of slice `slices` is the number of pixels. Where neither image has gaps, slices begin
/// where a page of the gray image does, or a cache line when they are small: no two threads then write the
/// same one.
std::int64_t aligned_slice_begin(const ImagePair& image, int slice, int slices);

/// The same pixels as one long row, if no row of either image is followed by a gap; otherwise the image as it
/// is.
ImagePair as_one_row(const ImagePair& image);

}  // namespace kernels
