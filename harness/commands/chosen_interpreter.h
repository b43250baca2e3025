// harness/commands/chosen_interpreter.h: the one interpreter that a command embeds.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "harness/commands/commands.h"
#include "harness/embed/python.h"
#include "harness/interpreter/found.h"
#include "harness/interpreter/interpreter.h"
#include "harness/run/installation.h"
#include "harness/workloads/workload.h"

namespace harness {

/// The interpreter that is to run, and where the program's own files are.
struct Chosen {
  Installation installation;
  Interpreter interpreter;
  std::optional<FoundInterpreter> found = {};  ///< likewise, where the process that started this one says it
};

/// The interpreter that --python names, which a comparison may have found. Does not return where that takes
/// this program as a guest only: this process becomes one, and performs the command. Throws UserError.
Chosen choose_interpreter(const Request& request);

/// Starts it. Throws UserError.
embed::Python start(const Chosen& chosen, const Request& request);

/// What the user's files measure. Imported by the constructor, which says so where one of them ends this
/// process; the folder is the program's own again, and not where an import has gone.
class UsersFiles {
 public:
  /// As user_workloads() has it.
  UsersFiles(const embed::Python& python, const Options& options);
  std::span<const Workload> workloads() const { return workloads_; }
  /// Before their code runs.
  void go_where_they_went() const;

 private:
  std::vector<Workload> workloads_;
  std::filesystem::path went_to_;
};

}  // namespace harness
