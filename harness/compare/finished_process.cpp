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

bool is_interleaved(const Context& context) {
  const auto said = context.find(kInterleaved);
  return said != context.end() && said->second == "true";
}

FinishedProcess read_result(const std::filesystem::path& folder) {
  FinishedProcess finished;
  try {
    ChildResult result = read_child_result(folder);
    for (Row& row : result.rows) {
      std::erase_if(row.counters, [&](const auto& counter) {
        return counter.first != row.traits.item_unit && !info_of(counter.first).shown.kept;
      });
    }
    finished.process.rows = std::move(result.rows);
    finished.context = std::move(result.context);
  } catch (const UserError& error) {
    finished.process.failure = error.what();
  }
  return finished;
}

}  // namespace

FinishedProcess read_process(const std::filesystem::path& folder, const JournalEntry& entry) {
  FinishedProcess finished;
  finished.process.failure = entry.failure;
  if (entry.failure.empty()) {
    const std::filesystem::path own = folder / entry.folder;
    const auto text = read_text_file(own / kKeptRows);
    std::optional<FinishedProcess> kept = text ? finished_of_kept_rows(*text) : std::nullopt;
    finished = kept ? *std::move(kept) : read_result(own);
  }
  finished.process.round = entry.round;
  finished.process.interleaved = is_interleaved(finished.context);
  return finished;
}

void count_warnings(const FinishedProcess& finished, std::map<std::string, int>& warnings) {
  for (const auto& [key, value] : finished.context) {
    if (key.starts_with("warning_")) ++warnings[value.substr(0, value.find(':'))];
  }
}

std::vector<std::string> warning_sentences(const std::map<std::string, int>& warnings,
                                           std::size_t processes) {
  std::vector<std::string> sentences;
  for (const auto& [warning, count] : warnings) {
    sentences.push_back("in " + std::to_string(count) + " of " + std::to_string(processes) +
                        " processes: " + warning);
  }
  return sentences;
}

}  // namespace harness
