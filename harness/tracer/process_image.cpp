// harness/tracer/process_image.cpp: /proc/PID/maps, and the files in it.
#include "harness/tracer/process_image.h"

#include <sys/uio.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>

#include "harness/lock_trace/symbols.h"
#include "harness/system/text.h"

namespace harness::tracer {
namespace {

std::optional<std::uint64_t> hexadecimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<FileMapping> mapping_in(std::string_view line) {
  const std::vector<std::string_view> words = words_of(line);
  constexpr std::size_t kPath = 5;
  if (words.size() <= kPath) return std::nullopt;
  const std::size_t dash = words[0].find('-');
  if (dash == words[0].npos) return std::nullopt;
  const auto begin = hexadecimal(words[0].substr(0, dash));
  const auto end = hexadecimal(words[0].substr(dash + 1));
  const auto offset = hexadecimal(words[2]);
  const std::string_view path = line.substr(static_cast<std::size_t>(words[kPath].data() - line.data()));
  if (!begin || !end || !offset || !path.starts_with('/')) return std::nullopt;
  return FileMapping{*begin, *end, *offset, words[1].find('x') != words[1].npos, std::string(path)};
}

}  // namespace

std::vector<FileMapping> file_mappings(std::string_view maps) {
  std::vector<FileMapping> mappings;
  for (const std::string_view line : lines_of(maps)) {
    if (auto mapping = mapping_in(line)) mappings.push_back(std::move(*mapping));
  }
  return mappings;
}

CallBefore call_before(std::string_view before) {
  const auto byte = [&](std::size_t back) {
    return back <= before.size() ? static_cast<unsigned char>(before[before.size() - back]) : 0U;
  };
  const auto last_word = [&] {
    return static_cast<std::int32_t>(byte(4) | byte(3) << 8 | byte(2) << 16 | byte(1) << 24);
  };
#if defined(__x86_64__)
  // call rel32; call *disp32(%rip); any other call: ff /2, of two to seven bytes.
  if (byte(6) == 0xff && byte(5) == 0x15) return {CallBefore::through_memory, last_word()};
  if (byte(5) == 0xe8) return {CallBefore::direct, last_word()};
  for (const std::size_t size : {2U, 3U, 4U, 6U, 7U}) {
    if (byte(size) == 0xff && (byte(size - 1) >> 3 & 7) == 2) return {CallBefore::through_register};
  }
  return {};
#elif defined(__aarch64__)
  const auto instruction = static_cast<std::uint32_t>(last_word());
  constexpr std::int32_t kInstruction = 4;
  if ((instruction & 0xfc000000) == 0x94000000) {  // bl: 26 bits, signed, in instructions
    return {CallBefore::direct, (static_cast<std::int32_t>(instruction << 6) >> 4) - kInstruction};
  }
  return {(instruction & 0xfffffc1f) == 0xd63f0000 ? CallBefore::through_register : CallBefore::none};
#else
  static_cast<void>(last_word);
  return {};
#endif
}

void ProcessImage::look() {
  const auto maps = read_text_file("/proc/" + std::to_string(process_) + "/maps");
  if (!maps || maps->empty()) return;  // it has ended
  for (const FileMapping& mapping : file_mappings(*maps)) {
    // What lay there before is gone.
    auto overlapped = mappings_.upper_bound(mapping.begin);
    if (overlapped != mappings_.begin() && std::prev(overlapped)->second.end > mapping.begin) --overlapped;
    while (overlapped != mappings_.end() && overlapped->first < mapping.end) {
      overlapped = mappings_.erase(overlapped);
    }
    mappings_[mapping.begin] = {mapping.end, mapping.is_code, mapping.file};
    if (mapping.offset == 0) bases_[mapping.file] = mapping.begin;
  }
}

std::map<std::uintptr_t, ProcessImage::Mapping>::const_iterator ProcessImage::mapping_at(
    std::uintptr_t address) const {
  const auto after = mappings_.upper_bound(address);
  if (after == mappings_.begin()) return mappings_.end();
  const auto mapping = std::prev(after);
  return address < mapping->second.end ? mapping : mappings_.end();
}

bool ProcessImage::has_code(std::uintptr_t address) const {
  const auto mapping = mapping_at(address);
  return mapping != mappings_.end() && mapping->second.is_code;
}

std::optional<std::uintptr_t> ProcessImage::base_of(const std::string& file) const {
  const auto base = bases_.find(file);
  if (base == bases_.end()) return std::nullopt;
  const auto elf = ElfFile::open(file);
  return elf && elf->is_position_independent() ? base->second : 0;
}

const std::vector<ElfFunction>& ProcessImage::functions_of(const std::string& file) {
  const auto known = functions_.find(file);
  if (known != functions_.end()) return known->second;
  const auto elf = ElfFile::open(file);
  return functions_.emplace(file, elf ? elf->functions() : std::vector<ElfFunction>()).first->second;
}

ProcessImage::Place ProcessImage::place_of(std::uintptr_t return_address) {
  const std::uintptr_t call = return_address - 1;  // a call may be a function's last instruction
  const auto mapping = mapping_at(call);
  if (mapping == mappings_.end()) return {};
  const std::string& file = mapping->second.file;
  const auto base = base_of(file);
  return {.function = base ? lock_trace::function_at(functions_of(file), call - *base) : "", .file = file};
}

/// What the call calls: a stub of its file's procedure linkage table is followed to the function. 0: not
/// known.
std::uintptr_t ProcessImage::called_before(std::uintptr_t return_address, const CallBefore& call) const {
  const auto word_at = [&](std::uintptr_t address) {
    std::uintptr_t word = 0;
    const std::string bytes = read(address, sizeof word);
    if (bytes.size() == sizeof word) std::memcpy(&word, bytes.data(), sizeof word);
    return word;
  };
  const std::uintptr_t there = return_address + static_cast<std::uintptr_t>(std::intptr_t{call.distance});
  if (call.kind == CallBefore::through_memory) return word_at(there);
  if (call.kind != CallBefore::direct) return 0;
#if defined(__x86_64__)
  // [endbr64] [bnd] jmp *disp32(%rip)
  constexpr std::size_t kStub = 11;
  const std::string stub = read(there, kStub);
  std::size_t at = stub.starts_with("\xf3\x0f\x1e\xfa") ? 4 : 0;
  if (at < stub.size() && stub[at] == '\xf2') ++at;
  if (stub.size() == kStub && stub.substr(at, 2) == "\xff\x25") {
    std::int32_t distance = 0;
    std::memcpy(&distance, stub.data() + at + 2, sizeof distance);
    return word_at(there + at + 6 + static_cast<std::uintptr_t>(std::intptr_t{distance}));
  }
#endif
  return there;
}

/// Whether the function that begins there has the address in it.
bool ProcessImage::are_of_one_function(std::uintptr_t begin, std::uintptr_t address) {
  const Place at = place_of(begin + 1);
  const Place of = place_of(address);
  if (at.file.empty() || at.file != of.file) return false;
  if (!at.function.empty() || !of.function.empty()) return at.function == of.function;
  constexpr std::uintptr_t kNear = 4096;  // of a function without a name
  return begin < address && address - begin < kNear;
}

std::vector<std::uintptr_t> ProcessImage::callers(std::uintptr_t stack_pointer,
                                                  std::uintptr_t program_counter) {
  constexpr std::size_t kStackBytes = 8192;
  constexpr std::size_t kMost = 24;
  constexpr std::size_t kLongestCall = 7;  // bytes
  std::vector<std::uintptr_t> sure{program_counter + 1};
  std::vector<std::uintptr_t> unsure = sure;
  const std::string stack = read(stack_pointer, kStackBytes);
  for (std::size_t at = 0; at + sizeof(std::uintptr_t) <= stack.size() && sure.size() < kMost;
       at += sizeof(std::uintptr_t)) {
    std::uintptr_t address = 0;
    std::memcpy(&address, stack.data() + at, sizeof address);
    if (!has_code(address - 1)) continue;
    const CallBefore call = call_before(read(address - kLongestCall, kLongestCall));
    if (call.kind == CallBefore::none) continue;
    if (call.kind == CallBefore::through_register) {
      unsure.push_back(address);
    } else if (const std::uintptr_t called = called_before(address, call);
               called != 0 && are_of_one_function(called, sure.back())) {
      sure.push_back(address);
    }
  }
  return sure.size() > 1 ? sure : unsure;
}

std::string ProcessImage::read(std::uintptr_t address, std::size_t bytes) const {
  std::string text(bytes, '\0');
  constexpr std::size_t kPiece = 512;  // each is read whole or not at all
  std::vector<iovec> from;
  for (std::size_t at = 0; at < bytes; at += kPiece) {
    from.push_back({reinterpret_cast<void*>(address + at), std::min(kPiece, bytes - at)});
  }
  const iovec to{text.data(), bytes};
  const ssize_t count = process_vm_readv(process_, &to, 1, from.data(), from.size(), 0);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return text;
}

}  // namespace harness::tracer
