// harness/commands/list.cpp: --list.
#include <iostream>

#include "harness/commands/commands.h"
#include "harness/run/plan.h"

namespace harness {

int list_rows(const Options& options) {
  for (const Experiment& experiment : make_plan(options.filter, options.threads)) {
    std::cout << experiment.name() << '\n';
  }
  return 0;
}

}  // namespace harness
