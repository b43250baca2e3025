// harness/system/shared_memory.cpp: memory that other processes can map.
#include "harness/system/shared_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace harness {
namespace {

[[noreturn]] void fail(const char* function) {
  throw std::system_error(errno, std::generic_category(), std::string("shared memory: ") + function);
}

}  // namespace

SharedMemory::SharedMemory() : descriptor_(memfd_create("harness", MFD_CLOEXEC)) {
  if (!descriptor_.is_open()) fail("memfd_create");
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : descriptor_(std::move(other.descriptor_)), bytes_(std::exchange(other.bytes_, {})) {}

SharedMemory::~SharedMemory() {
  if (!bytes_.empty()) munmap(bytes_.data(), bytes_.size());
}

void SharedMemory::allocate(std::int64_t bytes) {
  if (ftruncate(descriptor(), bytes) != 0) fail("ftruncate");
  if (bytes == 0) return;
  void* const begin =
      mmap(nullptr, static_cast<std::size_t>(bytes), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor(), 0);
  if (begin == MAP_FAILED) fail("mmap");
  bytes_ = {static_cast<std::uint8_t*>(begin), static_cast<std::size_t>(bytes)};
}

}  // namespace harness
