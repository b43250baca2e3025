// harness/commands/bisect_flags.cpp: the words of `harness bisect-run`.
#include "harness/commands/bisect_flags.h"

#include "harness/error.h"
#include "harness/parameters/values.h"

namespace harness {
namespace {

constexpr const char* kBadIf = "--bad-if";
constexpr const char* kBaseline = "--baseline";

constexpr const char* kFooter =
    "The BUILD_COMMAND behind -- is run first, in the current folder; without one nothing is built. Then "
    "the\n"
    "second --python is compared with the first, in rounds of fresh processes as any comparison is, until\n"
    "each row is decided or --budget is spent. With --baseline=FILE the one --python is compared with a\n"
    "stored run. --filter, --workload, --threads, --rounds (10), --budget (300), --confidence (99%), --out\n"
    "and the other flags of a run and a comparison mean what `harness --help` says; of --out each step\n"
    "makes a folder of its own.\n"
    "\n"
    "Exit status, as git bisect run takes it:\n"
    "  0        good: no row is slower by more than --bad-if says\n"
    "  1        bad: a row is\n"
    "  125      skip: the build failed, the interpreter is not there or cannot start, a row failed, or it\n"
    "           cannot be told within --budget\n"
    "  128      ends the bisection: the command line is wrong, the baseline is not there, or harness failed\n"
    "  128 + N  ends the bisection: signal N\n"
    "\n"
    "  git bisect start HEAD v1.0\n"
    "  git bisect run harness bisect-run --python=good=/opt/v1.0/bin/python3 --python=new=./python \\\n"
    "      --filter=/python/ --bad-if=slower:3% -- make -j8";

/// git bisect takes a status from 1 to 127 for "bad", but for 125, which skips the commit, and ends with any
/// other. So this is that of every error that is not the commit's.
constexpr int kEndsBisection = 128;

/// What a step takes where nothing is said: surer than one comparison, because several steps must all be
/// right; and for a time, because a commit that is skipped costs a step.
constexpr double kConfidence = 0.99;
constexpr double kBudget_s = 300;

void refuse(bool given, const char* flag, const char* why) {
  if (given) throw UserError(std::string(flag) + ": " + why);
}

/// What a step has no use for.
void refuse_others(const Options& options) {
  refuse(options.compare.fail_if_slower.has_value(), "--fail-if", "bisect-run has --bad-if instead");
  refuse(!options.compare.resume.empty(), "--resume", "git bisect begins each step anew; leave it out");
  refuse(options.compare.shard.has_value(), "--shard", "a step decides by all of its rounds; leave it out");
  refuse(options.all_pythons, "--python=all", "bisect-run compares one interpreter with a baseline");
  refuse(options.list || options.list_pythons, "--list", "bisect-run lists nothing; leave it out");
  refuse(!options.gil_trace_file.empty(), "--gil-trace", "each process would write it anew; leave it out");
  refuse(options.format != kConsole, "--format",
         "bisect-run prints a sentence; its folder has the comparison in other formats");
}

/// A step of a bisection is a comparison that ends with what git bisect asks. Throws UserError.
void complete_step(Options& options) {
  const BisectOptions bisect = bisect_options(options);
  refuse_others(options);
  const std::size_t pythons = options.pythons.size();
  if (!bisect.baseline.empty()) {
    refuse(pythons > 1, "--python", "give only the one that is built, since --baseline has the other");
    if (options.pythons.empty()) options.pythons = {parse_python_spec("")};
  } else {
    refuse(pythons != 2, "--python",
           "bisect-run takes two, the baseline's and then the one that is built; or one and --baseline=FILE");
    const PythonSpec& baseline = options.pythons.front();
    const PythonSpec& built = options.pythons.back();
    refuse(
        baseline.spec == built.spec && baseline.environment == built.environment, "--python",
        "both are the same interpreter with the same variables, which could not differ; give each its own");
  }
  if (!options.was_given("--confidence")) options.compare.confidence = kConfidence;
  if (!options.compare.budget_s) options.compare.budget_s = kBudget_s;
  refuse(options.rest.size() == 1, "--", "give the command that builds a commit behind it, or leave it out");
}

}  // namespace

CommandWords bisect_run_words() {
  return {
      .name = "bisect-run",
      .help =
          "A step of git bisect run: build a commit, compare it with a baseline, say whether it is\n"
          "slower: harness bisect-run --bad-if=slower:3% [flags] -- BUILD_COMMAND",
      .runs = Runs::rounds,
      .flags =
          {{.flag = kBadIf,
            .value = "slower:PERCENT",
            .help = "A commit is bad where a row is shown to be slower by more",
            .check = [](const std::string& flag, const std::string& text) { parse_slower(flag, text); }},
           {.flag = kBaseline,
            .value = "FILE",
            .help =
                "Compare with this stored run: a result.json, a comparison's LABEL.json, or the folder of\n"
                "either, of which the first LABEL counts"}},
      .footer = kFooter,
      .takes_dashes = true,
      .error_status = kEndsBisection,
      .complete = complete_step};
}

BisectOptions bisect_options(const Options& options) {
  const std::string bad_if = options.command_values.text(kBadIf);
  if (bad_if.empty()) throw UserError("bisect-run: say what is bad, for instance --bad-if=slower:3%");
  BisectOptions bisect{.worse_than = parse_slower(kBadIf, bad_if),
                       .baseline = options.command_values.text(kBaseline),
                       .build = {}};
  if (!options.rest.empty()) bisect.build.assign(options.rest.begin() + 1, options.rest.end());
  return bisect;
}

}  // namespace harness
