// harness/compare/journal.cpp: what a comparison has finished, kept so that a crash loses one round at the
// most.
#include "harness/compare/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/compare/refuse.h"
#include "harness/compare/stored_run.h"
#include "harness/compare/stored_text.h"
#include "harness/system/text.h"
#include "harness/system/whole_number.h"

namespace harness {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr const char* kFile = "journal.jsonl";
constexpr std::int64_t kMostPlannedRounds = 100'000;  // of a part: what is missing of them is listed
constexpr double kLongestProcess_s = 1e8;             // of a process: three years
constexpr const char* kPart = "shard";
constexpr std::string_view kBegin = "{\"journal\":";  // what every first line begins with

Json json_of(const ComparisonPlan& plan) {
  Json pythons = Json::array();
  for (const PlannedPython& python : plan.pythons) {
    pythons.push_back({{"label", python.label},
                       {"text", python.text},
                       {"version", python.version},
                       {"binary", python.binary},
                       {"sha256", python.sha256}});
  }
  Json json{{"journal", kFormat},
            {"arguments", plan.arguments},
            {"work_flags", plan.work_flags},
            {"working_directory", plan.working_directory},
            {"seed", plan.seed},
            {"pythons", std::move(pythons)},
            {"files", plan.files},
            {"environment", plan.environment},
            {"program_sha256", plan.program_sha256},
            {kInterleaved, plan.interleaved}};
  if (plan.part)
    json[kPart] = {{"part", plan.part->part}, {"parts", plan.part->parts}, {"rounds", plan.part->rounds}};
  return json;
}

Json json_of(const JournalEntry& entry) {
  return {{"round", entry.round},
          {"python", entry.python},
          {"folder", entry.folder},
          {"failure", entry.failure},
          {"wall_s", entry.wall_s}};
}

/// The whole number of that name. Throws UserError where it is none up to `most`.
std::int64_t number_of(const Json& json, const char* name, std::int64_t most,
                       const std::filesystem::path& file) {
  const auto number = whole_number(json.at(name), 0, most);
  if (!number)
    refuse(file, std::string("its \"") + name + "\" is no whole number up to " + std::to_string(most));
  return *number;
}

/// Throws UserError where there can be no such part.
PlannedPart part_of(const Json& json, const std::filesystem::path& file) {
  const PlannedPart part{.part = static_cast<int>(number_of(json, "part", kMostPlannedRounds, file)),
                         .parts = static_cast<int>(number_of(json, "parts", kMostPlannedRounds, file)),
                         .rounds = static_cast<int>(number_of(json, "rounds", kMostPlannedRounds, file))};
  if (part.part < 1 || part.part > part.parts || part.parts > part.rounds) {
    refuse(file, "there is no part " + part.text() + " of " + std::to_string(part.rounds) + " rounds");
  }
  return part;
}

ComparisonPlan plan_of(const Json& json, const std::filesystem::path& file) {
  ComparisonPlan plan{.arguments = json.at("arguments"),
                      .work_flags = json.at("work_flags"),
                      .working_directory = json.at("working_directory"),
                      .seed = static_cast<std::uint32_t>(number_of(json, "seed", UINT32_MAX, file)),
                      .pythons = {},
                      .files = json.at("files"),
                      .environment = json.at("environment"),
                      .program_sha256 = json.at("program_sha256")};
  for (const Json& python : json.at("pythons")) {
    plan.pythons.push_back({.label = python.at("label"),
                            .text = python.at("text"),
                            .version = python.at("version"),
                            .binary = python.at("binary"),
                            .sha256 = python.at("sha256")});
  }
  if (json.contains(kPart)) plan.part = part_of(json.at(kPart), file);
  plan.interleaved = json.value(kInterleaved, false);  // earlier versions did not say, and did not
  return plan;
}

JournalEntry entry_of(const Json& json, const std::filesystem::path& file) {
  JournalEntry entry{.round = static_cast<int>(number_of(json, "round", kMostRounds, file)),
                     .python = static_cast<std::size_t>(number_of(json, "python", INT32_MAX, file)),
                     .folder = json.at("folder"),
                     .failure = json.at("failure"),
                     .wall_s = json.at("wall_s")};
  if (!(entry.wall_s >= 0 && entry.wall_s <= kLongestProcess_s))
    refuse(file, "its \"wall_s\" is out of range");
  return entry;
}

constexpr const char* kLook = "look";

Json json_of(const JournalLook& look) {
  Json json{{kLook, look.rounds}, {"whole", look.whole}};
  if (!look.whole) json["spent"] = look.spent;
  return json;
}

JournalLook look_of(const Json& json, const std::filesystem::path& file) {
  JournalLook look{.rounds = static_cast<int>(number_of(json, kLook, kMostRounds, file)),
                   .whole = json.at("whole")};
  if (!look.whole) look.spent = json.value("spent", 1.0);  // earlier versions did not say
  if (!(look.spent >= 0 && look.spent <= 1)) refuse(file, "its \"spent\" is not from 0 to 1");
  return look;
}

constexpr const char* kImported = "imported";
constexpr const char* kMachine = "machine";
constexpr const char* kAgain = "again";

Json json_of(const MachineIdentity& machine) {
  return {{kMachine, {{"name", machine.name}, {"id", machine.id}, {"boot", machine.boot}}}};
}

MachineIdentity machine_of(const Json& json) {
  const Json& machine = json.at(kMachine);
  return {.name = machine.at("name"), .id = machine.at("id"), .boot = machine.at("boot")};
}

void forget(std::vector<JournalEntry>& entries, int round) {
  std::erase_if(entries, [&](const JournalEntry& entry) { return entry.round == round; });
}

/// "OMP_NUM_THREADS=2", or that it is not set.
std::string said_of(const std::map<std::string, std::string>& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? name + " not set" : name + "=" + found->second;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// For as long as the descriptor is open. On a file system without locks nobody is kept out.
void lock(const FileDescriptor& descriptor, const std::filesystem::path& file) {
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    refuse(file, "another process goes on with this comparison");
  }
}

/// Every text of it, names too, made into another one. JSON holds UTF-8 only, and a path is any bytes.
Json with_texts(const Json& json, std::string (*other)(std::string_view)) {
  if (json.is_string()) return other(json.get<std::string>());
  if (!json.is_structured()) return json;
  Json result = json.is_array() ? Json::array() : Json::object();
  for (const auto& [name, value] : json.items()) {
    if (json.is_array()) {
      result.push_back(with_texts(value, other));
    } else {
      result[other(name)] = with_texts(value, other);
    }
  }
  return result;
}

std::string line_of(const Json& json) {
  return with_texts(json, utf8_of).dump();
}

Json read_line(std::string_view line) {
  return with_texts(Json::parse(line), bytes_of);
}

/// Whether this is no journal yet, because its first line was cut off.
bool is_cut_off(std::string_view text) {
  const std::size_t length = std::min(text.size(), kBegin.size());
  return text.find('\n') == std::string_view::npos && text.substr(0, length) == kBegin.substr(0, length);
}

}  // namespace

JournalContents journal_contents_of(std::string_view text, const std::filesystem::path& file) {
  check_levels(text, file);
  JournalContents contents;
  try {
    const auto lines = lines_of(text);
    const Json first = read_line(lines.empty() ? "" : lines[0]);
    if (first.at("journal") != kFormat) refuse(file, "it was written by another version of this program");
    contents.plan = plan_of(first, file);
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const Json line = read_line(lines[i]);
      if (line.contains(kLook)) {
        contents.looks.push_back(look_of(line, file));
      } else if (line.contains(kImported)) {
        contents.files.merge(line.at(kImported).get<JournalFiles>());
      } else if (contents.plan.part && line.contains(kMachine)) {
        contents.machines.push_back(machine_of(line));
      } else if (line.contains(kAgain)) {
        forget(contents.entries, static_cast<int>(number_of(line, kAgain, kMostRounds, file)));
      } else {
        contents.entries.push_back(entry_of(line, file));
        contents.entries.back().machine = std::max<std::size_t>(1, contents.machines.size()) - 1;
      }
    }
  } catch (const Json::exception& error) {
    refuse(file, std::string("it is not a comparison's journal: ") + error.what());
  }
  const std::size_t pythons = contents.plan.pythons.size();
  std::set<std::pair<int, std::size_t>> ended;
  for (const JournalEntry& entry : contents.entries) {
    const bool again = !ended.insert({entry.round, entry.python}).second;
    if (again || entry.python >= pythons || entry.round < 1) refuse(file, "it contradicts itself");
    const std::optional<PlannedPart>& part = contents.plan.part;
    if (part && (!part->has(entry.round) || contents.machines.empty())) {
      refuse(file, "round " + std::to_string(entry.round) + " in it is none of part " + part->text() +
                       ", or nothing says on which machine it ran");
    }
  }
  if (pythons < 2) refuse(file, "it compares fewer than two interpreters");
  return contents;
}

JournalContents read_journal(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kFile;
  const std::string text = stored_text(file, "it cannot be read; give the folder of a comparison");
  const std::size_t whole = text.rfind('\n') + 1;  // 0 where there is no line end: npos + 1
  if (whole == 0) refuse(file, "it was cut off before the comparison began");
  return journal_contents_of(std::string_view(text).substr(0, whole), file);
}

Journal Journal::begin(const std::filesystem::path& folder, const ComparisonPlan& plan) {
  const std::filesystem::path file = folder / kFile;
  // Neither waits for a pipe's reader nor writes to what a link names.
  const int flags = O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;
  FileDescriptor descriptor(::open(file.c_str(), flags, 0666));
  if (!descriptor.is_open()) refuse(file, std::strerror(errno));
  lock(descriptor, file);
  const auto text = read_text_file(file);
  if (!text || !is_cut_off(*text)) {
    refuse(file, "there is a comparison already; go on with it by --resume=" + folder.string() +
                     ", or give another --out");
  }
  if (::ftruncate(descriptor.get(), 0) != 0) refuse(file, std::strerror(errno));
  Journal journal(file, std::move(descriptor));
  journal.plan_ = plan;
  journal.write_line(line_of(json_of(plan)));
  return journal;
}

Journal Journal::open(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kFile;
  FileDescriptor descriptor(::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (descriptor.is_open()) lock(descriptor, file);
  const std::string text =
      stored_text(file, "there is no comparison to go on with; give --resume the folder of one");
  const std::size_t whole = text.rfind('\n') + 1;  // 0 where there is no line end: npos + 1
  if (whole == 0) refuse(file, "it was cut off before the comparison began; start anew");
  JournalContents contents = journal_contents_of(std::string_view(text).substr(0, whole), file);
  if (!descriptor.is_open() || ::ftruncate(descriptor.get(), static_cast<off_t>(whole)) != 0) {
    refuse(file, std::strerror(errno));
  }
  Journal journal(file, std::move(descriptor));
  journal.plan_ = std::move(contents.plan);
  journal.entries_ = std::move(contents.entries);
  journal.looks_ = std::move(contents.looks);
  journal.files_ = std::move(contents.files);
  journal.machines_ = std::move(contents.machines);
  return journal;
}

void Journal::add(const JournalEntry& entry) {
  write_line(line_of(json_of(entry)));
  entries_.push_back(entry);
  entries_.back().machine = std::max<std::size_t>(1, machines_.size()) - 1;
}

void Journal::add(const MachineIdentity& machine) {
  if (!machines_.empty() && machines_.back() == machine) return;
  write_line(line_of(json_of(machine)));
  machines_.push_back(machine);
}

void Journal::add(const JournalAgain& again) {
  write_line(line_of(Json{{kAgain, again.round}}));
  forget(entries_, again.round);
}

void Journal::add(const JournalFiles& files) {
  write_line(line_of(Json{{kImported, files}}));
  files_.insert(files.begin(), files.end());
}

void Journal::add(const JournalLook& look) {
  write_line(line_of(json_of(look)));
  looks_.push_back(look);
}

void Journal::write_line(const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(descriptor_.get(), text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse(file_, std::strerror(errno));
    done += static_cast<std::size_t>(written);
  }
  if (::fdatasync(descriptor_.get()) != 0 && errno != EINVAL) refuse(file_, std::strerror(errno));
}

std::string difference_of(const ComparisonPlan& journal, const ComparisonPlan& now) {
  if (journal.program_sha256 != now.program_sha256) {
    return "this program is another build than the one that began it";
  }
  if (journal.work_flags != now.work_flags) {
    return "it was begun with " + joined(journal.work_flags) + ", and not " + joined(now.work_flags);
  }
  if (journal.part != now.part) {
    return journal.part ? "it was begun with --shard=" + journal.part->text() +
                              " and --rounds=" + std::to_string(journal.part->rounds)
                        : "it was begun without --shard";
  }
  if (journal.interleaved != now.interleaved) {
    return std::string("it was begun ") + (journal.interleaved ? "without" : "with") + " --no-interleaving";
  }
  if (journal.seed != now.seed) return "it was begun with --seed=" + std::to_string(journal.seed);
  const auto texts = [](const ComparisonPlan& plan) {
    std::vector<std::string> words;
    for (const PlannedPython& python : plan.pythons) words.push_back("--python=" + python.text);
    return words;
  };
  if (texts(journal) != texts(now)) {
    return "it was begun with " + joined(texts(journal)) + ", and not " + joined(texts(now));
  }
  for (std::size_t i = 0; i < now.pythons.size(); ++i) {
    if (journal.pythons[i] == now.pythons[i]) continue;
    return "--python=" + now.pythons[i].text + " was " + journal.pythons[i].version + ", " +
           journal.pythons[i].binary + ", with another SHA-256 than " + now.pythons[i].version + ", " +
           now.pythons[i].binary + ", has now";
  }
  std::map<std::string, std::string> variables = journal.environment;
  variables.insert(now.environment.begin(), now.environment.end());
  for (const auto& [name, value] : variables) {
    const std::string before = said_of(journal.environment, name), today = said_of(now.environment, name);
    if (before != today) return "it was begun with " + before + ", and not " + today;
  }
  for (const auto& [file, sha256] : journal.files) {
    const auto found = now.files.find(file);
    if (found == now.files.end() || found->second != sha256) return file + " has changed since";
  }
  return journal.files.size() == now.files.size() ? "" : "its files are others now";
}

}  // namespace harness
