// harness/row/outcome.h: how a row ended.
#pragma once

#include <string>

namespace harness {

enum class Outcome {
  ok,              ///< it was timed
  failed,          ///< its experiment failed
  not_applicable,  ///< it has no meaning on this interpreter or machine, which is nobody's failure
  interrupted,     ///< a signal cut it off
};

/// The outcome with its reason as stored files have it, in one text: what Google Benchmark calls the error
/// message. "" for a row that was timed.
std::string stored_message(Outcome outcome, const std::string& reason);

/// The outcome that a stored message says, and its reason.
struct StoredOutcome {
  Outcome outcome;
  std::string reason;
};
StoredOutcome parse_stored_message(const std::string& message);

}  // namespace harness
