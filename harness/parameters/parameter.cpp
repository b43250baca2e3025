// harness/parameters/parameter.cpp: the values of a run's parameters.
#include "harness/parameters/parameter.h"

#include "harness/parameters/values.h"

namespace harness {

ParameterValues::ParameterValues(const std::vector<Parameter>& parameters) {
  for (const Parameter& parameter : parameters) {
    std::vector<std::string> texts;
    if (!parameter.default_text.empty()) texts.push_back(parameter.default_text);
    entries_.emplace(parameter.flag, Entry{parameter, std::move(texts)});
  }
}

void ParameterValues::give(const std::string& flag, std::vector<std::string> texts) {
  Entry& entry = entries_.at(flag);
  for (const std::string& text : texts) {
    if (entry.parameter.range) {
      parse_integer(flag, text, entry.parameter.range->low, entry.parameter.range->high);
    } else if (entry.parameter.check != nullptr) {
      entry.parameter.check(flag, text);
    }
  }
  entry.texts = std::move(texts);
}

const std::vector<std::string>& ParameterValues::texts(std::string_view flag) const {
  return entries_.find(flag)->second.texts;
}

std::string ParameterValues::text(std::string_view flag) const {
  const std::vector<std::string>& all = texts(flag);
  return all.empty() ? "" : all.back();
}

std::optional<std::int64_t> ParameterValues::integer(std::string_view flag) const {
  const Entry& entry = entries_.find(flag)->second;
  if (entry.texts.empty()) return std::nullopt;
  return parse_integer(entry.parameter.flag, entry.texts.back(), entry.parameter.range->low,
                       entry.parameter.range->high);
}

}  // namespace harness
