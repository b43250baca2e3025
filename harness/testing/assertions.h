// harness/testing/assertions.h: what tests ask of texts and of errors.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "harness/error.h"

namespace harness {

/// The Error that `action` throws; nothing where it throws none. What is no Error passes on.
template <typename Error, typename Action>
std::optional<Error> thrown_by(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

/// The message of the Error that `action` throws; "" where it throws none. What is no Error passes on.
template <typename Error = UserError, typename Action>
std::string error_of(const Action& action) {
  const std::optional<Error> error = thrown_by<Error>(action);
  return error ? error->what() : "";
}

/// EXPECT_TRUE(contains(text, part)): a failure shows both, and so does one of EXPECT_FALSE.
inline testing::AssertionResult contains(std::string_view text, std::string_view part) {
  const bool holds = text.find(part) != std::string_view::npos;
  return (holds ? testing::AssertionSuccess() : testing::AssertionFailure())
         << "\"" << part << "\" " << (holds ? "is" : "is not") << " in \"" << text << "\"";
}

}  // namespace harness
