// harness/trace/gzip.h: gzip files in memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace harness::trace {

/// `data` as a gzip file. The same data gives the same bytes.
std::string gzip(std::string_view data);

/// Whether `file` starts as a gzip file does.
bool is_gzip(std::string_view file);

/// The data of a gzip file. Throws std::runtime_error with what is wrong: it is damaged, ends too early, or
/// has more than `most_bytes` of data, of which no more than that is unpacked.
std::string gunzip(std::string_view file, std::size_t most_bytes);

}  // namespace harness::trace
