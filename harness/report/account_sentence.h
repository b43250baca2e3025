// harness/report/account_sentence.h: why threads were as fast as they were, from their account.
#pragma once

#include <string>

#include "harness/row/row.h"

namespace harness {

/// What kept the threads of `row` most, and what kind of remedy there is: the part of a sentence behind its
/// colon, without the full stop. "" where the row has no account, or other threads ran beside its own, about
/// which the account says nothing.
std::string account_sentence(const Row& row);

}  // namespace harness
