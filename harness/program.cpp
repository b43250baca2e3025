// harness/program.cpp: parses, does what was asked, and turns errors into exit statuses.
#include "harness/program.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <system_error>

#include "harness/commands/commands.h"
#include "harness/error.h"
#include "harness/run/installation.h"
#include "harness/system/standard_streams.h"
#include "harness/system/text.h"
#include "kernels/library_kernels.h"

namespace harness {
namespace {

/// Ends this process when `parent` ends, or now where it already has.
void end_with(pid_t parent) {
  if (parent == 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) throw std::runtime_error("the process that was to be waited for has ended");
}

/// Starts the program again with the environment that --python asks for, where this one is not yet that:
/// OpenMP and the loader read theirs before main().
void start_with(const std::vector<std::pair<std::string, std::string>>& environment, char** argv,
                const std::filesystem::path& program) {
  if (environment.empty()) return;
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  execv(program.c_str(), argv);
  throw std::runtime_error("cannot start itself again with the environment that --python asks for");
}

int perform(const Options& options, const Machine& machine, const std::optional<Handover>& guest) {
  const SearchPaths search = SearchPaths::from_environment(HARNESS_DEFAULT_LIBPYTHON);
  const auto command = std::ranges::find(all_commands(), options.command,
                                         [](const CommandEntry& entry) { return entry.words.name; });
  const Installation own = guest ? installation_of(guest->program) : find_installation();
  kernels::use_library_kernels(own.kernels_module);
  Interruption interruption;
  return command->perform({options, search, machine, guest, interruption});
}

int report(const std::exception& error, int status) {
  std::cerr << "harness: " << printable(error.what()) << '\n';
  return status;
}

}  // namespace

int run_program(int argc, char** argv, const std::optional<Handover>& guest) {
  protect_standard_streams();
  const Vocabulary known = vocabulary();
  try {
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of the write, as under python3
    std::error_code gone;
    static_cast<void>(std::filesystem::current_path(gone));
    if (gone)
      throw UserError("the current folder cannot be used (" + gone.message() + "); change to another one");
    const Machine machine = describe_machine();
    const Parsed parsed = parse_options(argc, argv, static_cast<int>(machine.allowed_cpus.size()), known);
    end_with(parsed.options.parent);
    start_with(parsed.options.environment_to_set, argv,
               guest ? guest->program : std::filesystem::read_symlink("/proc/self/exe"));
    std::cout << parsed.text;
    const int status = parsed.text.empty() ? perform(parsed.options, machine, guest) : 0;
    if (!std::cout.flush()) throw UserError("standard output cannot be written");
    return status;
  } catch (const UserError& error) {
    return report(error, error_status(argc, argv, known.commands).value_or(2));
  } catch (const std::exception& error) {
    return report(error, error_status(argc, argv, known.commands).value_or(1));
  }
}

}  // namespace harness
