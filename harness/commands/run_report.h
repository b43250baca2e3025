// harness/commands/run_report.h: what is left of a run: result.json, and what is printed at its end.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "harness/commands/out_folder.h"
#include "harness/commands/run_context.h"
#include "harness/google_benchmark/reporter.h"
#include "harness/report/document.h"
#include "harness/report/warnings.h"
#include "harness/system/cpu_activity.h"

namespace harness {

/// Whether standard output shows rows as they finish.
inline bool shows_rows(const Options& options) {
  return options.format == kConsole || options.format == kGbench;
}

/// In the folder of a comparison's process, where there are any: the modules' files that its scripts have
/// imported, a line each.
inline constexpr const char* kImportedFiles = "imported_files.txt";

class RunReport {
 public:
  /// From now on is watched what else the machine does. All but `folder` must outlive this.
  RunReport(const RunFacts& facts, std::filesystem::path folder, RowReporter& rows, const Pictures& pictures)
      : facts_(facts), folder_(std::move(folder)), rows_(rows), pictures_(pictures) {}

  /// Writes result.json with the rows that there are, and that more are to come; once save() has been called,
  /// nothing. From any thread. Where it cannot be written, save() will say so.
  void save_so_far();

  /// Has it among the warnings.
  void warn(const std::string& text);

  /// Writes kImportedFiles. Throws UserError.
  void save_imported_files(const std::string& files) const;

  /// Writes result.json into the run's folder; a second call does nothing. From any thread. Throws UserError
  /// where it cannot be written.
  void save(bool gil_enabled_at_end, int interrupted);

  /// After save(): standard output in the format that was asked for, and the warnings on standard error.
  /// Throws UserError where standard output cannot be written.
  void print() const;

 private:
  /// Throws UserError.
  void write(const std::string& name, const std::string& text) const;
  Document document(const std::vector<Row>& rows) const;
  Conditions conditions() const;

  const RunFacts& facts_;
  const std::filesystem::path folder_;
  RowReporter& rows_;
  const Pictures& pictures_;
  const std::optional<CpuActivity> start_ = CpuActivity::now();
  std::mutex lock_;
  std::string json_;
  std::vector<std::string> more_warnings_;
  std::vector<std::string> warnings_;
};

}  // namespace harness
