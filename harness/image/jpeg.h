// harness/image/jpeg.h: whether a JPEG file is whole, which libjpeg says only on standard error.
#pragma once

#include <cstdint>
#include <span>

namespace harness {

/// True for bytes that begin as a JPEG file does.
bool is_jpeg(std::span<const std::uint8_t> bytes);

/// True when the segments of a JPEG file (ITU-T T.81, annex B) lead to an end-of-image marker. A decoder
/// fills what is missing before it with gray and calls that a success.
bool jpeg_is_complete(std::span<const std::uint8_t> bytes);

}  // namespace harness
