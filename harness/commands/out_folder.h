// harness/commands/out_folder.h: the folder that a run writes into.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "harness/cli/options.h"
#include "harness/embed/api.h"
#include "harness/image/codec.h"
#include "harness/workloads/workload.h"

namespace harness {

/// "3.13.5t", out of sys.version and the kind of build.
std::string short_version(const embed::Facts& python);

/// Makes the run's folder and sees that files can be written into it, before anything is timed: --out, or
/// `results`/<UTC time>-<what>, new, with a number behind it where there is one of that name. Throws
/// UserError.
std::filesystem::path make_out_folder(const Options& options, const std::filesystem::path& results,
                                      const std::string& what);

/// Writes each strategy's image once, for whichever thread count comes first: all are verified to be equal.
class Pictures {
 public:
  /// Into `folder`; where that is empty, nowhere. `codec` must outlive this.
  Pictures(std::filesystem::path folder, Codec& codec) : folder_(std::move(folder)), codec_(codec) {}

  /// Writes the first `items` pixels of it, as whole rows. A file that cannot be written costs no row.
  void keep(const Workload& workload, const Strategy& strategy, const Job& job, std::int64_t items);

  /// What could not be written, and why. From any thread.
  std::vector<std::string> failures() const;

 private:
  const std::filesystem::path folder_;
  Codec& codec_;
  std::vector<std::filesystem::path> tried_;
  mutable std::mutex lock_;
  std::vector<std::string> failures_;
};

}  // namespace harness
