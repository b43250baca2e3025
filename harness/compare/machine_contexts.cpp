// harness/compare/machine_contexts.cpp: what the processes of a comparison's parts say of where they ran.
#include "harness/compare/machine_contexts.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "harness/compare/context_differences.h"
#include "harness/row/format.h"

namespace harness {
namespace {

/// What is of one process.
bool is_of_a_process(std::string_view key) {
  constexpr std::array<std::string_view, 5> kOfAProcess{"command_line", "date", "load_average", "pinned",
                                                        "row_order"};
  return std::ranges::find(kOfAProcess, key) != kOfAProcess.end() || key.starts_with("warning_");
}

/// The keys that a machine's rows may depend on. Variables, scripts and flags are no other in other parts.
const std::vector<ContextWords>& keys_of_machines() {
  static const std::vector<ContextWords> kKeys = [] {
    std::vector<ContextWords> keys;
    std::ranges::copy_if(context_that_matters(), std::back_inserter(keys), [](const ContextWords& words) {
      return !words.begins && !is_of_a_process(words.key);
    });
    return keys;
  }();
  return kKeys;
}

/// "node1, node2 and node3", or how many they are.
std::string listed_machines(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 8;
  return names.size() <= kShown ? enumerated(names) : std::to_string(names.size()) + " machines";
}

}  // namespace

void MachineContexts::add(std::size_t machine, const Context& context) {
  if (context.empty()) return;
  if (!std::exchange(any_, true)) {
    std::ranges::copy_if(context, std::inserter(common_, common_.end()),
                         [](const auto& entry) { return !is_of_a_process(entry.first); });
  } else {
    std::erase_if(common_, [&](const auto& entry) {
      const auto other = context.find(entry.first);
      return other == context.end() || other->second != entry.second;
    });
  }
  for (const ContextWords& words : keys_of_machines()) {
    const auto said = context.find(words.key);
    if (said != context.end()) values_[words.key][machine].insert(said->second);
  }
}

std::map<std::string, std::map<std::string, std::string>> MachineContexts::differences(
    const std::vector<std::string>& names) const {
  std::map<std::string, std::map<std::string, std::string>> differences;
  for (const auto& [key, machines] : values_) {
    const auto& first = machines.begin()->second;
    const bool alike =
        std::ranges::all_of(machines, [&](const auto& machine) { return machine.second == first; });
    if (alike) continue;
    for (const auto& [machine, values] : machines) {
      std::string& text = differences[key][names.at(machine)];
      for (const std::string& value : values) text += (text.empty() ? "" : " and ") + value;
    }
  }
  return differences;
}

std::vector<std::string> machine_difference_notes(
    const std::map<std::string, std::map<std::string, std::string>>& differences) {
  std::vector<std::string> notes;
  for (const auto& [key, machines] : differences) {
    const auto words = std::ranges::find(keys_of_machines(), key, &ContextWords::key);
    std::vector<std::pair<std::string, std::vector<std::string>>> by_value;
    for (const auto& [name, value] : machines) {
      auto known = std::ranges::find(by_value, value, &decltype(by_value)::value_type::first);
      if (known == by_value.end()) known = by_value.insert(known, {value, {}});
      known->second.push_back(name);
    }
    std::string text = "another " + (words == keys_of_machines().end() ? key : words->words) + ":";
    for (const auto& [value, names] : by_value)
      text += (text.ends_with(':') ? " " : "; ") + value + " on " + listed_machines(names);
    notes.push_back(text);
  }
  return notes;
}

}  // namespace harness
