// harness/row/outcome.cpp: outcomes as stored files have them.
#include "harness/row/outcome.h"

#include <string_view>

namespace harness {
namespace {

constexpr std::string_view kNotApplicable = "does not apply: ";
constexpr std::string_view kInterrupted = "interrupted";

}  // namespace

std::string stored_message(Outcome outcome, const std::string& reason) {
  switch (outcome) {
    case Outcome::ok:
      return "";
    case Outcome::failed:
      return reason;
    case Outcome::not_applicable:
      return std::string(kNotApplicable) + reason;
    case Outcome::interrupted:
      return std::string(kInterrupted);
  }
  return reason;
}

StoredOutcome parse_stored_message(const std::string& message) {
  if (message.empty()) return {Outcome::ok, ""};
  if (message == kInterrupted) return {Outcome::interrupted, ""};
  if (!message.starts_with(kNotApplicable)) return {Outcome::failed, message};
  return {Outcome::not_applicable, message.substr(kNotApplicable.size())};
}

}  // namespace harness
