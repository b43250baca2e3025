// harness/commands/commands.cpp: the table of commands.
#include "harness/commands/commands.h"

#include <algorithm>
#include <array>

#include "harness/commands/known_rows.h"
#include "harness/report/renderers.h"
#include "harness/workloads/workload.h"

namespace harness {
namespace {

int perform_run(const Request& request) {
  const Options& options = request.options;
  if (options.list) return list_rows(request);
  if (options.list_pythons) return list_pythons(request);
  return options.compares ? compare_interpreters(request) : run(request);
}

}  // namespace

std::span<const CommandEntry> all_commands() {
  static const std::array table{
      CommandEntry{{.name = "run", .help = "Run the rows; what no command means", .runs = Runs::rows},
                   perform_run},
      compare_files_command(),
      merge_command(),
      bisect_run_command(),
      gil_report_command(),
      trace_command(),
      report_command(),
  };
  return table;
}

Vocabulary vocabulary() {
  Vocabulary vocabulary{.commands = {},
                        .workloads = {},
                        .strategies = {},
                        .parameters = parameters_of(all_workloads()),
                        .formats = {kGbench, kJson},
                        .on_request = names_on_request()};
  for (const Renderer& renderer : all_renderers()) vocabulary.formats.emplace_back(renderer.name);
  for (const CommandEntry& command : all_commands()) vocabulary.commands.push_back(command.words);
  const ParameterValues values(vocabulary.parameters);
  for (const Workload& workload : all_workloads()) {
    vocabulary.workloads.push_back(workload.name);
    for (const Strategy& strategy : workload.strategies(values)) {
      const auto known = std::ranges::find(vocabulary.strategies, strategy.name,
                                           &std::pair<std::string, std::string>::first);
      if (known == vocabulary.strategies.end())
        vocabulary.strategies.emplace_back(strategy.name, strategy.summary);
    }
  }
  return vocabulary;
}

}  // namespace harness
