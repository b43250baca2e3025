// harness/main.cpp: parses, does what was asked, and turns errors into exit statuses.
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "harness/commands/commands.h"
#include "harness/error.h"

namespace {

/// Ends this process when `parent` ends, or now where it already has.
void end_with(pid_t parent) {
  if (parent == 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) throw std::runtime_error("the process that was to be waited for has ended");
}

/// Starts the program again with the environment that --python asks for, where this one is not yet that:
/// OpenMP and the loader read theirs before main().
void start_with(const std::vector<std::pair<std::string, std::string>>& environment, char** argv) {
  if (environment.empty()) return;
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  execv(std::filesystem::read_symlink("/proc/self/exe").c_str(), argv);
  throw std::runtime_error("cannot start itself again with the environment that --python asks for");
}

int perform(const harness::Options& options, const harness::Machine& machine) {
  using harness::SearchPaths;
  switch (options.task) {
    case harness::Task::list:
      return list_rows(options);
    case harness::Task::list_pythons:
      return list_pythons(options, SearchPaths::from_environment(HARNESS_DEFAULT_LIBPYTHON));
    case harness::Task::gil_report:
      return gil_report(options);
    case harness::Task::compare_interpreters:
      return compare_interpreters(options, SearchPaths::from_environment(HARNESS_DEFAULT_LIBPYTHON), machine);
    case harness::Task::compare_files:
      return compare_files(options);
    case harness::Task::run:
      return run(options, SearchPaths::from_environment(HARNESS_DEFAULT_LIBPYTHON), machine);
  }
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const harness::Machine machine = harness::describe_machine();
    const harness::Parsed parsed =
        harness::parse_options(argc, argv, static_cast<int>(machine.allowed_cpus.size()));
    end_with(parsed.options.parent);
    start_with(parsed.options.environment_to_set, argv);
    std::cout << parsed.text;
    const int status = parsed.text.empty() ? perform(parsed.options, machine) : 0;
    if (!std::cout.flush()) throw std::runtime_error("standard output cannot be written");
    return status;
  } catch (const harness::UserError& error) {
    std::cerr << "harness: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "harness: " << error.what() << '\n';
    return 1;
  }
}
