// harness/lock_trace/watched_code.cpp: asks the loader.
#include "harness/lock_trace/watched_code.h"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>

namespace harness::lock_trace {
namespace {

struct Search {
  std::uintptr_t address;
  detail::CodeRange code = {};
  WatchedCode found = {};
};

/// Takes the executable segments of the file that has the address.
int look(dl_phdr_info* info, std::size_t /*size*/, void* data) {
  auto& search = *static_cast<Search*>(data);
  detail::CodeRange code{UINTPTR_MAX, 0};
  bool is_it = false;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    const std::uintptr_t end = begin + segment.p_memsz;
    code = {std::min(code.begin, begin), std::max(code.end, end)};
    is_it = is_it || (begin <= search.address && search.address < end);
  }
  if (!is_it) return 0;
  search.code = code;
  search.found.file = info->dlpi_name;
  search.found.base = info->dlpi_addr;
  return 1;
}

detail::CodeRange range_of(const void* function) {
  Dl_info info{};
  void* extra = nullptr;
  if (function == nullptr || dladdr1(function, &info, &extra, RTLD_DL_SYMENT) == 0) return {};
  const auto* const symbol = static_cast<const ElfW(Sym)*>(extra);
  if (symbol == nullptr) return {};
  const auto begin = reinterpret_cast<std::uintptr_t>(info.dli_saddr);
  return {begin, begin + symbol->st_size};
}

}  // namespace

WatchedCode watch_code_of(const WatchedFunctions& functions) {
  Search search{.address = reinterpret_cast<std::uintptr_t>(functions.any)};
  if (dl_iterate_phdr(look, &search) == 0) return {};
  // The loader has no name for the executable.
  if (search.found.file.empty()) search.found.file = "/proc/self/exe";
  detail::watched_ranges = {search.code, range_of(functions.eval), range_of(functions.release)};
  return search.found;
}

}  // namespace harness::lock_trace
