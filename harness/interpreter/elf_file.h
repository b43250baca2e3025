// harness/interpreter/elf_file.h: what an ELF file says of itself, without loading it or running its code.
#pragma once

#include <elf.h>
#include <link.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/system/file_descriptor.h"

namespace harness {

/// For which kind of processor a file is built.
struct Architecture {
  std::uint8_t file_class;  ///< ELFCLASS32 or ELFCLASS64
  std::uint8_t byte_order;  ///< ELFDATA2LSB or ELFDATA2MSB
  std::uint16_t machine;    ///< EM_X86_64, EM_AARCH64, …

  friend bool operator==(const Architecture&, const Architecture&) = default;
};

/// That of this running program, out of its own file. Throws std::system_error where that cannot be opened.
Architecture own_architecture();

/// "64-bit x86-64"; a machine without a name here is given by its number.
std::string describe(const Architecture& architecture);

/// The records of an ELF file of this program's own class.
using ElfHeader = ElfW(Ehdr);
using ElfSegment = ElfW(Phdr);
using ElfSection = ElfW(Shdr);
using ElfSymbol = ElfW(Sym);
using ElfDynamic = ElfW(Dyn);

/// A function in a file's code.
struct ElfFunction {
  std::uint64_t address = 0;  ///< in the file; where it is loaded is added to it
  std::uint64_t size = 0;     ///< bytes
  std::string name = {};
};

/// An open ELF file. Its architecture is known for any; the rest only for this program's own architecture
/// (else: false and empty). Damaged or truncated files answer false and empty, too. Format: elf(5).
class ElfFile {
 public:
  /// Nothing when the file cannot be read or does not start as an ELF file does.
  static std::optional<ElfFile> open(const std::filesystem::path& path);

  const Architecture& architecture() const noexcept { return architecture_; }

  /// A shared library, as opposed to a program, which may also be position-independent.
  bool is_shared_library() const;
  /// Whether it can be loaded anywhere, so that where it was is added to its addresses.
  bool is_position_independent() const { return header_.e_type == ET_DYN; }
  /// Whether the dynamic symbol table defines `name`.
  bool exports(std::string_view name) const;
  /// Whether it asks others for it.
  bool imports(std::string_view name) const;
  /// All functions that it has symbols of: its symbol table's, or, where that was stripped, the dynamic
  /// one's. In the order of their addresses; one may have several names.
  std::vector<ElfFunction> functions() const;
  /// The address in the file of what the dynamic symbol table defines as `name`.
  std::optional<std::uint64_t> address_of(std::string_view name) const;
  /// The program's loader (PT_INTERP), empty for a library and for a program that is linked without one.
  std::filesystem::path loader() const;
  /// The name that the library gives itself (DT_SONAME), empty when it gives none.
  std::string soname() const;
  /// The bytes of the section .rodata, which holds the string constants.
  std::string read_only_data() const;

 private:
  ElfFile(FileDescriptor file, const Architecture& architecture);

  std::string read(std::uint64_t offset, std::uint64_t size) const;
  template <typename Record>
  std::vector<Record> read_records(std::uint64_t offset, std::uint64_t size) const;
  std::string read_section(const ElfSection& section) const;
  const ElfSection* find_section(std::uint32_t type) const;
  std::vector<ElfSegment> segments() const;
  bool has_symbol(std::string_view name, bool defined) const;
  std::vector<ElfDynamic> dynamic_entries() const;
  std::string strings_for(const ElfSection& section) const;

  FileDescriptor file_;
  Architecture architecture_;
  std::uint64_t size_ = 0;
  ElfHeader header_{};
  std::vector<ElfSection> sections_;
};

}  // namespace harness
