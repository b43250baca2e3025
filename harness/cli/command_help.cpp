// harness/cli/command_help.cpp: what --help says of flags and operands.
#include "harness/cli/command_help.h"

#include <algorithm>
#include <utility>

namespace harness {

std::string CommandHelp::make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const {
  std::string text = CLI::Formatter::make_subcommands(app, mode);
  const CLI::App* const all = app->get_parent();
  const auto command = std::ranges::find(commands_, app->get_name(), &CommandWords::name);
  if (all == nullptr || command == commands_.end()) return text;
  for (const std::string& group : all->get_groups()) {
    // What the command has itself, --help, and what nobody is to know.
    if (group.empty() || group == all->get_help_ptr()->get_group()) continue;
    const std::vector<const CLI::Option*> options = all->get_options([&](const CLI::Option* option) {
      const bool is_shared = std::ranges::any_of(
          command->shared_flags, [&](const std::string& flag) { return flag == option->get_name(); });
      return option->get_group() == group && option->nonpositional() &&
             (is_shared || command->runs == Runs::rows);
    });
    if (!options.empty()) text += make_group(group, false, options);
  }
  return text;
}

std::string CommandHelp::make_usage(const CLI::App* app, std::string name) const {
  const std::string text = CLI::Formatter::make_usage(app, std::move(name));
  const std::size_t begin = std::min(text.find_first_not_of('\n'), text.size());
  const std::string usage = "Usage: ";
  return text.compare(begin, usage.size(), usage) == 0 ? text : usage + text.substr(begin);
}

std::string CommandHelp::make_option_usage(const CLI::Option* option) const {
  const std::string name = make_option_name(option, true) + (option->get_expected_max() > 1 ? "…" : "");
  return option->get_required() ? name : "[" + name + "]";
}

}  // namespace harness
