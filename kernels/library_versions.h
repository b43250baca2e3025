// kernels/library_versions.h: the libraries that the kernels run on.
#pragma once

#include <string>

namespace kernels {

/// The date of the OpenMP specification that the compiler implements, and whose runtime this is:
/// "201511 (libgomp)".
std::string openmp_version();

/// How many threads OpenMP gives at most, whatever is asked for: OMP_THREAD_LIMIT.
int openmp_thread_limit();

/// How many parallel regions within one another have several threads: OMP_MAX_ACTIVE_LEVELS. With 0 none has.
int openmp_levels();

/// Whether OpenMP may give fewer threads than it is asked for: OMP_DYNAMIC.
bool openmp_is_dynamic();

/// "4.6.0"
std::string opencv_version();

}  // namespace kernels
