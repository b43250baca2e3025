// harness/cython/build_extension.h: from a .pyx to an extension module of one interpreter, built on demand.
#pragma once

#include <filesystem>
#include <string>

namespace harness {

/// What an extension module is built for, and where it is kept.
struct ExtensionBuild {
  std::filesystem::path python;  ///< the interpreter's executable; empty: unknown, and nothing can be built
  std::filesystem::path cache;   ///< a folder, made where there is none; empty: nothing can be built
  std::string flags;             ///< for the C compiler, with spaces between them
};

/// The extension module made from `source`, named as it is but for ".so". It is built once for an
/// interpreter, a version of Cython, a compiler, flags and the source's contents, and then found in the
/// cache. Several processes may build it at a time: each finds either nothing or the whole file. The
/// interpreter itself runs the build; $CC, else cc, gcc or clang on $PATH compiles. Throws NotApplicable,
/// which says how to get it, where Cython, a compiler or the interpreter's headers are missing, and
/// ExperimentError where the build fails.
std::filesystem::path build_extension(const std::filesystem::path& source, const ExtensionBuild& build);

}  // namespace harness
