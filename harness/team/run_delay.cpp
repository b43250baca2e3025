// harness/team/run_delay.cpp: how long a thread could run and had no core.
#include "harness/team/run_delay.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>

namespace harness {

// Opened each time: a script may close descriptors that are not its own and get their numbers for others.
std::optional<std::int64_t> run_delay_of_this_thread_ns() {
  const int file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::array<char, 96> bytes{};
  const auto count = read(file, bytes.data(), bytes.size());
  close(file);
  const std::string_view text(bytes.data(), count < 0 ? 0 : static_cast<std::size_t>(count));
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  std::int64_t delay_ns = 0;
  const auto parsed = std::from_chars(text.data() + blank + 1, text.data() + text.size(), delay_ns);
  return parsed.ec == std::errc() ? std::optional(delay_ns) : std::nullopt;
}

}  // namespace harness
