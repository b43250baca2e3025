// harness/cli/options_fixture.h: command lines of a small program, for the tests of what is made of them.
#pragma once

#include <stdlib.h>

#include <optional>
#include <string>
#include <vector>

#include "harness/cli/options.h"
#include "harness/testing/assertions.h"
#include "harness/workloads/workload.h"

namespace harness::options_test {

using Strings = std::vector<std::string>;

/// What the flags are taken for by a program of two commands: one runs rows, the other reads files.
inline Parsed parse(const Strings& flags, int allowed_cores = 2) {
  std::vector<const char*> argv{"harness"};
  for (const std::string& flag : flags) argv.push_back(flag.c_str());
  return parse_options(static_cast<int>(argv.size()), argv.data(), allowed_cores,
                       {.commands = {{.name = "run", .help = "Run", .runs = Runs::rows},
                                     {.name = "show",
                                      .help = "Show",
                                      .operand = "FILE",
                                      .several = true,
                                      .shared_flags = {"--format", "--color", "--margin"}}},
                        .workloads = {"countdown"},
                        .strategies = {{"python", "the script"}},
                        .parameters = parameters_of(all_workloads()),
                        .formats = {"console", "gbench", "json", "csv"},
                        .on_request = {"processes", "gil"}});
}

inline Options options_of(const Strings& flags, int allowed_cores = 2) {
  return parse(flags, allowed_cores).options;
}

inline std::string refusal_of(const Strings& flags) {
  return error_of([&] { parse(flags); });
}

/// An environment variable's value for a test, as it was before afterwards; nullptr: not set.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* const before = getenv(name)) before_ = before;
    set(value);
  }
  ~Environment() { set(before_ ? before_->c_str() : nullptr); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  void set(const char* value) { value == nullptr ? unsetenv(name_) : setenv(name_, value, 1); }

  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace harness::options_test
