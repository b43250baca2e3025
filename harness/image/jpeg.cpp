// harness/image/jpeg.cpp: walks the segments of a JPEG file.
#include "harness/image/jpeg.h"

#include <cstddef>

namespace harness {
namespace {

// ITU-T T.81, table B.1.
constexpr std::uint8_t kMarker = 0xff;
constexpr std::uint8_t kStartOfImage = 0xd8;
constexpr std::uint8_t kEndOfImage = 0xd9;
constexpr std::uint8_t kFirstRestart = 0xd0;
constexpr std::uint8_t kLastRestart = 0xd7;
constexpr std::uint8_t kStuffed = 0x00;  // after a 0xff that is data
constexpr std::uint8_t kTemporary = 0x01;

bool stands_alone(std::uint8_t code) {
  return code == kStuffed || code == kTemporary || code == kMarker ||
         (code >= kFirstRestart && code <= kLastRestart);
}

}  // namespace

bool is_jpeg(std::span<const std::uint8_t> bytes) {
  return bytes.size() > 3 && bytes[0] == kMarker && bytes[1] == kStartOfImage && bytes[2] == kMarker;
}

bool jpeg_is_complete(std::span<const std::uint8_t> bytes) {
  std::size_t at = 2;
  while (at + 1 < bytes.size()) {
    const std::uint8_t code = bytes[at + 1];
    if (bytes[at] != kMarker || code == kMarker) {
      ++at;  // entropy-coded data, or a fill byte
    } else if (code == kEndOfImage) {
      return true;
    } else if (stands_alone(code)) {
      at += 2;
    } else if (at + 3 < bytes.size()) {
      at += 2 + (std::size_t{bytes[at + 2]} << 8 | bytes[at + 3]);
    } else {
      return false;
    }
  }
  return false;
}

}  // namespace harness
