// harness/cli/python_spec.cpp: what a user writes as --python: an interpreter, its label and its environment.
#include "harness/cli/python_spec.h"

#include <algorithm>

#include "harness/error.h"

namespace harness {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";

bool consists_of(const std::string& text, std::initializer_list<std::string_view> sets) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return std::ranges::any_of(sets, [&](std::string_view set) { return set.find(c) != set.npos; });
  });
}

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw UserError("--python=" + text + ": " + why);
}

std::pair<std::string, std::string> parse_variable(const std::string& text, const std::string& word) {
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  if (equals == std::string::npos || !consists_of(name, {kLetters, kDigits, "_"}) ||
      kDigits.find(name[0]) != kDigits.npos) {
    refuse(text,
           "after the first comma come environment variables as NAME=VALUE, for instance "
           "--python='gil=3.13t,PYTHON_GIL=1'; '" +
               word + "' is none (a comma of a path is written \\,)");
  }
  return {name, word.substr(equals + 1)};
}

/// "/opt/py/bin/python3" as "python3"; what a label cannot have becomes "-".
std::string label_of(const std::string& spec) {
  if (spec.empty()) return "default";
  std::string label = spec.substr(spec.find_last_of('/') + 1);
  for (char& c : label) {
    if (!consists_of(std::string(1, c), {kLetters, kDigits, "._+-"})) c = '-';
  }
  return label;
}

/// What commas separate; "\\," is a comma within a word.
std::vector<std::string> words_between_commas(const std::string& text) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',') {
      words.back() += text[++i];
    } else if (text[i] == ',') {
      words.emplace_back();
    } else {
      words.back() += text[i];
    }
  }
  return words;
}

}  // namespace

PythonSpec parse_python_spec(const std::string& text) {
  PythonSpec parsed{.text = text, .label = {}, .spec = {}, .environment = {}};
  std::vector<std::string> words = words_between_commas(text);
  parsed.spec = words.front();
  words.erase(words.begin());
  if (const std::size_t equals = parsed.spec.find('='); equals < parsed.spec.find('/')) {
    parsed.label = parsed.spec.substr(0, equals);
    parsed.spec.erase(0, equals + 1);
    if (!consists_of(parsed.label, {kLetters, kDigits, "._+-"}) || parsed.label.starts_with('.') ||
        parsed.label.starts_with('-')) {
      refuse(text, "'" + parsed.label + "' is no label: give one of letters, digits and ._+-");
    }
  }
  for (const std::string& word : words) {
    auto variable = parse_variable(text, word);
    const auto known = [&](const auto& other) { return other.first == variable.first; };
    if (std::ranges::any_of(parsed.environment, known)) refuse(text, variable.first + " is given twice");
    parsed.environment.push_back(std::move(variable));
  }
  if (parsed.label.empty()) parsed.label = label_of(parsed.spec);
  return parsed;
}

std::string spec_of_path(const std::string& path) {
  std::string spec;
  for (const char c : path) spec += c == ',' ? std::string("\\,") : std::string(1, c);
  return spec;
}

std::vector<PythonSpec> parse_python_specs(const std::vector<std::string>& texts) {
  if (texts.size() > kMaxPythons) {
    throw UserError("--python: given " + std::to_string(texts.size()) + " times; at most " +
                    std::to_string(kMaxPythons) + " interpreters can be compared at once");
  }
  std::vector<PythonSpec> specs;
  for (const std::string& text : texts) {
    PythonSpec spec = parse_python_spec(text);
    const auto same = std::ranges::find(specs, spec.label, &PythonSpec::label);
    if (same != specs.end()) {
      refuse(text, "it would be called '" + spec.label + "', as --python=" + same->text +
                       " is; give each a label, for instance --python=a=" + spec.spec);
    }
    if (spec.label == "comparison" || spec.label == "result")
      refuse(text, "a file of a comparison's own, or of a run's, is called so; give another label");
    const auto shares_a_file = [&](const PythonSpec& other) {
      return spec.label == other.label + ".pyperf" || other.label == spec.label + ".pyperf";
    };
    if (std::ranges::any_of(specs, shares_a_file)) {
      refuse(text, "'" + spec.label + "' and another label would share a file; give it another one");
    }
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace harness
