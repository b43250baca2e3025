// harness/compare/parts.cpp: the parts of a comparison (--shard), as they are found where they are put
// together.
#include "harness/compare/parts.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "harness/compare/refuse.h"
#include "harness/compare/rounds.h"
#include "harness/row/format.h"
#include "harness/system/text.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 64;  // of a host, as Linux has it

std::string words_of(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text.empty() ? "no flags" : text;
}

/// Files by what they are called and what is in them, wherever they lie.
std::multiset<std::pair<std::string, std::string>> contents_of(
    const std::map<std::string, std::string>& files) {
  std::multiset<std::pair<std::string, std::string>> contents;
  for (const auto& [file, sha256] : files) contents.insert({fs::path(file).filename().string(), sha256});
  return contents;
}

std::string difference_of_pythons(const PlannedPython& first, const PlannedPython& other) {
  if (first.label != other.label || first.text != other.text) {
    const auto said = [](const PlannedPython& python) {
      return "--python=" + python.text + " under the label " + python.label;
    };
    return "it has " + said(other) + ", and the other " + said(first);
  }
  if (first.version != other.version)
    return "its " + other.label + " is CPython " + other.version + ", and the other's " + first.version;
  if (first.sha256 != other.sha256)
    return "its " + other.label + " (" + other.binary + ") has another SHA-256 than the other's";
  return "";
}

std::string difference_of_variables(const std::map<std::string, std::string>& first,
                                    const std::map<std::string, std::string>& other) {
  const auto said = [](const std::map<std::string, std::string>& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? name + " not set" : name + "=" + found->second;
  };
  std::map<std::string, std::string> names = first;
  names.insert(other.begin(), other.end());
  for (const auto& [name, value] : names) {
    if (said(first, name) != said(other, name))
      return "it ran with " + said(other, name) + ", and the other with " + said(first, name);
  }
  return "";
}

/// "1, 3 and 9", "1, 5, 9, … (25 in all)".
std::string listed_rounds(const std::vector<int>& rounds) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string> words;
  for (const int round : rounds) words.push_back(std::to_string(round));
  if (words.size() <= kShown) return enumerated(words);
  std::string text;
  for (std::size_t i = 0; i < kShown; ++i) text += words[i] + ", ";
  return text + "… (" + std::to_string(rounds.size()) + " in all)";
}

std::string rounds_are(const std::vector<int>& rounds) {
  return (rounds.size() == 1 ? "round " : "rounds ") + listed_rounds(rounds) +
         (rounds.size() == 1 ? " is" : " are");
}

std::vector<int> rounds_of(const PlannedPart& part) {
  std::vector<int> rounds;
  for (int round = part.part; round <= part.rounds; round += part.parts) rounds.push_back(round);
  return rounds;
}

/// Takes what is finished out of a journal: whole rounds, so that pairs are whole.
Part part_of(const fs::path& folder, const JournalContents& contents) {
  Part part{.folder = folder,
            .planned = *contents.plan.part,
            .entries = {},
            .unfinished = {},
            .arguments = contents.plan.arguments};
  std::map<int, std::map<std::size_t, JournalEntry>> rounds;
  for (const JournalEntry& entry : contents.entries) rounds[entry.round][entry.python] = entry;
  std::vector<std::vector<std::string>> failures(contents.plan.pythons.size());
  for (const int round : rounds_of(part.planned)) {
    const auto& ended = rounds[round];
    bool finished = !ended.empty();
    for (std::size_t python = 0; python < failures.size(); ++python) {
      finished = finished && (ended.contains(python) || is_given_up(failures[python]));
    }
    if (!finished) {
      part.unfinished.push_back(round);
      continue;
    }
    for (const auto& [python, entry] : ended) {
      failures[python].push_back(entry.failure);
      part.entries.push_back(entry);
    }
  }
  return part;
}

/// In which way a module that both have imported is another one in each.
std::string difference_of_modules(const JournalFiles& first, const JournalFiles& other) {
  for (const auto& [file, sha256] : other) {
    const auto known = first.find(file);
    if (known != first.end() && known->second != sha256)
      return "its scripts imported another " + file + " than the other's";
  }
  return "";
}

/// How often a part was given, and whether with the same processes.
std::string twice(const Part& first, const Part& again, std::size_t parts) {
  const bool same = first.entries == again.entries;
  return "it is part " + std::to_string(again.planned.part) + " of " + std::to_string(parts) + ", as " +
         first.folder.string() + " is" + (same ? "" : ", with other processes of the same rounds") +
         "; give each part once";
}

/// Numbers the machines of all parts anew, in the order of the rounds, and returns their names.
std::vector<std::string> number_all(std::vector<Part>& parts,
                                    const std::vector<std::vector<MachineIdentity>>& of_parts) {
  std::vector<MachineIdentity> identities;
  std::vector<std::size_t> offsets;
  for (const auto& machines : of_parts) {
    offsets.push_back(identities.size());
    identities.insert(identities.end(), machines.begin(), machines.end());
  }
  const std::vector<std::size_t> groups = number_machines(identities);
  std::map<std::size_t, std::pair<int, std::size_t>> first_rounds;  // and the identity that ran it, by group
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (JournalEntry& entry : parts[i].entries) {
      const std::size_t identity = offsets[i] + entry.machine;
      entry.machine = groups[identity];
      const auto [known, is_new] = first_rounds.try_emplace(entry.machine, entry.round, identity);
      if (!is_new && entry.round < known->second.first) known->second = {entry.round, identity};
    }
  }
  std::vector<std::pair<std::pair<int, std::size_t>, std::size_t>> order;  // by the first round
  for (const auto& [group, first] : first_rounds) order.push_back({first, group});
  std::ranges::sort(order);
  std::vector<std::string> names;
  std::map<std::size_t, std::size_t> numbers;
  for (const auto& [first, group] : order) {
    numbers[group] = names.size();
    const std::string& said = identities[first.second].name;
    const std::string base = said.empty() ? "unknown" : one_line(said, kLongestName);
    std::string name = base;
    for (int number = 2; std::ranges::find(names, name) != names.end(); ++number)
      name = base + " (" + std::to_string(number) + ")";
    names.push_back(name);
  }
  for (Part& part : parts) {
    for (JournalEntry& entry : part.entries) entry.machine = numbers.at(entry.machine);
  }
  return names;
}

}  // namespace

std::string difference_of_parts(const ComparisonPlan& first, const ComparisonPlan& other) {
  if (first.program_sha256 != other.program_sha256) return "another build of this program ran it";
  if (first.part->parts != other.part->parts || first.part->rounds != other.part->rounds) {
    const auto said = [](const PlannedPart& part) {
      return "one of " + std::to_string(part.parts) + " parts of " + std::to_string(part.rounds) + " rounds";
    };
    return "it is " + said(*other.part) + ", and the other " + said(*first.part);
  }
  if (first.interleaved != other.interleaved) {
    return std::string("it ran ") + (other.interleaved ? "without" : "with") +
           " --no-interleaving, and the other " + (first.interleaved ? "without" : "with");
  }
  if (first.work_flags != other.work_flags) {
    return "it ran with " + words_of(other.work_flags) + ", and the other with " + words_of(first.work_flags);
  }
  if (first.pythons.size() != other.pythons.size()) {
    return "it compares " + std::to_string(other.pythons.size()) + " interpreters, and the other " +
           std::to_string(first.pythons.size());
  }
  for (std::size_t i = 0; i < first.pythons.size(); ++i) {
    const std::string difference = difference_of_pythons(first.pythons[i], other.pythons[i]);
    if (!difference.empty()) return difference;
  }
  const std::string variable = difference_of_variables(first.environment, other.environment);
  if (!variable.empty()) return variable;
  for (const auto& [file, sha256] : other.files) {
    const std::pair content{fs::path(file).filename().string(), sha256};
    if (!contents_of(first.files).contains(content)) return "its " + file + " is not the other's";
  }
  if (contents_of(first.files) != contents_of(other.files)) return "its scripts are not the other's";
  // Last: where none was given it is made of all of these.
  if (first.seed == other.seed) return "";
  return "its seed is " + std::to_string(other.seed) + ", and the other's " + std::to_string(first.seed);
}

Parts read_parts(const std::vector<fs::path>& folders) {
  Parts parts;
  JournalFiles modules;
  std::map<int, std::pair<Part, std::vector<MachineIdentity>>> found;
  for (const fs::path& folder : folders) {
    const JournalContents contents = read_journal(folder);
    if (!contents.plan.part) refuse(folder, "it is a whole comparison, and no part of one (--shard)");
    const bool is_first = found.empty();
    if (is_first) parts.plan = contents.plan;
    std::string difference = difference_of_parts(parts.plan, contents.plan);
    if (difference.empty()) difference = difference_of_modules(modules, contents.files);
    if (!difference.empty()) {
      refuse(folder, "it is no part of the comparison of which " + folders.front().string() +
                         " is one: " + difference);
    }
    modules.insert(contents.files.begin(), contents.files.end());
    Part part = part_of(folder, contents);
    const int number = part.planned.part;
    if (const auto known = found.find(number); known != found.end()) {
      refuse(folder, twice(known->second.first, part, static_cast<std::size_t>(part.planned.parts)));
    }
    found.emplace(number, std::pair(std::move(part), contents.machines));
  }
  std::vector<std::vector<MachineIdentity>> machines;
  for (auto& [number, part] : found) {
    parts.parts.push_back(std::move(part.first));
    machines.push_back(std::move(part.second));
  }
  parts.machines = number_all(parts.parts, machines);
  return parts;
}

std::vector<std::string> missing_of(const Parts& parts) {
  std::vector<std::string> sentences;
  const PlannedPart& planned = *parts.plan.part;
  for (int number = 1; number <= planned.parts; ++number) {
    const std::string name = "part " + std::to_string(number) + " of " + std::to_string(planned.parts);
    const auto part =
        std::ranges::find_if(parts.parts, [&](const Part& one) { return one.planned.part == number; });
    if (part == parts.parts.end()) {
      const PlannedPart missing{.part = number, .parts = planned.parts, .rounds = planned.rounds};
      sentences.push_back(name + " is not there: " + rounds_are(rounds_of(missing)) + " missing");
    } else if (!part->unfinished.empty()) {
      sentences.push_back(name + " (" + part->folder.string() +
                          ") is not finished: " + rounds_are(part->unfinished) + " missing");
    }
  }
  return sentences;
}

std::vector<int> missing_rounds_of(const Parts& parts) {
  std::set<int> missing;
  for (int round = 1; round <= parts.plan.part->rounds; ++round) missing.insert(round);
  for (const Part& part : parts.parts) {
    for (const JournalEntry& entry : part.entries) missing.erase(entry.round);
  }
  return {missing.begin(), missing.end()};
}

}  // namespace harness
