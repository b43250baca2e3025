// harness/compare/child.h: one process of a comparison: an ordinary run of this program.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/compare/comparison.h"
#include "harness/report/context.h"
#include "harness/system/subprocess.h"

namespace harness {

/// How a process ended, as a comparison reads it.
struct ChildEnd {
  std::string failure;     ///< why it has no result; empty where it has one
  std::string user_error;  ///< what it refused its command line with (exit 2); empty otherwise
};

/// Reads how a child ended whose result.json, if there is one, is in `folder`. `timeout` is what it was
/// given.
ChildEnd end_of_child(const ProcessResult& result, const std::filesystem::path& folder,
                      std::chrono::milliseconds timeout);

/// The rows and the context of a process that has a result. Throws UserError where its file is missing or
/// damaged.
struct ChildResult {
  std::vector<Row> rows;
  Context context;
};
ChildResult read_child_result(const std::filesystem::path& folder);

}  // namespace harness
