// harness/cli/command_help.h: what --help says of flags and operands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "harness/cli/command_words.h"

namespace harness {

/// As CLI11's, but that the help of a command has the flags of runs and comparisons that mean something to
/// it, which are the application's, and that an operand of which there may be several is "FILE…".
class CommandHelp : public CLI::Formatter {
 public:
  /// `commands` must outlive this.
  explicit CommandHelp(const std::vector<CommandWords>& commands) : commands_(commands) {}

  /// What stands behind the groups of an application's own flags: of a command those that it shares.
  std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const override;
  std::string make_option_usage(const CLI::Option* option) const override;
  /// Begins with "Usage: ", which CLI11 2.6 has left out.
  std::string make_usage(const CLI::App* app, std::string name) const override;

 private:
  const std::vector<CommandWords>& commands_;
};

}  // namespace harness
