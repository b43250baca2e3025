// harness/lock_trace/symbols.h: return addresses as names of functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/interpreter/elf_file.h"
#include "harness/lock_trace/watched_code.h"

namespace harness::lock_trace {

/// The functions of the watched code, read from its file when the first name is asked for. By one thread at a
/// time.
class Symbols {
 public:
  explicit Symbols(WatchedCode code) : code_(std::move(code)) {}

  /// The function that `address` returns to, without what the compiler appends to a part of one (".cold",
  /// ".part.0"). Of a function outside of the watched code what the loader knows: "get (_queue.so)", or the
  /// file's name only. "" where no symbol covers the address: a stripped file says nothing of its static
  /// functions, and the next name before them is another's.
  std::string name_of(std::uintptr_t address);

  /// Whether the watched code has a function of that name, as far as its symbols say.
  bool has(std::string_view name);

 private:
  const std::vector<ElfFunction>& functions();

  const WatchedCode code_;
  std::optional<std::vector<ElfFunction>> functions_;
};

/// The same for any functions, in the order of their addresses. `address` is one within a call, in the file.
std::string function_at(const std::vector<ElfFunction>& functions, std::uint64_t address);

}  // namespace harness::lock_trace
