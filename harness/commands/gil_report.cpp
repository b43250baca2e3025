// harness/commands/gil_report.cpp: harness gil-report FILE.
#include "harness/gil_trace/gil_report.h"

#include <iostream>

#include "harness/commands/commands.h"

namespace harness {

int gil_report(const Options& options) {
  std::cout << gil_trace::gil_report(gil_trace::read_timeline(options.gil_report_file), options.color_output);
  return 0;
}

}  // namespace harness
