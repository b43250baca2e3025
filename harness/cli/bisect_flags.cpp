// harness/cli/bisect_flags.cpp: the words of `harness bisect-run` that are its own.
#include "harness/cli/bisect_flags.h"

#include <cstring>

#include "harness/cli/compare_flags.h"
#include "harness/cli/trace_flags.h"
#include "harness/error.h"

namespace harness {
namespace {

constexpr const char* kBeforeBuild = "--";
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

}  // namespace

bool asks_to_bisect(int argc, const char* const* argv) {
  const int own = own_words(argc, argv);
  for (int i = 1; i < own && std::strcmp(argv[i], kBeforeBuild) != 0; ++i) {
    if (std::strcmp(argv[i], kBisectCommand) == 0) return true;
  }
  return false;
}

int words_before_build(int argc, const char* const* argv) {
  int words = 1;
  while (words < argc && std::strcmp(argv[words], kBeforeBuild) != 0) ++words;
  return words;
}

void add_bisect_flags(CLI::App& command, BisectTexts& texts) {
  command.add_option(kBadIf, texts.bad_if, "A commit is bad where a row is shown to be slower by more")
      ->type_name("slower:PERCENT");
  command
      .add_option(kBaseline, texts.baseline,
                  "Compare with this stored run: a result.json, a comparison's LABEL.json, or the folder of\n"
                  "either, of which the first LABEL counts")
      ->type_name("FILE");
  command.footer(kFooter);
}

BisectOptions take_bisect_values(const BisectTexts& texts) {
  if (!texts.bad_if) throw UserError("bisect-run: say what is bad, for instance --bad-if=slower:3%");
  return {.worse_than = parse_slower(kBadIf, *texts.bad_if), .baseline = texts.baseline, .build = {}};
}

}  // namespace harness
