// harness/image/codec.h: image files, read and written by OpenCV's imgcodecs.
//
// That library brings more than a hundred others with it (GDAL, DICOM, OpenEXR, …), which take long to load.
// So it is behind a module of its own, which is loaded when the first file is read or written.
#pragma once

#include <cstdint>
#include <filesystem>

#include "harness/image/image.h"

namespace harness {

/// What the codec module offers; errors are UserErrors that name the file.
struct CodecApi {
  Image (*read)(const std::filesystem::path& file);
  void (*write_gray)(const std::filesystem::path& file, const std::uint8_t* gray, ImageSize size);
};
using GetCodecApi = const CodecApi* (*)();
inline constexpr const char* kGetCodecApiSymbol = "harness_codec_api";

/// Loads the module on first use. Not for several threads at once.
class Codec {
 public:
  /// An image of more than `max_pixels` is refused before its pixels are decoded.
  Codec(std::filesystem::path module, std::int64_t max_pixels)
      : module_(std::move(module)), max_pixels_(max_pixels) {}

  /// Reads `file`, whatever format OpenCV knows, as 8-bit BGR; `conversion` says what that took: gray is
  /// repeated in all channels, alpha dropped, 16 bits scaled by 1/257. EXIF orientation is not applied.
  /// Throws UserError that names --image=FILE.
  Image read(const std::filesystem::path& file);

  /// Writes width x height gray bytes as a PNG, whole or not at all. Throws UserError that names the file.
  void write_gray_png(const std::filesystem::path& file, const std::uint8_t* gray, ImageSize size);

 private:
  const CodecApi& api();

  std::filesystem::path module_;
  std::int64_t max_pixels_;
  const CodecApi* api_ = nullptr;
};

}  // namespace harness
