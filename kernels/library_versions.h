// kernels/library_versions.h: the libraries that the kernels run on.
#pragma once

#include <string>

namespace kernels {

/// The date of the OpenMP specification that the compiler implements, and whose runtime this is:
/// "201511 (libgomp)".
std::string openmp_version();

/// How many threads OpenMP gives at most, whatever is asked for: OMP_THREAD_LIMIT.
int openmp_thread_limit();

/// "4.6.0"
std::string opencv_version();

}  // namespace kernels
