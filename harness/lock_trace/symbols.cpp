// harness/lock_trace/symbols.cpp: the symbol with the greatest address that is not beyond.
#include "harness/lock_trace/symbols.h"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>

namespace harness::lock_trace {
namespace {

/// "list_resize.part.0" is list_resize's.
std::string without_suffix(const std::string& name) {
  return name.substr(0, name.find('.'));
}

}  // namespace

std::string function_at(const std::vector<ElfFunction>& functions, std::uint64_t address) {
  auto after = std::ranges::upper_bound(functions, address, {}, &ElfFunction::address);
  // Several names of one address are side by side; some of them have no size.
  for (; after != functions.begin(); --after) {
    const ElfFunction& function = *std::prev(after);
    if (address - function.address < function.size) return without_suffix(function.name);
    if (function.size != 0) break;
  }
  return "";
}

const std::vector<ElfFunction>& Symbols::functions() {
  if (!functions_) {
    const auto file = ElfFile::open(code_.file);
    functions_ = file ? file->functions() : std::vector<ElfFunction>();
  }
  return *functions_;
}

bool Symbols::has(std::string_view name) {
  return std::ranges::find(functions(), name, &ElfFunction::name) != functions().end();
}

std::string Symbols::name_of(std::uintptr_t address) {
  const std::uintptr_t call = address - 1;  // a call may be a function's last instruction
  if (detail::watched_ranges.code.has(call)) return function_at(functions(), call - code_.base);
  Dl_info info{};
  void* extra = nullptr;
  if (dladdr1(reinterpret_cast<const void*>(call), &info, &extra, RTLD_DL_SYMENT) == 0) return "";
  const std::string file = std::filesystem::path(info.dli_fname).filename().string();
  const auto* const symbol = static_cast<const ElfSymbol*>(extra);
  const std::uintptr_t into = call - reinterpret_cast<std::uintptr_t>(info.dli_saddr);
  if (symbol != nullptr && info.dli_sname != nullptr && into < symbol->st_size) {
    return without_suffix(info.dli_sname) + " (" + file + ")";
  }
  return file;
}

}  // namespace harness::lock_trace
