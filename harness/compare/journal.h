// harness/compare/journal.h: what a comparison has finished, kept so that a crash loses one round at the
// most.
//
// journal.jsonl in the comparison's folder: a line of JSON each. The first is the plan; each other is a
// process that has ended, files that one turned out to depend on, a look at what there was by then, or a
// round that is run again as a whole because it was cut off. A line is written and synchronised when its
// process has ended; that of a look before anybody sees what it showed. A last line without its line end is
// what a crash cut off, and does not count.
//
// That of a part (--shard) also says on which machine the processes of the lines below ran.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/system/file_descriptor.h"
#include "harness/system/machine_identity.h"

namespace harness {

/// The plan has it, and the context of a process that took turns with others: true.
inline constexpr const char* kInterleaved = "interleaved";

/// One interpreter of a comparison, as it was found when the comparison began.
struct PlannedPython {
  std::string label;
  std::string text;     ///< the --python that its processes are given
  std::string version;  ///< "3.13.5t"
  std::string binary;   ///< its libpython, or its executable where it has none
  std::string sha256;   ///< of `binary`

  bool operator==(const PlannedPython&) const = default;
};

/// Which of a comparison's rounds a part of it runs: every `parts`-th, `part` the first. Rounds keep the
/// numbers that they have in the whole.
struct PlannedPart {
  int part = 1;    ///< from 1
  int parts = 1;   ///< of which there are so many
  int rounds = 1;  ///< of the whole comparison; at least `parts`

  bool has(int round) const { return round >= 1 && round <= rounds && (round - part) % parts == 0; }
  /// "2/8"
  std::string text() const { return std::to_string(part) + "/" + std::to_string(parts); }

  bool operator==(const PlannedPart&) const = default;
};

/// What a comparison consists of. Going on with it asks for the same.
struct ComparisonPlan {
  std::vector<std::string> arguments;   ///< the user's own, to be parsed again
  std::vector<std::string> work_flags;  ///< what every process is given
  std::string working_directory;        ///< in which every process starts
  std::uint32_t seed = 0;
  std::vector<PlannedPython> pythons;
  std::map<std::string, std::string> files;        ///< SHA-256 of the files that the work depends on, by path
  std::map<std::string, std::string> environment;  ///< variables that rows may depend on
  std::string program_sha256;                      ///< of this program
  std::optional<PlannedPart> part = {};            ///< absent where it is a whole one
  bool interleaved = true;                         ///< whether the processes of a round take turns

  bool operator==(const ComparisonPlan&) const = default;
};

/// A process that has ended.
struct JournalEntry {
  int round = 0;           ///< from 1
  std::size_t python = 0;  ///< index into ComparisonPlan::pythons
  std::string folder;      ///< with its result.json, relative to the comparison's; empty where it has none
  std::string failure;     ///< why it has no result; empty where it has
  double wall_s = 0;
  std::size_t machine = 0;  ///< of a part: index into the journal's machines

  bool operator==(const JournalEntry&) const = default;
};

/// A look at the rounds that had been run, by which somebody may have gone on.
struct JournalLook {
  int rounds = 0;      ///< that had been run
  bool whole = false;  ///< whether it spent all of the doubt that is allowed, or a part, as Looks does
  double spent = 1;    ///< as TakenLook has it

  bool operator==(const JournalLook&) const = default;
};

/// A round of which some processes ran that do not count: it was cut off, and is run again.
struct JournalAgain {
  int round = 0;
};

/// SHA-256 of files that the work turned out to depend on, by their absolute paths: of modules that a script
/// has imported.
using JournalFiles = std::map<std::string, std::string>;

/// What a journal's text says.
struct JournalContents {
  ComparisonPlan plan;
  JournalFiles files;
  std::vector<JournalEntry> entries;
  std::vector<JournalLook> looks;
  std::vector<MachineIdentity> machines;  ///< of a part: each time that one went on with it
};

/// Reads the whole lines of a journal. Throws UserError, which names `file`, where they are no journal of
/// this program's.
JournalContents journal_contents_of(std::string_view lines, const std::filesystem::path& file);

/// The same of the file in `folder`, which is only read; of a last line that was cut off it says nothing.
/// Throws UserError, too, where there is none or it is larger than kMostFileBytes.
JournalContents read_journal(const std::filesystem::path& folder);

class Journal {
 public:
  /// Begins one in `folder`, which exists, also in the place of one that a crash cut off in its first line.
  /// Throws UserError where there is one already, another process begins it, or it cannot be written.
  static Journal begin(const std::filesystem::path& folder, const ComparisonPlan& plan);
  /// Opens one to go on with it, without what a crash cut off. Throws UserError where there is none, or it is
  /// not this program's or larger than kMostFileBytes; or another process has it open.
  static Journal open(const std::filesystem::path& folder);

  std::filesystem::path folder() const { return file_.parent_path(); }
  const ComparisonPlan& plan() const { return plan_; }
  const std::vector<JournalEntry>& entries() const { return entries_; }
  const std::vector<JournalLook>& looks() const { return looks_; }
  const JournalFiles& files() const { return files_; }
  const std::vector<MachineIdentity>& machines() const { return machines_; }

  /// Writes a line and waits until it is on the disk. Throws UserError.
  void add(const JournalEntry& entry);
  void add(const JournalLook& look);
  void add(const JournalFiles& files);
  /// The entries that follow are of that machine. Where the last that was added is it, nothing.
  void add(const MachineIdentity& machine);
  /// Forgets the round's entries.
  void add(const JournalAgain& again);

 private:
  Journal(std::filesystem::path file, FileDescriptor descriptor)
      : file_(std::move(file)), descriptor_(std::move(descriptor)) {}
  void write_line(const std::string& line);

  std::filesystem::path file_;
  FileDescriptor descriptor_;
  ComparisonPlan plan_;
  std::vector<JournalEntry> entries_;
  std::vector<JournalLook> looks_;
  JournalFiles files_;
  std::vector<MachineIdentity> machines_;
};

/// What differs between the plan of a journal and that of the command line that wants to go on with it, for
/// people; empty where nothing does. `arguments` may differ.
std::string difference_of(const ComparisonPlan& journal, const ComparisonPlan& now);

}  // namespace harness
