// harness/run/installation.cpp: where the program finds its own files.
#include "harness/run/installation.h"

namespace harness {

Installation find_installation() {
  return installation_of(std::filesystem::read_symlink("/proc/self/exe"));
}

Installation installation_of(const std::filesystem::path& executable) {
  const std::filesystem::path folder = executable.parent_path();
  // The build folder links to the source tree's scripts and results, so that both are found from anywhere.
  if (std::filesystem::exists(folder / "harness_embed.so")) {
    return {.program = executable,
            .scripts = folder / "scripts",
            .embed_module = folder / "harness_embed.so",
            .codec_module = folder / "harness_codec.so",
            .kernels_module = folder / "harness_kernels.so",
            .cuda_module = folder / "harness_cuda.so",
            .guest_module = folder / "harness_guest.so",
            .tracer = folder / "harness_tracer.so",
            .launcher = folder / "harness_launcher",
            .report = folder / "results" / "report.py",
            .results = std::filesystem::weakly_canonical(folder / "results")};
  }
  const std::filesystem::path prefix = folder.parent_path();
  return {.program = executable,
          .scripts = prefix / "share/harness/scripts",
          .embed_module = prefix / HARNESS_MODULE_FOLDER / "harness_embed.so",
          .codec_module = prefix / HARNESS_MODULE_FOLDER / "harness_codec.so",
          .kernels_module = prefix / HARNESS_MODULE_FOLDER / "harness_kernels.so",
          .cuda_module = prefix / HARNESS_MODULE_FOLDER / "harness_cuda.so",
          .guest_module = prefix / HARNESS_MODULE_FOLDER / "harness_guest.so",
          .tracer = prefix / HARNESS_MODULE_FOLDER / "harness_tracer.so",
          .launcher = prefix / HARNESS_MODULE_FOLDER / "harness_launcher",
          .report = prefix / "share/harness/results/report.py",
          .results = "results"};
}

}  // namespace harness
