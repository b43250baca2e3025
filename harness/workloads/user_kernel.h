// harness/workloads/user_kernel.h: a native kernel of the user's own, from a shared library.
#pragma once

#include <filesystem>

#include "kernels/image_view.h"

namespace harness {

/// What --kernel=FILE names: a library as kernels/harness_kernel.h has it. For one thread at a time.
class UserKernel {
 public:
  /// Nothing is loaded yet, so that what is wrong with the file is its row's failure and no other's.
  explicit UserKernel(std::filesystem::path file)
      : file_(std::move(file)), absolute_(file_.empty() ? file_ : std::filesystem::absolute(file_)) {}

  /// Loads the library on first use, and runs its function. Throws ExperimentError where it cannot be loaded,
  /// is not made for this version, or says that it failed.
  void run(const kernels::BgrView& source, const kernels::GrayView& gray, int threads);

 private:
  void load();

  const std::filesystem::path file_;      // as it was named
  const std::filesystem::path absolute_;  // a script may change the folder
  void* function_ = nullptr;              // harness_grayscale; null until it is loaded
};

}  // namespace harness
