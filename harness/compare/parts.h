// harness/compare/parts.h: the parts of a comparison (--shard), as they are found where they are put
// together.
//
// What is a part of what is told by what the journals say, never by a clock or by the names of folders.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/compare/journal.h"

namespace harness {

/// One part, as its journal has it: the processes of its finished rounds.
struct Part {
  std::filesystem::path folder;
  PlannedPart planned;
  std::vector<JournalEntry> entries;        ///< by their rounds; JournalEntry::machine counts Parts::machines
  std::vector<int> unfinished;              ///< the rounds that are missing of it, ascending
  std::vector<std::string> arguments = {};  ///< what it was begun with
};

/// The parts of one comparison that there are.
struct Parts {
  ComparisonPlan plan;                ///< of the first; the others' are the same but for `part`
  std::vector<Part> parts;            ///< by their numbers
  std::vector<std::string> machines;  ///< their names, in the order of the first rounds on each; no two alike
};

/// Reads the journals in `folders`, in whichever order these are given. At least one. Throws UserError, which
/// names a folder, where one has no journal of a part, is a part of another comparison than the first, by
/// another program, or is one that is there already.
Parts read_parts(const std::vector<std::filesystem::path>& folders);

/// A sentence for each part that is not there, and for each that has not finished all of its rounds.
std::vector<std::string> missing_of(const Parts& parts);

/// The rounds of the plan that no part has finished, ascending.
std::vector<int> missing_rounds_of(const Parts& parts);

/// In which way two plans are none of the same comparison, for people; empty where they are parts of one.
/// Paths may differ where what is there has the same SHA-256.
std::string difference_of_parts(const ComparisonPlan& first, const ComparisonPlan& other);

}  // namespace harness
