// harness/report/run_summary.cpp: what was run, on what: a few facts for people, out of a run's context.
#include "harness/report/run_summary.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace harness {
namespace {

constexpr const char* kInterpreter = "interpreter";

/// " (GIL off, JIT on)". A JIT that is off, or not there, is the usual.
std::string state_of(const Context& context) {
  const std::string gil = context_value(context, "gil_enabled");
  if (gil.empty()) return "";
  return std::string(gil == "true" ? " (GIL on" : " (GIL off") +
         (context_value(context, "jit") == "on" ? ", JIT on)" : ")");
}

/// ", PYTHON_JIT=1": what the user has set for this interpreter alone.
std::string environment_of(const Context& context) {
  constexpr std::string_view kOwn = "python_environment_";
  std::string text;
  for (const auto& [key, value] : context) {
    if (key.starts_with(kOwn)) text += ", " + key.substr(kOwn.size()) + "=" + value;
  }
  return text;
}

std::string interpreter_of(const Context& context) {
  const std::string version = version_of(context), code = context_value(context, "libpython");
  if (version.empty()) return "";
  return "CPython " + version + state_of(context) +
         (code.empty() ? ""
                       : (context_value(context, "embedding") == "guest" ? ", guest in " : ", ") + code) +
         environment_of(context);
}

std::string machine_of(const Context& context) {
  const std::string model = context_value(context, "cpu_model"),
                    cpus = context_value(context, "cpus_allowed");
  if (cpus.empty()) return model;
  const auto cores = std::ranges::count(cpus, ',') + 1;
  return (model.empty() ? "" : model + ", ") + std::to_string(cores) +
         (cores == 1 ? " core allowed" : " cores allowed");
}

std::string image_of(const Context& context) {
  const std::string image = context_value(context, "image"),
                    conversion = context_value(context, "image_conversion");
  if (image.empty()) return "";
  return image + ", " + context_value(context, "image_size") +
         (conversion.empty() || conversion == "none" ? "" : " (" + conversion + ")");
}

std::string pinning_of(const Context& context) {
  const std::string pinned = context_value(context, "pinned");
  return pinned == "none" ? "" : pinned;
}

std::string program_of(const Context& context) {
  const std::string version = context_value(context, "harness_version");
  return version.empty() ? "" : "harness " + version + " (" + context_value(context, "harness_commit") + ")";
}

ContextEntries without_empty(ContextEntries entries) {
  std::erase_if(entries, [](const auto& entry) { return entry.second.empty(); });
  return entries;
}

/// What each context says of `what`; "" where it says nothing.
std::vector<std::string> said_of(const std::string& what, const std::vector<ContextEntries>& all) {
  std::vector<std::string> said;
  for (const ContextEntries& entries : all) {
    const auto found = std::ranges::find(entries, what, &ContextEntries::value_type::first);
    said.push_back(found == entries.end() ? "" : found->second);
  }
  return said;
}

}  // namespace

std::string version_of(const Context& context) {
  const std::string version = context_value(context, "python_version");
  const bool free_threaded = context_value(context, "python_free_threaded_build") == "true";
  return version.substr(0, version.find(' ')) + (free_threaded ? "t" : "");
}

ContextEntries summary_of(const Context& context) {
  return without_empty({{kInterpreter, interpreter_of(context)},
                        {"machine", machine_of(context)},
                        {"image", image_of(context)},
                        {"pinned", pinning_of(context)}});
}

ContextEntries facts_of(const Context& context) {
  ContextEntries facts = summary_of(context);
  facts.emplace_back("program", program_of(context));
  return without_empty(std::move(facts));
}

ContextEntries facts_of(const std::vector<std::string>& labels, const std::vector<Context>& contexts) {
  std::vector<ContextEntries> all;
  for (const Context& context : contexts) all.push_back(facts_of(context));
  ContextEntries facts;
  for (const char* const what : {kInterpreter, "machine", "image", "pinned", "program"}) {
    const std::vector<std::string> said = said_of(what, all);
    const auto first = std::ranges::find_if(said, [](const std::string& text) { return !text.empty(); });
    const bool alike = what != kInterpreter && std::ranges::all_of(said, [&](const std::string& text) {
                         return text.empty() || text == *first;
                       });
    if (first != said.end() && alike) facts.emplace_back(what, *first);
    for (std::size_t i = 0; i < said.size() && !alike; ++i)
      facts.emplace_back(what + (" " + labels.at(i)), said[i]);
  }
  return without_empty(std::move(facts));
}

}  // namespace harness
