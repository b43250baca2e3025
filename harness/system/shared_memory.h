// harness/system/shared_memory.h: memory that other processes can map.
#pragma once

#include <cstdint>
#include <span>

#include "harness/system/file_descriptor.h"

namespace harness {

/// Memory in a file that has no name (memfd_create(2)): it is gone with the last process that has it, however
/// that ends. For one thread at a time.
class SharedMemory {
 public:
  /// Of no bytes yet. A process that is forked inherits its descriptor. Throws std::system_error.
  SharedMemory();
  ~SharedMemory();
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&&) = delete;

  /// Makes it so long, zeroed, and maps it. Once. Throws std::system_error.
  void allocate(std::int64_t bytes);

  int descriptor() const { return descriptor_.get(); }
  std::span<std::uint8_t> bytes() const { return bytes_; }

 private:
  FileDescriptor descriptor_;
  std::span<std::uint8_t> bytes_;
};

}  // namespace harness
