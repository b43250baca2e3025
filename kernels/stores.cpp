// kernels/stores.cpp: whether a kernel writes its output through the caches or past them.
#include "kernels/stores.h"

#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#ifdef __x86_64__
#include <cpuid.h>
#endif

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

struct Cache {
  std::int64_t level = 0;
  std::int64_t bytes = 0;
};

/// Of the first core, in the order of their levels.
std::vector<Cache> find_caches() {
  std::vector<Cache> caches;
  for (int index = 0;; ++index) {
    const std::string folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index);
    const Cache cache{.level = read_number(folder + "/level"), .bytes = read_number(folder + "/size")};
    if (cache.level == 0) break;
    if (cache.bytes > 0) caches.push_back(cache);
  }
  std::ranges::stable_sort(caches, {}, &Cache::level);
  return caches;
}

const std::vector<Cache>& caches() {
  // Asking again for each image would cost more than a small image does.
  static const std::vector<Cache> found = find_caches();
  return found;
}

/// Whether a hypervisor says that it is there. The caches that a guest sees do not tell.
bool is_virtual_machine() {
#ifdef __x86_64__
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  constexpr unsigned kHypervisor = 1U << 31U;  // reserved for that by Intel's and AMD's manuals
  return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & kHypervisor) != 0;
#else
  return false;
#endif
}

/// The largest cache below the last level, where that is level 3 or more; null where there is none.
const Cache* own_cache() {
  const Cache* own = nullptr;
  for (const Cache& cache : caches()) {
    if (cache.level < caches().back().level && caches().back().level >= 3) own = &cache;
  }
  return own;
}

const Cache* guests_cache() {
  static const bool is_guest = is_virtual_machine();
  return is_guest ? own_cache() : nullptr;
}

}  // namespace

Stores stores_for(const BgrView& source, std::int64_t streaming_above_bytes) {
  return source.width * source.height > streaming_above_bytes / kBytesOfPixel ? Stores::streaming
                                                                              : Stores::ordinary;
}

std::int64_t last_level_cache_bytes() {
  // The kernel is asked first: on AMD glibc answers for all caches of the package together, of which a core
  // reaches one.
  if (!caches().empty()) return caches().back().bytes;
  static const std::int64_t bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
  constexpr std::int64_t kUnknown = 32 << 20;
  return bytes > 0 ? bytes : kUnknown;
}

std::int64_t streaming_threshold_bytes(int threads) {
  const Cache* const own = guests_cache();
  if (own == nullptr) return last_level_cache_bytes();
  return own->bytes * std::min(threads, omp_get_num_procs());  // not kept: threads are pinned and unpinned
}

bool streaming_threshold_is_per_core() {
  return guests_cache() != nullptr;
}

const char* streaming_threshold_origin() {
  return guests_cache() != nullptr ? "the cores' own caches, for a virtual machine's last level is shared"
                                   : "the last-level cache";
}

}  // namespace kernels
