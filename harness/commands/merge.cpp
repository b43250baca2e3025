// harness/commands/merge.cpp: harness merge DIR...: the parts of a comparison, put together.
#include "harness/compare/merge.h"

#include <algorithm>
#include <iostream>
#include <system_error>

#include "harness/commands/commands.h"
#include "harness/commands/comparison_plan.h"
#include "harness/commands/comparison_report.h"
#include "harness/commands/out_folder.h"
#include "harness/compare/finished_process.h"
#include "harness/error.h"
#include "harness/report/run_summary.h"
#include "harness/run/installation.h"

namespace harness {
namespace {

/// The command that ran the first of the parts.
std::string part_command_line(const Request& request, const Parts& parts) {
  const std::vector<std::string>& arguments = parts.parts.front().arguments;
  std::vector<std::string> words{request.options.arguments.front()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return typed(words);
}

/// The interpreters, and what all processes say alike of where they ran: in what machines differ, the notes
/// say.
ContextEntries shown_of(const MergedComparison& merged) {
  const auto is_interpreter = [](const auto& fact) { return fact.first.starts_with("interpreter"); };
  ContextEntries shown = facts_of(merged.comparison.labels, merged.contexts);
  std::erase_if(shown, [&](const auto& fact) { return !is_interpreter(fact); });
  ContextEntries common = facts_of(merged.comparison.merged->context);
  std::erase_if(common, is_interpreter);
  shown.insert(shown.end(), common.begin(), common.end());
  return shown;
}

/// Puts the parts together, prints and writes what they come to: 0, 1, 3 and 4 as compare_interpreters() has
/// it. Throws UserError before anything is written where they are not parts of one comparison.
int perform_merge(const Request& request) {
  const Options& options = request.options;
  check_columns_of_processes(options);
  std::vector<std::filesystem::path> folders;
  for (const std::filesystem::path& folder : options.operands) folders.push_back(folder.lexically_normal());
  const Parts parts = read_parts(folders);
  if (std::ranges::all_of(parts.parts, [](const Part& part) { return part.entries.empty(); }))
    throw UserError("merge: no part has finished a round yet");
  std::error_code none;  // a folder that is not there yet is no part's
  for (const Part& part : parts.parts) {
    if (!std::filesystem::equivalent(part.folder, options.out, none)) continue;
    throw UserError("--out=" + options.out.string() + ": it is the folder of a part; give another one");
  }
  const std::filesystem::path out = make_out_folder(options, find_installation().results, "merge");
  print_warnings(missing_of(parts));
  const MergedComparison merged =
      merge_parts(parts, {.margin = options.compare.margin, .confidence = options.compare.confidence});
  const auto rounds = static_cast<std::size_t>(parts.plan.part->rounds);
  const std::string seed = std::to_string(parts.plan.seed),
                    there = std::to_string(rounds - merged.comparison.merged->missing_rounds.size()),
                    part_command = part_command_line(request, parts);
  ComparisonFacts facts{.stored = {{"seed", seed},
                                   {"rounds", there},
                                   {"folder", out.string()},
                                   {"command_line", options.command_line},
                                   {"part_command_line", part_command}},
                        .shown = shown_of(merged),
                        .warnings = merged.comparison.merged->warnings};
  facts.shown.insert(facts.shown.end(), {{"seed", seed},
                                         {"rounds", there},
                                         {"command", options.command_line},
                                         {"command of a part", part_command}});
  print_comparison(options, merged.comparison, facts);
  if (options.format == kConsole) std::cout << "results: " << out.string() << '\n';
  std::cout.flush();
  print_warnings(warning_sentences(merged.warnings, merged.processes));
  write_comparison_files(options, out, merged.comparison, facts);
  return comparison_status(merged.comparison, merged.failed, options.compare.fail_if_slower);
}

}  // namespace

CommandEntry merge_command() {
  return {
      {.name = "merge",
       .help = "Put the parts of a comparison together that ran with --shard, each on a machine of its own",
       .operand = "DIR",
       .operand_help = "The parts' folders, in any order.\n"
                       "--out=DIR keeps the whole as a comparison's folder; without it, it is only printed",
       .several = true,
       .runs = Runs::stored,
       .shared_flags = {"--margin", "--confidence", "--fail-if", "--out", "--format", "--columns",
                        "--color"}},
      perform_merge};
}

}  // namespace harness
