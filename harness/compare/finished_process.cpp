// harness/compare/finished_process.cpp: what a process of a comparison has left, read back.
#include "harness/compare/finished_process.h"

#include <optional>
#include <utility>

#include "harness/compare/child.h"
#include "harness/compare/kept_rows.h"
#include "harness/error.h"
#include "harness/row/counters.h"
#include "harness/system/text.h"

namespace harness {
namespace {

bool is_interleaved(const std::map<std::string, std::string>& context) {
  const auto said = context.find(kInterleaved);
  return said != context.end() && said->second == "true";
}

}  // namespace

FinishedProcess read_process(const std::filesystem::path& folder, const JournalEntry& entry, bool with_work) {
  FinishedProcess finished{.process = {.round = entry.round, .failure = entry.failure, .rows = {}},
                           .context = {}};
  if (!entry.failure.empty()) return finished;
  if (const auto text = read_text_file(folder / entry.folder / kKeptRows)) {
    if (std::optional<FinishedProcess> kept = finished_of_kept_rows(*text)) {
      kept->process.round = entry.round;
      kept->process.interleaved = is_interleaved(kept->context);
      return *std::move(kept);
    }
  }
  try {
    ChildResult result = read_child_result(folder / entry.folder);
    for (Row& row : result.rows) {
      std::erase_if(row.counters, [&](const auto& counter) {
        const bool is_work = with_work && counter.first == row.traits.item_unit;
        return !is_work && !info_of(counter.first).shown.kept;
      });
    }
    finished.process.rows = std::move(result.rows);
    finished.context = std::move(result.context);
    finished.process.interleaved = is_interleaved(finished.context);
  } catch (const UserError& error) {
    finished.process.failure = error.what();
  }
  return finished;
}

void count_warnings(const FinishedProcess& finished, std::map<std::string, int>& warnings) {
  for (const auto& [key, value] : finished.context) {
    if (key.starts_with("warning_")) ++warnings[value.substr(0, value.find(':'))];
  }
}

}  // namespace harness
