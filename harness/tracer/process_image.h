// harness/tracer/process_image.h: another process's memory: what is loaded where, and what is in it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/interpreter/elf_file.h"

namespace harness::tracer {

/// The instruction before a return address: of its bytes those that matter.
struct CallBefore {
  enum Kind : std::uint8_t { none, direct, through_memory, through_register };
  Kind kind = none;
  std::int32_t distance = 0;  ///< from the return address to what is called, or to where that is written
};

/// `before` are the bytes up to the return address.
CallBefore call_before(std::string_view before);

/// The files that a process has mapped, as they were when it was looked at last; so that addresses have names
/// after its end, too. By one thread at a time.
class ProcessImage {
 public:
  explicit ProcessImage(pid_t process) : process_(process) {}

  /// Looks again. What is not mapped any more stays known, as long as nothing else has come in its place.
  void look();

  /// The function that the return address is in, "" where no symbol covers it; and the file, "" where none is
  /// mapped there.
  struct Place {
    std::string function = {};
    std::string file = {};

    /// The file's name without its folder.
    std::string library() const { return file.substr(file.rfind('/') + 1); }
  };
  Place place_of(std::uintptr_t return_address);

  /// Whether a file's code is mapped there.
  bool has_code(std::uintptr_t address) const;

  /// So many bytes there; fewer where fewer can be read.
  std::string read(std::uintptr_t address, std::size_t bytes) const;

  /// The functions that a stack returns to, from the innermost outwards, for a thread that is blocked there:
  /// not unwound, but read. A word of the stack counts that points behind a call of the function which the
  /// last one that counted is in. What calls by a register may be any function's: that one counts only where
  /// no other does.
  std::vector<std::uintptr_t> callers(std::uintptr_t stack_pointer, std::uintptr_t program_counter);

  /// What is added to the addresses in a file; nothing where it is not mapped.
  std::optional<std::uintptr_t> base_of(const std::string& file) const;

 private:
  struct Mapping {
    std::uintptr_t end;
    bool is_code;
    std::string file;
  };
  const std::vector<ElfFunction>& functions_of(const std::string& file);
  std::uintptr_t called_before(std::uintptr_t return_address, const CallBefore& call) const;
  bool are_of_one_function(std::uintptr_t begin, std::uintptr_t address);
  std::map<std::uintptr_t, Mapping>::const_iterator mapping_at(std::uintptr_t address) const;

  const pid_t process_;
  std::map<std::uintptr_t, Mapping> mappings_;   // by where they begin
  std::map<std::string, std::uintptr_t> bases_;  // of files
  std::map<std::string, std::vector<ElfFunction>> functions_;
};

/// The mappings of files in the text of /proc/PID/maps: "begin-end perms offset device inode path".
struct FileMapping {
  std::uintptr_t begin, end;
  std::uint64_t offset;
  bool is_code;
  std::string file;
};
std::vector<FileMapping> file_mappings(std::string_view maps);

}  // namespace harness::tracer
