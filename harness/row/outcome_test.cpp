// harness/row/outcome_test.cpp: a failure that passes for nobody's, once it was stored.
#include "harness/row/outcome.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(StoredMessage, SaysOutcomeAndReason) {
  EXPECT_EQ(stored_message(Outcome::ok, ""), "");
  EXPECT_EQ(stored_message(Outcome::failed, "wrong result"), "wrong result");
  EXPECT_EQ(stored_message(Outcome::not_applicable, "no GIL"), "does not apply: no GIL");
  EXPECT_EQ(stored_message(Outcome::interrupted, ""), "interrupted");
}

TEST(StoredMessage, IsReadBack) {
  for (const Outcome outcome :
       {Outcome::ok, Outcome::failed, Outcome::not_applicable, Outcome::interrupted}) {
    const bool says_why = outcome == Outcome::failed || outcome == Outcome::not_applicable;
    const std::string reason = says_why ? "it needs numpy" : "";
    const StoredOutcome read = parse_stored_message(stored_message(outcome, reason));
    EXPECT_EQ(read.outcome, outcome);
    EXPECT_EQ(read.reason, reason);
  }
}

}  // namespace
}  // namespace harness
