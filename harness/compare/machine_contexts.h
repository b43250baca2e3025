// harness/compare/machine_contexts.h: what the processes of a comparison's parts say of where they ran.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/report/context.h"

namespace harness {

/// What all say alike, and in what machines differ. What is another thing in every process is left out: when
/// it ran, its command line, the order of its rows.
class MachineContexts {
 public:
  /// Takes the context of a process on that machine; an empty one says nothing.
  void add(std::size_t machine, const Context& context);

  /// Keys and values that every context has; without warnings.
  const Context& common() const { return common_; }

  /// Of each key of which machines have other values: what each says, by its name in `names`, whose indices
  /// add() was given. Several values of one machine are separated by commas.
  std::map<std::string, std::map<std::string, std::string>> differences(
      const std::vector<std::string>& names) const;

 private:
  bool any_ = false;
  Context common_;
  std::map<std::string, std::map<std::size_t, std::set<std::string>>> values_;  // of each key and machine
};

/// "another kernel: 6.1.0 on node1 and node2; 6.8.0 on node3", a sentence for each key of what differences()
/// gives.
std::vector<std::string> machine_difference_notes(
    const std::map<std::string, std::map<std::string, std::string>>& differences);

}  // namespace harness
