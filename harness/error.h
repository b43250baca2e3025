// harness/error.h: the kinds of error that are reported; our own bugs assert instead.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace harness {

/// The user's mistake. The message names the flag or file and the mend. The process ends with exit 2.
struct UserError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An experiment that failed. Its row says why, the others go on, the process ends with exit 1.
struct ExperimentError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An experiment that has no meaning on this interpreter or machine, which is nobody's failure. Its row says
/// why; `mend` is the command that would change it, "" where there is none.
struct NotApplicable : std::runtime_error {
  static constexpr std::string_view kToGetIt = "; to get it: ";

  /// `reason` may have the command behind kToGetIt, as what() of another process has it.
  explicit NotApplicable(const std::string& reason) : std::runtime_error(reason) {
    const std::size_t found = reason.find(kToGetIt);
    if (found != std::string::npos) mend = reason.substr(found + kToGetIt.size());
  }
  NotApplicable(const std::string& reason, const std::string& command)
      : NotApplicable(reason + std::string(kToGetIt) + command) {}

  std::string mend = {};
};

}  // namespace harness
