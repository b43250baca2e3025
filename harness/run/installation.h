// harness/run/installation.h: where the program finds its own files.
#pragma once

#include <filesystem>
#include <string>

namespace harness {

/// The program's files, found relative to its executable: in the build folder, or below an install prefix.
struct Installation {
  std::filesystem::path program;         ///< the executable itself
  std::filesystem::path scripts;         ///< folder of the workloads' scripts
  std::filesystem::path embed_module;    ///< harness_embed.so
  std::filesystem::path codec_module;    ///< harness_codec.so
  std::filesystem::path kernels_module;  ///< harness_kernels.so
  std::filesystem::path cuda_module;     ///< harness_cuda.so, where the build has one
  std::filesystem::path guest_module;    ///< harness_guest.so
  std::filesystem::path tracer;          ///< harness_tracer.so
  std::filesystem::path launcher;        ///< harness_launcher
  std::filesystem::path report;          ///< results/report.py, which draws a page
  std::filesystem::path results;         ///< where runs' folders go by default: ./results once installed
};

/// Throws std::runtime_error where /proc/self/exe cannot be read.
Installation find_installation();

/// The same for an executable at `executable`, whose folder tells a build from an installation.
Installation installation_of(const std::filesystem::path& executable);

}  // namespace harness
