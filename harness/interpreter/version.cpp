// harness/interpreter/version.cpp: takes version numbers apart.
#include "harness/interpreter/version.h"

#include <charconv>

namespace harness {
namespace {

// Takes a number off the front of `text`.
std::optional<int> take_number(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// Takes `mark` and the number behind it off the front of `text`; both or neither.
std::optional<int> take_marked_number(std::string_view& text, std::string_view mark) {
  if (!text.starts_with(mark)) return std::nullopt;
  std::string_view behind = text.substr(mark.size());
  const auto number = take_number(behind);
  if (number) text = behind;
  return number;
}

void take_stage(std::string_view& text, Version& version) {
  constexpr struct {
    std::string_view mark;
    char stage;
  } kStages[] = {{"a", 'a'}, {"b", 'b'}, {"rc", 'c'}};
  for (const auto& [mark, stage] : kStages) {
    if (const auto serial = take_marked_number(text, mark)) {
      version.stage = stage;
      version.serial = *serial;
    }
  }
}

}  // namespace

std::optional<Version> leading_version(std::string_view text, std::string_view& rest) {
  const auto major = take_number(text);
  if (!major) return std::nullopt;
  Version version{.major = *major};
  version.minor = take_marked_number(text, ".");
  if (version.minor) version.patch = take_marked_number(text, ".");
  if (version.patch) take_stage(text, version);
  version.free_threaded = text.starts_with('t');
  if (version.free_threaded) text.remove_prefix(1);
  rest = text;
  return version;
}

std::optional<Version> parse_version(std::string_view text) {
  std::string_view rest;
  const auto version = leading_version(text, rest);
  return rest.empty() ? version : std::nullopt;
}

Version version_of(const Interpreter& interpreter) {
  return parse_version(version_name(interpreter)).value_or(Version{});
}

bool may_be(const Version& asked, const Version& candidate) {
  const auto agree = [](const std::optional<int>& a, const std::optional<int>& b) {
    return !a || !b || *a == *b;
  };
  if (asked.major != candidate.major) return false;
  if (candidate.minor && asked.free_threaded != candidate.free_threaded) return false;
  if (!agree(asked.minor, candidate.minor) || !agree(asked.patch, candidate.patch)) return false;
  if (!asked.patch || !candidate.patch) return true;
  return asked.stage == candidate.stage && asked.serial == candidate.serial;
}

}  // namespace harness
