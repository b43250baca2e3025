// harness/commands/stored_files_fuzz.cpp: libFuzzer target: the formats of files that the program reads.
//
// Built by the preset asan-ubsan, with clang; .ci/run runs it bounded, on
// harness/commands/stored_files_corpus.
//
// The first byte says what the rest is: 'r' a run or two, with a NUL between them, for `harness compare`; 'c'
// a comparison.json, for `harness report`; 'j' a comparison's journal, for --resume and `harness merge`; 't'
// a timeline, packed or not, for `harness gil-report`; 'p' what `harness trace --report` wrote, for `harness
// report`. What is read goes through all that the program makes of it without starting a process.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "harness/compare/comparison.h"
#include "harness/compare/comparison_document.h"
#include "harness/compare/comparison_json.h"
#include "harness/compare/context_differences.h"
#include "harness/compare/exports.h"
#include "harness/compare/journal.h"
#include "harness/compare/merge.h"
#include "harness/compare/rounds.h"
#include "harness/compare/stored_run.h"
#include "harness/error.h"
#include "harness/gil_trace/gil_report.h"
#include "harness/gil_trace/timeline_file.h"
#include "harness/report/renderers.h"
#include "harness/report_page/answer.h"
#include "harness/report_page/page_json.h"
#include "harness/row/test_rows.h"
#include "harness/tracer/stored_summary.h"

namespace {

using namespace harness;

/// A folder for what is read from a file and from nothing else. It goes with the process.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("harness-fuzz-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_ / "process");
  }
  ~Folder() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

const Folder& folder() {
  static const Folder folder;
  return folder;
}

/// All that is printed and written of a comparison.
void show(const Comparison& comparison) {
  const Document document = comparison_document(comparison, knows_none);
  for (const Renderer& renderer : all_renderers()) renderer.text(document, {.width = 80, .color = true});
  comparison_json(comparison, {{"seed", "1"}});
  fail_if_status(comparison, 0.05);
  any_failed(comparison);
}

void compare_runs(const std::string& text) {
  const std::size_t end = text.find('\0');
  const std::string first = text.substr(0, end);
  const std::string second = end == std::string::npos ? first : text.substr(end + 1);
  const StoredRun a = stored_run_of(first, "a.json");
  const StoredRun b = stored_run_of(second, "b.json");
  if (a.processes.empty() || b.processes.empty()) return;
  differences_of({a.context, b.context}, {"a", "b"}, {{"countdown_steps", "countdown steps"}});
  show(compare_unpaired(
      {{.label = "a", .processes = processes_of(a)}, {.label = "b", .processes = processes_of(b)}}, {}));
  const std::filesystem::path file = folder().write("result.json", first);
  benchmark_json_of({{1, file}, {2, file}});
  pyperf_json_of({{1, file}, {2, file}});
  page_json(std::vector{run_part(a.processes.front(), a.context)});
}

void show_comparison(const std::string& text) {
  StoredComparison stored = stored_comparison_of(text, "comparison.json");
  show(stored.comparison);
  page_json(std::vector{comparison_part(std::move(stored.comparison), stored.facts, {}, knows_none)});
}

constexpr const char* kResult = R"({"benchmarks": [{"run_name": "a/python/threads:1", "run_type": "iteration",
  "real_time": 5, "cpu_time": 5, "time_unit": "ms"}]})";

/// Puts the one part together that the journal is of.
void merge() {
  const Parts parts = read_parts({folder().path()});
  missing_of(parts);
  show(merge_parts(parts, {}).comparison);
}

/// Replays the rounds that are finished. No further one is wanted, so that no process starts.
void resume(const std::string& text) {
  folder().write("process/result.json", kResult);
  folder().write("journal.jsonl", text);
  if (read_journal(folder().path()).plan.part) merge();
  Journal journal = Journal::open(folder().path());
  const ComparisonPlan plan = journal.plan();
  if (!difference_of(plan, plan).empty()) std::abort();
  const RoundsConfig config{.program = "/nowhere",
                            .folder = folder().path(),
                            .more_flags = {},
                            .settings = {},
                            .rounds = 0,
                            .budget_s = {},
                            .timeout = {},
                            .changed = [](const auto&, auto) { return std::string(); },
                            .starting = [](int) { std::abort(); },
                            .failed = {}};
  show(run_rounds(journal, config).comparison);
}

void report_on(const std::string& text) {
  const gil_trace::TimelineFile file = gil_trace::timeline_file_of(text, "gil.json");
  gil_trace::gil_report(file, true);
  answers_of(file);
}

void show_trace(const std::string& text) {
  page_json(std::vector{trace_part(tracer::stored_summary_of(text, "trace.json"))});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] == 'r') compare_runs(text);
    if (data[0] == 'c') show_comparison(text);
    if (data[0] == 'j') resume(text);
    if (data[0] == 't') report_on(text);
    if (data[0] == 'p') show_trace(text);
  } catch (const UserError&) {  // refused: whatever else is thrown is a fault
  }
  return 0;
}
