// harness/report_page/page_part.h: a stored run, comparison, timeline or trace of a program, read to be shown
// on a page.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/compare/comparison.h"
#include "harness/report/document.h"
#include "harness/row/row.h"
#include "harness/tracer/summary.h"

namespace harness {

/// What a page has of one file or folder. Texts are printable.
struct PagePart {
  std::string kind = {};      ///< "run", "comparison", "timeline", "trace"
  std::string source = {};    ///< the path that it was read from
  std::string title = {};     ///< "CPython 3.14.7t", "3.14t against 3.14"
  std::string question = {};  ///< that it answers
  /// What answers it, each with what it is about: a workload, an interpreter.
  std::vector<std::pair<std::string, std::string>> answers = {};
  Document document = {};               ///< its facts are the context's
  std::string text = {};                ///< of a timeline, as `harness gil-report` prints it
  std::string command = {};             ///< that repeats it; "" where nothing says so
  std::filesystem::path timeline = {};  ///< the file, absolute; empty where it is none

  std::vector<Row> rows = {};  ///< of a run
  /// Of each of `rows`, by name: the account of its repetition of median time, whose parts add up to 1.
  std::map<std::string, std::map<std::string, double>> accounts = {};
  /// Of each of `rows`, by name: the counters of each repetition.
  std::map<std::string, std::vector<std::map<std::string, double>>> repetitions = {};
  std::optional<Comparison> comparison = {};
  std::optional<tracer::Summary> trace = {};
};

/// Reads `path`: the folder of a run or of a comparison, a result.json or other JSON of Google Benchmark's, a
/// comparison.json, a timeline, or what harness trace --report wrote. A folder of processes of a comparison
/// that has not ended, and what is neither, throws UserError, which names it and the mend. `find_traits`
/// completes what names and counters of stored rows say.
PagePart read_part(const std::filesystem::path& path, const FindTraits& find_traits);

/// The part that rows of a run make; `context` is that of the file.
PagePart run_part(std::vector<Row> rows, const std::map<std::string, std::string>& context);

/// That of a comparison. `facts` are what its file says besides, `contexts` those of its interpreters' runs;
/// one that was put together from parts has what is to be said of these itself.
PagePart comparison_part(Comparison comparison, const std::map<std::string, std::string>& facts,
                         const std::vector<std::map<std::string, std::string>>& contexts,
                         const FindTraits& find_traits);

/// That of a traced program.
PagePart trace_part(tracer::Summary summary);

}  // namespace harness
