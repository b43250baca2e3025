// kernels/stores.cpp: whether a kernel writes its output through the caches or past them.
#include "kernels/stores.h"

#include <unistd.h>

#include <fstream>
#include <string>

namespace kernels {
namespace {

/// What is in a file such as /sys/devices/system/cpu/cpu0/cache/index3/size, which reads "32768K"; 0 without
/// it.
std::int64_t read_number(const std::string& path) {
  std::ifstream file(path);
  std::int64_t number = 0;
  if (!(file >> number)) return 0;
  const int unit = file.get();
  return unit == 'K' ? number << 10 : unit == 'M' ? number << 20 : number;
}

std::int64_t find_last_level_cache_bytes() {
  // The kernel first: on AMD glibc answers for all caches of the package together, of which a core reaches
  // one.
  std::int64_t last_level = 0;
  std::int64_t bytes = 0;
  for (int index = 0;; ++index) {
    const std::string cache = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index);
    const std::int64_t level = read_number(cache + "/level");
    if (level == 0) break;
    if (level > last_level) {
      last_level = level;
      bytes = read_number(cache + "/size");
    }
  }
  if (bytes > 0) return bytes;
  bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
  constexpr std::int64_t kUnknown = 32 << 20;
  return bytes > 0 ? bytes : kUnknown;
}

}  // namespace

Stores stores_for(const BgrView& source, std::int64_t streaming_above_bytes) {
  return source.width * source.height > streaming_above_bytes / kBytesOfPixel ? Stores::streaming
                                                                              : Stores::ordinary;
}

std::int64_t last_level_cache_bytes() {
  // Asking again for each image would cost more than a small image does.
  static const std::int64_t bytes = find_last_level_cache_bytes();
  return bytes;
}

}  // namespace kernels
