// harness/cli/help.cpp: the texts of --help around its flags.
#include "harness/cli/help.h"

#include <algorithm>

namespace harness {
namespace {

constexpr const char* kDescription =
    "What does the GIL cost this code, on this interpreter, and what does getting out of it buy?\n"
    "\n"
    "Runs Python workloads on native threads that contend for the GIL, and times them against native\n"
    "kernels that run without it. Each row is named workload/strategy/threads:N.";

constexpr const char* kExamples =
    "Examples:\n"
    "  harness                                          the usual rows, on the default interpreter\n"
    "  harness --filter=grayscale --image=photo.jpg     one workload, on your own photograph\n"
    "  harness --filter='python' --threads=1,2,8        every row with \"python\" in its name\n"
    "  harness --filter=-opencv                         every row but those\n"
    "  harness --python=3.13t --filter=countdown        on a free-threaded CPython\n"
    "  harness --python=3.13t --workload=mine.py        functions bench_NAME() of your own\n"
    "  harness trace app.py --port=80                   a whole program, as python3 app.py --port=80 runs "
    "it\n"
    "  harness --filter=^gil/                           what the GIL itself costs\n"
    "  harness --filter=^countdown/ --threads=1,2       every way around the GIL beside every other\n"
    "  harness --filter=^start/                         what each of them costs to enter\n"
    "  harness --filter=grayscale --python=3.11 --python=3.13    two interpreters, compared\n"
    "  harness compare a/result.json b/result.json      two runs of other days, compared\n"
    "  harness --python=3.11 --python=3.13 --shard=2/8  a comparison's second eighth, on one of eight "
    "machines\n"
    "  harness merge part-1 part-2                      the parts of a comparison, put together\n"
    "  git bisect run harness bisect-run --python=good=3.14 --python=new=./python --bad-if=slower:3% -- "
    "make\n"
    "                                                   the commit that made a row slower\n"
    "  harness --filter=countdown/python_threads/threads:2 --gil-trace=gil.json\n"
    "  harness report DIR gil.json --out=page.html      runs, comparisons and timelines as a page\n"
    "\n";

constexpr const char* kExitStatus =
    "Exit status: 0 all well, 1 an experiment or a process failed, 2 the command line or a file is wrong,\n"
    "             128 + N ended by signal N (130 Ctrl-C, 143 SIGTERM, 129 SIGHUP); with --fail-if also 3 "
    "slower\n"
    "             than allowed, 4 that cannot be told. Of several: a signal's, 2, 1, 3, 4. bisect-run has "
    "its own\n"
    "             (harness bisect-run --help).";

}  // namespace

std::string help_description() {
  return kDescription;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string help_footer(const Vocabulary& vocabulary) {
  std::size_t width = 0;
  for (const auto& [name, summary] : vocabulary.strategies) width = std::max(width, name.size());
  std::string text = kExamples + ("Workloads:  " + listed(vocabulary.workloads)) + "\n";
  const char* heading = "Strategies: ";
  for (const auto& [name, summary] : vocabulary.strategies) {
    text += heading + name + std::string(width + 2 - name.size(), ' ') + summary + "\n";
    heading = "            ";
  }
  return text + "\n" + kExitStatus;
}

}  // namespace harness
