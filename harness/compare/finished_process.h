// harness/compare/finished_process.h: what a process of a comparison has left, read back.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/compare/comparison.h"
#include "harness/compare/journal.h"
#include "harness/report/context.h"

namespace harness {

/// What a process came to; that its file cannot be read is a failure, too.
struct FinishedProcess {
  Process process;
  Context context;
};

/// Reads it from the entry's folder below `folder`, the comparison's. Of the counters those that a comparison
/// keeps, and that of a row's items, without which rows of different work cannot be compared.
FinishedProcess read_process(const std::filesystem::path& folder, const JournalEntry& entry);

/// Adds what the process warned of, up to its ":", and how often.
void count_warnings(const FinishedProcess& finished, std::map<std::string, int>& warnings);

/// "in 3 of 8 processes: the machine was busy", a sentence for each of what count_warnings() has counted.
std::vector<std::string> warning_sentences(const std::map<std::string, int>& warnings, std::size_t processes);

}  // namespace harness
