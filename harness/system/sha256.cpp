// harness/system/sha256.cpp: streams a file through libmd's SHA-256.
#include "harness/system/sha256.h"

#include <fcntl.h>
#include <sha2.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <vector>

#include "harness/system/file_descriptor.h"

namespace harness {
namespace {

constexpr std::size_t kHashedAtOnce = std::size_t{256} << 10;

[[noreturn]] void throw_read_error(const std::filesystem::path& path) {
  throw std::system_error(errno, std::generic_category(), "cannot read " + path.string());
}

}  // namespace

std::string sha256_of_file(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) throw_read_error(path);
  SHA2_CTX context;
  ::SHA256Init(&context);
  std::vector<std::uint8_t> buffer(kHashedAtOnce);
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_read_error(path);
    ::SHA256Update(&context, buffer.data(), static_cast<std::size_t>(got));
  }
  std::array<char, SHA256_DIGEST_STRING_LENGTH> digits{};
  ::SHA256End(&context, digits.data());
  return digits.data();
}

}  // namespace harness
