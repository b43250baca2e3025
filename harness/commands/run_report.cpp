// harness/commands/run_report.cpp: what is left of a run: result.json, and what is printed at its end.
#include "harness/commands/run_report.h"

#include <iostream>
#include <system_error>

#include "harness/report/renderers.h"
#include "harness/report/run_document.h"
#include "harness/system/atomic_file.h"
#include "harness/system/cpu_topology.h"
#include "harness/system/text.h"
#include "kernels/library_versions.h"

namespace harness {

void RunReport::save_so_far() {
  const std::lock_guard guard(lock_);
  if (!json_.empty()) return;
  try {
    write_file_soon(folder_ / "result.json", rows_.json(context_of(facts_), false));
  } catch (const std::system_error&) {
  }
}

void RunReport::warn(const std::string& text) {
  const std::lock_guard guard(lock_);
  more_warnings_.push_back(text);
}

void RunReport::save(bool gil_enabled_at_end, int interrupted) {
  const std::lock_guard guard(lock_);
  if (!json_.empty()) return;
  warnings_ = warnings_of(conditions(), rows_.rows());
  for (const std::string& failure : pictures_.failures()) warnings_.push_back(failure);
  warnings_.insert(warnings_.end(), more_warnings_.begin(), more_warnings_.end());
  ContextEntries context = context_of(facts_);
  add_end(gil_enabled_at_end, warnings_, interrupted, context);
  json_ = rows_.json(context, interrupted == 0);
  write("result.json", json_);
}

void RunReport::save_imported_files(const std::string& files) const {
  write(kImportedFiles, files + "\n");
}

void RunReport::write(const std::string& name, const std::string& text) const {
  const std::filesystem::path file = folder_ / name;
  try {
    std::filesystem::create_directories(folder_);  // a script may have removed it
    write_file_atomically(file, text);
  } catch (const std::system_error& error) {
    throw UserError("--out: cannot write " + file.string() + ": " + error.code().message() +
                    "; give a folder with room in it");
  }
}

void RunReport::print() const {
  const Options& options = facts_.options;
  if (options.format == kJson) {
    std::cout << json_;
  } else if (shows_rows(options)) {
    std::cout << "\nresults: " << printable((folder_ / "result.json").string()) << '\n';
  } else {
    std::cout << find_renderer(options.format)
                     ->text(document(rows_.rows()), {.width = options.width, .color = options.color_output});
  }
  // What an isolated row is to be warned of, the run that it is a row of says.
  if (!options.isolated) {
    for (const std::string& warning : warnings_) std::cerr << "warning: " << printable(warning) << '\n';
  }
  if (!std::cout.flush())
    throw UserError("standard output cannot be written; the results are in " + printable(folder_.string()));
}

Document RunReport::document(const std::vector<Row>& rows) const {
  Document document = run_document(rows, RunColumns(facts_.options.columns), ran_on(facts_.python));
  document.facts = facts_of(context_by_key(facts_));
  document.facts.emplace_back("command", facts_.options.command_line);
  document.warnings = warnings_;
  return document;
}

Conditions RunReport::conditions() const {
  Conditions conditions{.debug_build = HARNESS_DEBUG_BUILD,
                        .debug_interpreter = facts_.python.debug,
                        .allowed_cores = allowed_cores(facts_.machine),
                        .cpu_quota_cores = facts_.machine.cpu_quota_cores,
                        .physical_cores = count_cores(cores_of(facts_.machine.allowed_cpus)),
                        .pinned = facts_.pinning.is_on(),
                        .aslr_is_off = facts_.machine.aslr == "off",
                        .openmp_thread_limit = kernels::openmp_thread_limit(),
                        .openmp_levels = kernels::openmp_levels(),
                        .openmp_dynamic = kernels::openmp_is_dynamic(),
                        .environment = facts_.options.environment,
                        .governor = facts_.machine.governor,
                        .others = {},
                        .stolen = {}};
  const auto now = CpuActivity::now();
  if (const auto shares = start_ && now ? cpu_shares(*start_, *now) : std::nullopt) {
    // Of one that takes turns these are those whose turn it was.
    if (!facts_.options.turns) conditions.others = shares->others;
    conditions.stolen = shares->stolen;
  }
  return conditions;
}

}  // namespace harness
