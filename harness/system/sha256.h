// harness/system/sha256.h: the SHA-256 of a file, so that a report can say which library or image it was.
#pragma once

#include <filesystem>
#include <string>

namespace harness {

/// The SHA-256 of the file's bytes as 64 lower-case hexadecimal digits. Reads it piece by piece, so its size
/// does not matter. Throws std::system_error, naming the file, when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace harness
