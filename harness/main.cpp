// harness/main.cpp: parses, does what was asked, and turns errors into exit statuses.
#include <exception>
#include <iostream>
#include <stdexcept>

#include "harness/commands/commands.h"
#include "harness/error.h"

namespace {

int perform(const harness::Options& options, const harness::Machine& machine) {
  using harness::SearchPaths;
  switch (options.task) {
    case harness::Task::list:
      return list_rows(options);
    case harness::Task::list_pythons:
      return list_pythons(options, SearchPaths::from_environment(HARNESS_DEFAULT_LIBPYTHON));
    case harness::Task::gil_report:
      return gil_report(options);
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
