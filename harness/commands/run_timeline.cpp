// harness/commands/run_timeline.cpp: the file that --gil-trace asks for.
#include "harness/commands/run_timeline.h"

#include <unistd.h>

#include <iostream>
#include <system_error>

#include "harness/build_info.h"
#include "harness/commands/out_folder.h"
#include "harness/error.h"

namespace harness {

namespace fs = std::filesystem;

void check_timeline_file(const fs::path& file) {
  if (file.empty()) return;
  const auto refuse = [&](const std::string& why) {
    throw UserError("--gil-trace=" + file.string() + ": " + why);
  };
  // The whole file takes the place of whatever has its name: a device must not be lost that way.
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    refuse("is not a regular file; name one that is to be written, for instance gil.json");
  }
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (access(folder.c_str(), W_OK | X_OK) == 0) return;
  refuse("cannot write there: " + std::generic_category().message(errno) +
         "; name a file in a folder that you may write to");
}

void write_trace_files(const Observers& traces, const RunFacts& facts) {
  const Metadata metadata{{"interpreter", "CPython " + facts.python.version},
                          {"libpython", facts.libpython},
                          {"switch_interval_s", std::to_string(facts.python.switch_interval_s)},
                          {"harness", HARNESS_VERSION " (" HARNESS_COMMIT ")"},
                          {"command_line", facts.options.command_line}};
  TimelineExtras extras;
  for (const auto& trace : traces) trace->add_to(extras);
  for (const auto& trace : traces) {
    for (const std::string& what : trace->write_file(metadata, extras))
      std::cerr << "warning: " << what << '\n';
  }
}

}  // namespace harness
