// harness/system/private_memory.h: how much memory a process has to itself.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <istream>
#include <optional>

namespace harness {

/// Bytes of pages that the process has written to and shares with no other (Private_Dirty and Private_Hugetlb
/// of /proc/PID/smaps_rollup, proc(5)). What it only reads of files does not count: such a page is private
/// until any other process maps the file, too. Nothing where Linux does not say.
std::optional<std::int64_t> private_bytes(pid_t process);

/// The same of such a file's text.
std::optional<std::int64_t> private_bytes_in(std::istream& smaps_rollup);

}  // namespace harness
