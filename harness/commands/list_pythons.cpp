// harness/commands/list_pythons.cpp: --list-pythons.
#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/commands/commands.h"
#include "harness/interpreter/find.h"
#include "harness/report/terminal.h"

namespace harness {
namespace {

std::string shown(const std::filesystem::path& path) {
  return path.empty() ? "-" : path.string();
}

/// What is loaded, or that harness goes into the executable.
std::string shown_libpython(const Interpreter& interpreter) {
  return interpreter.guest ? "(guest)" : shown(interpreter.libpython);
}

void print_table(const std::vector<Interpreter>& interpreters) {
  std::size_t version = 0, libpython = 0;
  for (const Interpreter& interpreter : interpreters) {
    version = std::max(version, interpreter.version.size());
    libpython = std::max(libpython, shown_libpython(interpreter).size());
  }
  for (const Interpreter& interpreter : interpreters) {
    std::cout << padded(interpreter.version, version) << "  "
              << padded(interpreter.free_threaded ? "free-threaded" : "GIL", 13) << "  "
              << padded(shown_libpython(interpreter), libpython) << "  " << shown(interpreter.executable)
              << '\n';
    if (!interpreter.usable())
      std::cout << padded("", version) << "  not usable: " << interpreter.unusable << '\n';
  }
}

void print_json(const std::vector<Interpreter>& interpreters) {
  auto list = nlohmann::ordered_json::array();
  for (const Interpreter& interpreter : interpreters) {
    list.push_back({{"version", interpreter.version},
                    {"free_threaded", interpreter.free_threaded},
                    {"debug", interpreter.debug},
                    {"embedding", interpreter.guest ? "guest" : "host"},
                    {"libpython", interpreter.libpython.string()},
                    {"executable", interpreter.executable.string()},
                    {"unusable", interpreter.unusable}});
  }
  std::cout << list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

}  // namespace

int list_pythons(const Request& request) {
  const std::vector<Interpreter> interpreters = find_interpreters(request.search);
  if (request.options.format == kJson) {
    print_json(interpreters);
  } else {
    print_table(interpreters);
  }
  return 0;
}

}  // namespace harness
