// harness/image/test_files.h: small image files for tests, made byte by byte.
//
// Not by OpenCV: a test that is linked against its imgcodecs has it loaded before the codec module is, and
// with it the limit of pixels that OpenCV reads once.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>

namespace harness {

/// The low `bytes` bytes of `value`, most significant first.
inline std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xff);
  return text;
}

/// ISO/IEC 15948, table 11.1.
enum class PngColor { gray = 0, rgb = 2, rgba = 6 };

/// A PNG file of that header whose rows, without their filter bytes, are `pixels`; `pixels` may be empty.
inline std::string png_file(std::uint64_t width, std::uint64_t height, int bits, PngColor color,
                            const std::string& pixels) {
  const auto chunk = [](const std::string& type, const std::string& data) {
    const std::string checked = type + data;
    const auto sum =
        crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
    return big_endian(data.size(), 4) + checked + big_endian(sum, 4);
  };
  std::string rows;
  for (std::uint64_t y = 0; y < height && !pixels.empty(); ++y) {
    rows += '\0' + pixels.substr(y * pixels.size() / height, pixels.size() / height);
  }
  std::string packed(compressBound(rows.size()), '\0');
  auto size = static_cast<uLongf>(packed.size());
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
           rows.size());
  packed.resize(size);
  const std::string header = big_endian(width, 4) + big_endian(height, 4) + static_cast<char>(bits) +
                             static_cast<char>(color) + std::string(3, '\0');
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", "");
}

/// A segment of a JPEG file: a marker, the length, what it holds (ITU-T T.81, annex B).
inline std::string jpeg_segment(std::uint8_t marker, const std::string& data) {
  return "\xff" + big_endian(marker, 1) + big_endian(data.size() + 2, 2) + data;
}

inline const std::string kJpegStart = "\xff\xd8";
inline const std::string kJpegEnd = "\xff\xd9";

/// A JPEG file without its end: 8 x 8 gray pixels, each `kJpegLevel`: one block whose only coefficient is
/// 36 * 16 above the middle, 128 + 36 * 16 / 8.
inline std::string jpeg_without_end() {
  const auto huffman_table_of_one_symbol = [](char table, char symbol) {
    return jpeg_segment(0xc4, table + ('\1' + std::string(15, '\0')) + symbol);
  };
  return kJpegStart + jpeg_segment(0xdb, '\0' + std::string(64, '\x10')) +
         jpeg_segment(0xc0, std::string("\x08\0\x08\0\x08\x01\x01\x11\0", 9)) +
         huffman_table_of_one_symbol('\0', '\6') + huffman_table_of_one_symbol('\x10', '\0') +
         jpeg_segment(0xda, std::string("\x01\x01\0\0\x3f\0", 6)) + "\x48";
}
inline constexpr std::uint8_t kJpegLevel = 200;

}  // namespace harness
