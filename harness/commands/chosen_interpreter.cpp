// harness/commands/chosen_interpreter.cpp: the one interpreter that a command embeds.
#include "harness/commands/chosen_interpreter.h"

#include <iostream>

#include "harness/commands/asked_state.h"
#include "harness/guest/enter.h"
#include "harness/interpreter/resolve.h"
#include "harness/run/exit_guard.h"
#include "harness/system/text.h"
#include "harness/workloads/user_benchmarks.h"

namespace harness {

namespace fs = std::filesystem;

Chosen choose_interpreter(const Request& request) {
  const std::optional<FoundInterpreter> found = found_in(request.options.found);
  if (request.guest) return {installation_of(request.guest->program), request.guest->interpreter, found};
  Chosen chosen{
      find_installation(),
      found ? found->interpreter
            : resolve_interpreter(request.options.pythons.front().spec, request.search, Facts::kFromFiles),
      found};
  check_asked_gil(request.options, chosen.interpreter);
  if (chosen.interpreter.guest) {
    enter_guest({.program = chosen.installation.program,
                 .interpreter = chosen.interpreter,
                 .arguments = request.options.arguments},
                chosen.installation.guest_module);
  }
  return chosen;
}

embed::Python start(const Chosen& chosen, const Request& request) {
  const Options& options = request.options;
  return {request.guest ? fs::path() : chosen.interpreter.libpython,
          chosen.installation.embed_module,
          {.program = chosen.interpreter.executable.string(),
           .switch_interval_s = options.switch_interval_s,
           .code_from_pyc = options.code == kPyc,
           .pyc_cache = options.cache.empty() ? std::string() : (options.cache / "pyc").string()}};
}

UsersFiles::UsersFiles(const embed::Python& python, const Options& options) {
  if (options.workloads.empty()) return;
  const fs::path own = fs::current_path();
  fs::path imported;
  const ExitGuard guard(
      [&](const std::string& what) {
        std::cerr << "harness: --workload=" << printable(imported.string()) << ": its import "
                  << printable(what) << '\n';
      },
      2);
  workloads_ = user_workloads(python, options.workloads, [&](const fs::path& file) { imported = file; });
  std::error_code gone;
  went_to_ = fs::current_path(gone);
  fs::current_path(own);
}

void UsersFiles::go_where_they_went() const {
  if (!went_to_.empty()) fs::current_path(went_to_);
}

}  // namespace harness
