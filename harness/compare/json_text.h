// harness/compare/json_text.h: JSON as text.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace harness {

/// With `indent` blanks a level, or in one line. A byte that is no UTF-8, which a path may have and JSON may
/// not, becomes U+FFFD: the library would throw otherwise.
template <typename Json>
std::string json_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace harness
