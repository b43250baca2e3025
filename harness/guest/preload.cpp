// harness/guest/preload.cpp: sets LD_PRELOAD and sets it back.
#include "harness/guest/preload.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "harness/error.h"
#include "harness/system/text.h"

namespace harness {
namespace {

constexpr const char* kVariable = "LD_PRELOAD";
constexpr std::string_view kDescriptors = "/proc/self/fd/";

/// ld.so splits LD_PRELOAD at spaces and colons and expands what follows a $, and there is no quoting.
bool is_plain(std::string_view file) {
  return file.find_first_of(" :$") == std::string_view::npos;
}

/// A descriptor of the file that stays open over an exec.
int open_for_loader(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY);
  if (descriptor >= 0) return descriptor;
  throw UserError("cannot read " + file.string() + ": " + std::strerror(errno) +
                  "; install harness anew (a sanitized build cannot be a guest and does not have it)");
}

}  // namespace

void preload_into_children(const std::filesystem::path& library) {
  std::string preload = library;
  const int descriptor = open_for_loader(library);
  if (is_plain(preload)) {
    close(descriptor);
  } else {
    preload = kDescriptors;
    preload += std::to_string(descriptor);
  }
  if (const char* const users = std::getenv(kVariable)) (preload += ':') += users;
  setenv(kVariable, preload.c_str(), 1);
}

void end_preloading() {
  const char* const value = std::getenv(kVariable);
  if (value == nullptr) return;
  const std::string preload = value;
  const std::size_t library_end = preload.find(':');
  if (library_end == std::string::npos) {
    unsetenv(kVariable);
  } else {
    setenv(kVariable, preload.substr(library_end + 1).c_str(), 1);
  }
  if (!preload.starts_with(kDescriptors)) return;
  if (const auto descriptor = number_in<int>(preload.substr(kDescriptors.size()))) close(*descriptor);
}

}  // namespace harness
