// harness/system/atomic_file.h: a file that is written whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace harness {

/// Makes `contents` the contents of `path`: whoever opens it sees the old file or the whole new one, also
/// after a crash. A symbolic link at `path` is replaced, not followed. The folder must exist. Throws
/// std::system_error that names the file and the reason (folder not writable, disk full, …) and then leaves
/// `path` as it was and nothing beside it.
void write_file_atomically(const std::filesystem::path& path, std::string_view contents);

/// The same without waiting for the disk: a crash of the machine, and not of this process, may lose it.
void write_file_soon(const std::filesystem::path& path, std::string_view contents);

}  // namespace harness
