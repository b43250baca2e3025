// harness/commands/gil_report.cpp: harness gil-report FILE.
#include "harness/gil_trace/gil_report.h"

#include <iostream>

#include "harness/commands/commands.h"

namespace harness {

namespace {

int print_gil_report(const Request& request) {
  std::cout << gil_trace::gil_report(gil_trace::read_timeline(request.options.operands.front()),
                                     request.options.color_output);
  return 0;
}

}  // namespace

CommandEntry gil_report_command() {
  return {{.name = "gil-report",
           .help = "Table and histograms of a timeline that --gil-trace wrote",
           .operand = "FILE",
           .operand_help = "The timeline, of 128 MiB at most, packed and unpacked",
           .shared_flags = {"--color"}},
          print_gil_report};
}

}  // namespace harness
