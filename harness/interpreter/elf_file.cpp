// harness/interpreter/elf_file.cpp: reads headers, symbols and constants, and trusts none of the numbers in
// them.
#include "harness/interpreter/elf_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace harness {
namespace {

// The start that ELF files of every class have in common: e_ident, e_type, e_machine.
constexpr std::size_t kCommonHeaderBytes = EI_NIDENT + 4;

std::string_view c_string_at(std::string_view strings, std::uint64_t offset) {
  if (offset >= strings.size()) return {};
  const std::string_view rest = strings.substr(offset);
  return rest.substr(0, rest.find('\0'));
}

std::optional<Architecture> read_architecture(const FileDescriptor& file) {
  std::array<unsigned char, kCommonHeaderBytes> start{};
  if (::pread(file.get(), start.data(), start.size(), 0) != std::ssize(start)) return std::nullopt;
  if (std::memcmp(start.data(), ELFMAG, SELFMAG) != 0) return std::nullopt;
  const int first = start[EI_NIDENT + 2];
  const int second = start[EI_NIDENT + 3];
  const int machine = start[EI_DATA] == ELFDATA2LSB ? first | second << 8 : first << 8 | second;
  return Architecture{.file_class = start[EI_CLASS],
                      .byte_order = start[EI_DATA],
                      .machine = static_cast<std::uint16_t>(machine)};
}

}  // namespace

Architecture own_architecture() {
  static const Architecture kOwn = [] {
    constexpr const char* kItself = "/proc/self/exe";
    const FileDescriptor file(::open(kItself, O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) throw std::system_error(errno, std::generic_category(), kItself);
    return read_architecture(file).value();
  }();
  return kOwn;
}

std::string describe(const Architecture& architecture) {
  constexpr struct {
    std::uint16_t machine;
    const char* name;
  } kMachines[] = {{EM_386, "x86"},         {EM_X86_64, "x86-64"},      {EM_ARM, "ARM"},
                   {EM_AARCH64, "AArch64"}, {EM_RISCV, "RISC-V"},       {EM_PPC64, "POWER"},
                   {EM_S390, "s390"},       {EM_LOONGARCH, "LoongArch"}};
  std::string name = "machine " + std::to_string(architecture.machine);
  for (const auto& known : kMachines) {
    if (known.machine == architecture.machine) name = known.name;
  }
  return (architecture.file_class == ELFCLASS64 ? "64-bit " : "32-bit ") + name;
}

std::optional<ElfFile> ElfFile::open(const std::filesystem::path& path) {
  // O_NONBLOCK: a named pipe must not hold this up.
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const auto architecture = read_architecture(file);
  if (!architecture) return std::nullopt;
  return ElfFile(std::move(file), *architecture);
}

ElfFile::ElfFile(FileDescriptor file, const Architecture& architecture)
    : file_(std::move(file)), architecture_(architecture) {
  struct stat status {};
  if (architecture_ != own_architecture() || ::fstat(file_.get(), &status) != 0) return;
  size_ = static_cast<std::uint64_t>(status.st_size);
  const auto headers = read_records<ElfHeader>(0, sizeof header_);
  if (headers.empty()) return;
  header_ = headers.front();
  if (header_.e_shentsize != sizeof(ElfSection)) return;
  sections_ = read_records<ElfSection>(header_.e_shoff, std::uint64_t{header_.e_shnum} * sizeof(ElfSection));
}

bool ElfFile::is_shared_library() const {
  if (header_.e_type != ET_DYN || segments().empty() || !loader().empty()) return false;
  // A program that is linked statically needs no loader, but is marked when it is position-independent.
  const auto dynamic = dynamic_entries();
  return std::none_of(dynamic.begin(), dynamic.end(), [](const ElfDynamic& entry) {
    return entry.d_tag == DT_FLAGS_1 && (entry.d_un.d_val & DF_1_PIE) != 0;
  });
}

bool ElfFile::exports(std::string_view name) const {
  return has_symbol(name, true);
}

bool ElfFile::imports(std::string_view name) const {
  return has_symbol(name, false);
}

std::vector<ElfFunction> ElfFile::functions() const {
  const auto* section = find_section(SHT_SYMTAB);
  if (section == nullptr) section = find_section(SHT_DYNSYM);
  if (section == nullptr) return {};
  const std::string names = strings_for(*section);
  std::vector<ElfFunction> functions;
  for (const ElfSymbol& symbol : read_records<ElfSymbol>(section->sh_offset, section->sh_size)) {
    // What the macro takes is in the same place for 32 and 64 bits.
    if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF) continue;
    functions.push_back({symbol.st_value, symbol.st_size, std::string(c_string_at(names, symbol.st_name))});
  }
  std::ranges::sort(functions, {}, &ElfFunction::address);
  return functions;
}

std::optional<std::uint64_t> ElfFile::address_of(std::string_view name) const {
  const auto* const section = find_section(SHT_DYNSYM);
  if (section == nullptr) return std::nullopt;
  const std::string names = strings_for(*section);
  for (const ElfSymbol& symbol : read_records<ElfSymbol>(section->sh_offset, section->sh_size)) {
    if (symbol.st_shndx != SHN_UNDEF && c_string_at(names, symbol.st_name) == name) return symbol.st_value;
  }
  return std::nullopt;
}

std::filesystem::path ElfFile::loader() const {
  for (const ElfSegment& segment : segments()) {
    if (segment.p_type == PT_INTERP) return c_string_at(read(segment.p_offset, segment.p_filesz), 0);
  }
  return {};
}

std::vector<ElfSegment> ElfFile::segments() const {
  if (header_.e_phentsize != sizeof(ElfSegment)) return {};
  return read_records<ElfSegment>(header_.e_phoff, std::uint64_t{header_.e_phnum} * sizeof(ElfSegment));
}

bool ElfFile::has_symbol(std::string_view name, bool defined) const {
  const auto* const section = find_section(SHT_DYNSYM);
  if (section == nullptr) return false;
  const std::string names = strings_for(*section);
  const auto symbols = read_records<ElfSymbol>(section->sh_offset, section->sh_size);
  return std::any_of(symbols.begin(), symbols.end(), [&](const ElfSymbol& symbol) {
    return (symbol.st_shndx != SHN_UNDEF) == defined && c_string_at(names, symbol.st_name) == name;
  });
}

std::string ElfFile::soname() const {
  for (const ElfDynamic& entry : dynamic_entries()) {
    if (entry.d_tag != DT_SONAME) continue;
    return std::string(c_string_at(strings_for(*find_section(SHT_DYNAMIC)), entry.d_un.d_val));
  }
  return {};
}

std::string ElfFile::read_only_data() const {
  if (header_.e_shstrndx >= sections_.size()) return {};
  const std::string names = read_section(sections_[header_.e_shstrndx]);
  for (const auto& section : sections_) {
    if (c_string_at(names, section.sh_name) == ".rodata") return read_section(section);
  }
  return {};
}

std::string ElfFile::read(std::uint64_t offset, std::uint64_t size) const {
  if (offset > size_ || size > size_ - offset) return {};
  std::string bytes(size, '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got =
        ::pread(file_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (got <= 0) return {};
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

template <typename Record>
std::vector<Record> ElfFile::read_records(std::uint64_t offset, std::uint64_t size) const {
  const std::string bytes = read(offset, size);
  std::vector<Record> records(bytes.size() / sizeof(Record));
  if (!records.empty()) std::memcpy(records.data(), bytes.data(), records.size() * sizeof(Record));
  return records;
}

std::string ElfFile::read_section(const ElfSection& section) const {
  return section.sh_type == SHT_NOBITS ? std::string() : read(section.sh_offset, section.sh_size);
}

const ElfSection* ElfFile::find_section(std::uint32_t type) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [&](const ElfSection& section) { return section.sh_type == type; });
  return found == sections_.end() ? nullptr : &*found;
}

std::vector<ElfDynamic> ElfFile::dynamic_entries() const {
  const auto* const section = find_section(SHT_DYNAMIC);
  if (section == nullptr) return {};
  return read_records<ElfDynamic>(section->sh_offset, section->sh_size);
}

std::string ElfFile::strings_for(const ElfSection& section) const {
  return section.sh_link < sections_.size() ? read_section(sections_[section.sh_link]) : std::string();
}

}  // namespace harness
