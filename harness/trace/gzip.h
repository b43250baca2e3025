// harness/trace/gzip.h: gzip files in memory.
#pragma once

#include <string>
#include <string_view>

namespace harness::trace {

/// `data` as a gzip file. The same data gives the same bytes.
std::string gzip(std::string_view data);

/// Whether `file` starts as a gzip file does.
bool is_gzip(std::string_view file);

/// The data of a gzip file. Throws std::runtime_error with what is wrong: damaged, or ends too early.
std::string gunzip(std::string_view file);

}  // namespace harness::trace
