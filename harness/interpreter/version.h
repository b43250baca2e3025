// harness/interpreter/version.h: version numbers of CPython, as it prints them and as users ask for them.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "harness/interpreter/interpreter.h"

namespace harness {

/// What a text such as "3.13.0rc2" says; what it leaves open is absent. Sorts as releases follow one another:
/// 3.13 < 3.13.0a1 < 3.13.0b1 < 3.13.0rc1 < 3.13.0 < 3.13.1, and GIL builds before free-threaded ones.
struct Version {
  int major = 0;
  std::optional<int> minor = std::nullopt;
  std::optional<int> patch = std::nullopt;
  char stage = 'z';  ///< 'a'lpha, 'b'eta, release 'c'andidate, or after them all the release itself
  int serial = 0;    ///< the number of the alpha, beta or candidate
  bool free_threaded = false;

  // clang-tidy 14 takes the compiler's own comparisons with 0 in here for null pointers.
  friend auto operator<=>(const Version&, const Version&) = default;  // NOLINT(modernize-use-nullptr)
};

/// The version that `text` starts with ("3", "3.13", "3.13.0rc2", each with "t" after it when free-threaded),
/// and in `rest` what follows. Nothing, and an untouched `rest`, when it starts with no digit.
std::optional<Version> leading_version(std::string_view text, std::string_view& rest);

/// The version that `text` is as a whole.
std::optional<Version> parse_version(std::string_view text);

/// The interpreter's version with its kind of build.
Version version_of(const Interpreter& interpreter);

/// Whether a version is one that `asked` means: they agree in all that `asked` says and in being
/// free-threaded or not. `candidate` may itself leave things open, then it might be meant; without a minor
/// version ("3") it also leaves open whether it is free-threaded.
bool may_be(const Version& asked, const Version& candidate);

}  // namespace harness
