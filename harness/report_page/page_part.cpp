// harness/report_page/page_part.cpp: a stored run, comparison, timeline or trace, read to be shown on a page.
#include "harness/report_page/page_part.h"

#include <algorithm>
#include <string_view>

#include "harness/compare/comparison_document.h"
#include "harness/compare/comparison_json.h"
#include "harness/compare/finished_process.h"
#include "harness/compare/journal.h"
#include "harness/compare/stored_run.h"
#include "harness/compare/stored_text.h"
#include "harness/error.h"
#include "harness/gil_trace/gil_report.h"
#include "harness/report/context.h"
#include "harness/report/run_document.h"
#include "harness/report/run_summary.h"
#include "harness/report_page/answer.h"
#include "harness/system/text.h"
#include "harness/tracer/stored_summary.h"
#include "harness/tracer/summary_document.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

/// "CPython 3.14.7t", "CPython 3.14.7, JIT on", as far as the context says it.
std::string interpreter_of(const Context& context) {
  if (context_value(context, "python_version").empty()) return "another program's run";
  const std::string jit = context_value(context, "jit");
  return "CPython " + version_of(context) + (jit == "on" || jit == "off" ? ", JIT " + jit : "");
}

bool is_warning(const std::string& key) {
  return key.starts_with("warning_");
}

/// The warnings of a context, in their order; each once.
void take_warnings(const Context& context, std::vector<std::string>& warnings) {
  for (int number = 1;; ++number) {
    const auto found = context.find("warning_" + std::to_string(number));
    if (found == context.end()) return;
    if (std::ranges::find(warnings, found->second) == warnings.end()) warnings.push_back(found->second);
  }
}

ContextEntries entries_of(const Context& context) {
  ContextEntries entries;
  for (const auto& [key, value] : context) {
    if (!is_warning(key)) entries.emplace_back(key, value);
  }
  return entries;
}

/// What this program knows of its own strategies, and what counters tell of a user's: where several threads
/// did as many times the items of one, each did the whole job.
void find_traits(std::vector<Row>& rows, const FindTraits& find) {
  std::map<std::string, double> items_of_one;
  for (Row& row : rows) {
    const std::string item_unit = row.traits.item_unit;
    if (const auto known = find(row.id)) {
      row.traits = *known;
      row.traits.item_unit = item_unit;
      continue;
    }
    if (row.traits.baseline) items_of_one[row.id.workload] = row.items();
    const auto one = items_of_one.find(row.id.workload);
    row.traits.each_does_all = !item_unit.empty() && one != items_of_one.end() && row.id.threads() > 0 &&
                               row.items() == one->second * row.id.threads() &&
                               (row.id.threads() > 1 || row.traits.baseline);
  }
}

/// Of each row the account of the repetition of median time, of those that have one.
std::map<std::string, std::map<std::string, double>> accounts_of(const StoredRun& run) {
  std::map<std::string, std::vector<const Row*>> repetitions;
  for (const std::vector<Row>& repetition : run.repetitions) {
    for (const Row& row : repetition) {
      if (row.counter("account_useful")) repetitions[row.name()].push_back(&row);
    }
  }
  std::map<std::string, std::map<std::string, double>> accounts;
  for (auto& [name, rows] : repetitions) {
    const auto middle = rows.begin() + static_cast<std::ptrdiff_t>((rows.size() - 1) / 2);
    std::ranges::nth_element(rows, middle, {}, [](const Row* row) { return row->median_s(); });
    for (const auto& [counter, value] : (*middle)->counters) {
      if (counter.starts_with("account_")) accounts[name][counter] = value;
    }
  }
  return accounts;
}

PagePart read_run(const std::string& text, const fs::path& file, const FindTraits& find) {
  const StoredRun run = stored_run_of(text, file);
  if (run.processes.empty()) throw UserError(file.string() + ": it has no rows");
  if (run.processes.size() > 1) {
    throw UserError(file.string() + ": it has the processes of one interpreter of a comparison; give the " +
                    "comparison's folder");
  }
  std::vector<Row> rows = run.processes.front();
  find_traits(rows, find);
  PagePart part = run_part(std::move(rows), run.context);
  part.accounts = accounts_of(run);
  for (const std::vector<Row>& repetition : run.repetitions) {
    for (const Row& row : repetition) {
      if (row.ok()) part.repetitions[row.name()].push_back(row.counters);
    }
  }
  return part;
}

/// What repeats a comparison: of one that was put together from parts also what ran these.
std::string command_of(const Comparison& comparison, const Context& facts) {
  const std::string own = context_value(facts, "command_line"),
                    part = context_value(facts, "part_command_line");
  if (part.empty() || !comparison.merged) return own;
  const std::string parts = std::to_string(comparison.merged->parts);
  return part + "\n# and so each part from --shard=1/" + parts + " to --shard=" + parts + "/" + parts +
         ", with an --out of its own; then\n" + own;
}

/// What the comparison's processes warned of, as it said at its end. Nothing where its journal is not there.
std::vector<std::string> warnings_of_processes(const fs::path& folder) {
  if (!fs::exists(folder / "journal.jsonl")) return {};
  const JournalContents journal = read_journal(folder);
  std::map<std::string, int> counts;
  for (const JournalEntry& entry : journal.entries) count_warnings(read_process(folder, entry), counts);
  return warning_sentences(counts, journal.entries.size());
}

PagePart read_comparison(const fs::path& file, const FindTraits& find) {
  StoredComparison stored =
      stored_comparison_of(stored_text(file, "it cannot be read; give the folder of a comparison"), file);
  std::vector<Context> contexts;
  if (stored.comparison.merged) return comparison_part(std::move(stored.comparison), stored.facts, {}, find);
  for (const std::string& label : stored.comparison.labels) {
    const fs::path of_label = file.parent_path() / (label + ".json");
    if (label.find('/') == std::string::npos && fs::exists(of_label))
      contexts.push_back(read_stored_run(of_label).context);
  }
  PagePart part = comparison_part(std::move(stored.comparison), stored.facts, contexts, find);
  part.document.warnings = warnings_of_processes(file.parent_path());
  return part;
}

PagePart read_timeline_part(const std::string& bytes, const fs::path& file) {
  const gil_trace::TimelineFile timeline = gil_trace::timeline_file_of(bytes, file);
  PagePart part{.kind = "timeline"};
  for (const auto& [key, value] : timeline.metadata) {
    part.document.facts.emplace_back(printable(key), printable(value));
    if (key == "row") part.title = printable(value);
    if (key == "command_line") part.command = printable(value);
  }
  if (part.title.empty()) part.title = file.filename().string();
  part.question = is_about_a_gil(timeline) ? "Who held the GIL in " + part.title + ", and who waited for it?"
                                           : "What did the threads of " + part.title + " wait for?";
  for (const auto& [about, answer] : answers_of(timeline))
    part.answers.emplace_back(printable(about), printable(answer));
  part.text = gil_trace::gil_report(timeline, false);
  part.timeline = fs::absolute(file);
  return part;
}

bool is_packed(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

}  // namespace

PagePart run_part(std::vector<Row> rows, const Context& context) {
  const std::string interpreter = interpreter_of(context);
  PagePart part{.kind = "run",
                .title = interpreter,
                .question = question_of(rows, interpreter),
                .document = run_document(rows, RunColumns(),
                                         {.gil_enabled = context_value(context, "gil_enabled") != "false",
                                          .version = version_of(context)}),
                .command = context_value(context, "command_line")};
  part.answers = answers_of(part.document, rows);
  part.document.facts = entries_of(context);
  take_warnings(context, part.document.warnings);
  if (context.contains("complete")) {
    part.document.warnings.insert(part.document.warnings.begin(),
                                  "the run is not complete: it ended before its last row");
  }
  for (const Row& row : rows) {
    if (row.outcome == Outcome::failed)
      part.document.warnings.push_back("failed: " + row.name() + ": " + row.reason);
  }
  part.rows = std::move(rows);
  return part;
}

PagePart comparison_part(Comparison comparison, const Context& facts, const std::vector<Context>& contexts,
                         const FindTraits& find_traits) {
  PagePart part{.kind = "comparison",
                .title = question_of(comparison),
                .question = question_of(comparison),
                .answers = answers_of(comparison),
                .document = comparison_document(comparison, find_traits),
                .command = command_of(comparison, facts)};
  part.document.facts = entries_of(facts);
  // What all say alike is said once.
  for (const Context& context : contexts) {
    if (&context != &contexts.front()) continue;
    for (const auto& entry : context) {
      const bool is_common =
          !is_warning(entry.first) && std::ranges::all_of(contexts, [&](const Context& other) {
            return context_value(other, entry.first) == entry.second;
          });
      if (is_common && !facts.contains(entry.first)) part.document.facts.push_back(entry);
    }
  }
  if (const auto& merged = comparison.merged) {
    part.document.warnings = merged->warnings;
    for (const auto& entry : merged->context) {
      if (!facts.contains(entry.first)) part.document.facts.push_back(entry);
    }
  }
  part.comparison = std::move(comparison);
  return part;
}

PagePart trace_part(tracer::Summary summary) {
  const std::string program = program_name(summary);
  PagePart part{.kind = "trace",
                .title = program,
                .question = question_of(summary, program),
                .document = tracer::summary_document(summary),
                .command = summary.program.command_line};
  part.answers = answers_of(summary, part.document);
  part.trace = std::move(summary);
  return part;
}

PagePart read_part(const fs::path& path, const FindTraits& find_traits) {
  if (!fs::exists(path)) throw UserError(path.string() + ": there is no such file or folder");
  if (fs::is_directory(path)) {
    if (fs::exists(path / "comparison.json")) return read_comparison(path / "comparison.json", find_traits);
    if (fs::exists(path / "journal.jsonl")) {
      throw UserError(path.string() +
                      ": its comparison has not ended; go on with it by: harness --resume=" + path.string());
    }
    if (!fs::exists(path / "result.json")) {
      throw UserError(path.string() +
                      ": it has no result.json and no comparison.json; give the folder of a " +
                      "run or of a comparison");
    }
    return read_part(path / "result.json", find_traits);
  }
  const std::string text = stored_text(
      path,
      "it cannot be read; give the folder of a run or of a comparison, a timeline, or a trace's report");
  constexpr std::size_t kBegin = 4096;
  const std::string_view begin = std::string_view(text).substr(0, kBegin);
  if (is_packed(text) || begin.find("\"traceEvents\"") != std::string_view::npos) {
    return read_timeline_part(text, path);
  }
  if (begin.find("\"cell_confidence\"") != std::string_view::npos) return read_comparison(path, find_traits);
  if (tracer::is_stored_summary(begin)) return trace_part(tracer::stored_summary_of(text, path));
  return read_run(text, path, find_traits);
}

}  // namespace harness
