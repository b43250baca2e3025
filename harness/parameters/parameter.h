// harness/parameters/parameter.h: what a workload or a command can be told on the command line, declared
// once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace harness {

/// Whole numbers from `low` to `high`.
struct IntegerRange {
  std::int64_t low;
  std::int64_t high;
};

/// A flag of a workload or of a command. The command line reads this; of a workload's flag also a run's
/// context, the processes of a comparison and what it warns of.
struct Parameter {
  std::string flag;                        ///< "--countdown-steps"
  std::string value;                       ///< what --help calls its value: "N"
  std::string help;                        ///< a line of --help or several, with the default
  std::string default_text = {};           ///< its value where it is not given; "": none
  std::optional<IntegerRange> range = {};  ///< of a whole number; absent: it is text
  /// Checks a text that is no whole number: throws UserError, which names `flag` and the mend. Null: any will
  /// do.
  void (*check)(const std::string& flag, const std::string& text) = nullptr;
  bool repeats = false;                    ///< it may be given several times
  std::vector<std::string> choices = {};   ///< the texts that it may have; empty: any
  std::vector<std::string> excludes = {};  ///< flags that it cannot be given with
  std::string context_key = {};  ///< its key in a run's context; "": the context says it in another way
  std::string words = {};        ///< what a sentence about two runs calls it: "countdown steps"
};

/// The values of a run's parameters: what was given, else the default.
class ParameterValues {
 public:
  ParameterValues() = default;
  /// `parameters` without what was given. A flag that is there twice counts once.
  explicit ParameterValues(const std::vector<Parameter>& parameters);

  /// Throws UserError where a text is not what the parameter takes. `flag` is one of the parameters'.
  void give(const std::string& flag, std::vector<std::string> texts);

  /// Empty where nothing was given and there is no default.
  const std::vector<std::string>& texts(std::string_view flag) const;
  /// The last of them; "" where there is none.
  std::string text(std::string_view flag) const;
  /// Of one with a range; absent where nothing was given and there is no default.
  std::optional<std::int64_t> integer(std::string_view flag) const;

 private:
  struct Entry {
    Parameter parameter;
    std::vector<std::string> texts;
  };
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace harness
