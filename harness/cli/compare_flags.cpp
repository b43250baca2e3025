// harness/cli/compare_flags.cpp: the flags that compare interpreters, and `harness compare`.
#include "harness/cli/compare_flags.h"

#include <algorithm>
#include <limits>

#include "harness/error.h"
#include "harness/parameters/values.h"

namespace harness {
namespace {

/// "2/8"
Shard parse_shard(const std::string& text) {
  try {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto parts = parse_integer("--shard", text.substr(std::min(slash + 1, text.size())), 1, kMaxRounds);
    const auto part = parse_integer("--shard", text.substr(0, slash), 1, parts);
    return {.part = static_cast<int>(part), .parts = static_cast<int>(parts)};
  } catch (const UserError&) {
    throw UserError("--shard=" + text + ": give I/N for part I of N, with I from 1 to N and N up to " +
                    std::to_string(kMaxRounds) + ", for instance --shard=1/8");
  }
}

/// Throws UserError where a part of a comparison is not to be had with the other flags.
void check_shard(const CompareTexts& texts, const CompareOptions& options) {
  const std::string flag = "--shard=" + *texts.shard;
  if (texts.budget) {
    throw UserError(flag + ": a part has a fixed number of rounds (--rounds), so leave --budget out");
  }
  if (const std::string other = texts.flag_of_verdicts(); !other.empty()) {
    throw UserError(other + ": a part of a comparison has no verdicts; give it to `harness merge`");
  }
  if (options.resume.empty() && options.shard->parts > options.rounds) {
    throw UserError(flag + ": --rounds=" + std::to_string(options.rounds) +
                    " of the whole comparison give some parts none; give as many rounds as parts, or more");
  }
}

}  // namespace

std::string CompareTexts::flag_of_rounds() const {
  if (rounds) return "--rounds";
  if (budget) return "--budget";
  if (seed) return "--seed";
  if (shard) return "--shard";
  if (timeout) return "--timeout";
  if (no_interleaving) return "--no-interleaving";
  return resume.empty() ? "" : "--resume";
}

std::string CompareTexts::flag_of_comparing() const {
  const std::string flag = flag_of_rounds();
  return flag.empty() ? flag_of_verdicts() : flag;
}

std::string CompareTexts::flag_of_verdicts() const {
  if (margin) return "--margin";
  if (confidence) return "--confidence";
  return fail_if ? "--fail-if" : "";
}

void add_compare_flags(CLI::App& app, CompareTexts& texts) {
  const auto add = [](CLI::App& to, const char* name, auto& text, const char* type, const char* what) {
    return to.add_option(name, text, what)->type_name(type)->group("Comparing interpreters");
  };
  add(app, "--rounds", texts.rounds, "N",
      "Rounds: in each every interpreter runs once, in a fresh process, in shuffled order (default 10)");
  add(app, "--budget", texts.budget, "SECONDS",
      "Go on after --rounds until every row is decided or this time is spent");
  add(app, "--seed", texts.seed, "N", "Repeat the order of the comparison that printed this seed");
  add(app, "--shard", texts.shard, "I/N",
      "Run part I of N of the rounds, for instance each on a machine of its own; `harness merge` puts the\n"
      "parts together");
  app.add_flag("--no-interleaving", texts.no_interleaving,
               "Run the processes of a round one after the other, and not in turns, a repetition each")
      ->group("Comparing interpreters");
  add(app, "--timeout", texts.timeout, "SECONDS", "Kill a process that takes longer (default 1800)");
  add(app, "--resume", texts.resume, "DIR", "Go on with the comparison in this folder");
  constexpr const char* kMargin = "A difference too small to matter, in percent (default 1%)";
  constexpr const char* kConfidence = "How sure all verdicts together must be, in percent (default 95%)";
  constexpr const char* kFailIf =
      "Exit 3 where a row is shown to be slower by more than this, 4 where that cannot be told";
  add(app, "--margin", texts.margin, "PERCENT", kMargin);
  add(app, "--confidence", texts.confidence, "PERCENT", kConfidence);
  add(app, "--fail-if", texts.fail_if, "slower:PERCENT", kFailIf);
}

CompareOptions take_compare_values(const CompareTexts& texts) {
  CompareOptions options;
  if (texts.rounds) {
    options.rounds = static_cast<int>(parse_integer("--rounds", *texts.rounds, 1, kMaxRounds));
  }
  if (texts.budget) options.budget_s = parse_seconds("--budget", *texts.budget, 30 * 86'400);
  if (texts.seed) {
    options.seed = static_cast<std::uint32_t>(
        parse_integer("--seed", *texts.seed, 0, std::numeric_limits<std::uint32_t>::max()));
  }
  if (texts.timeout) options.timeout_s = parse_seconds("--timeout", *texts.timeout, 7 * 86'400);
  if (texts.margin) options.margin = parse_percent("--margin", *texts.margin, 100);
  if (texts.confidence) options.confidence = parse_percent("--confidence", *texts.confidence, 100);
  if (texts.fail_if) options.fail_if_slower = parse_slower("--fail-if", *texts.fail_if);
  options.interleaved = !texts.no_interleaving;
  options.resume = texts.resume;
  if (texts.shard) {
    options.shard = parse_shard(*texts.shard);
    check_shard(texts, options);
  }
  return options;
}

}  // namespace harness
