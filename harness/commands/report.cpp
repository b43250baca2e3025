// harness/commands/report.cpp: harness report PATH…: what is stored of runs, comparisons and traces as one
// page.
#include <algorithm>
#include <iostream>
#include <system_error>

#include "harness/cli/environment.h"
#include "harness/commands/commands.h"
#include "harness/commands/known_rows.h"
#include "harness/error.h"
#include "harness/report_page/draw.h"
#include "harness/report_page/page_json.h"
#include "harness/run/installation.h"
#include "harness/system/atomic_file.h"
#include "harness/system/text.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

/// Throws UserError where the page would be no page, or be written over what it is made of.
void check_page(const fs::path& page, const std::vector<fs::path>& operands) {
  if (page.extension() != ".html" && page.extension() != ".json") {
    throw UserError("--out=" + page.string() + ": give a file whose name ends in .html, or in .json");
  }
  for (const fs::path& operand : operands) {
    for (const fs::path& file : {operand, operand / "result.json", operand / "comparison.json"}) {
      std::error_code none;
      if (fs::equivalent(page, file, none)) {
        throw UserError("--out=" + page.string() + ": it would be written over what the page is made of");
      }
    }
  }
}

/// Where a part comes from: its path, and when it was measured.
std::string source_of(const fs::path& path, const PagePart& part) {
  const auto date =
      std::ranges::find(part.document.facts, "date", &std::pair<std::string, std::string>::first);
  return printable(path.string()) + (date == part.document.facts.end() ? "" : ", " + date->second);
}

void write_data(const fs::path& page, const std::string& json) {
  try {
    write_file_atomically(page, json);
  } catch (const std::system_error& error) {
    throw UserError("report: " + page.string() + " cannot be written: " + error.code().message());
  }
}

int write_page(const Request& request) {
  const Options& options = request.options;
  std::vector<PagePart> parts;
  const fs::path page = options.out.empty() ? "report.html" : options.out;
  check_page(page, options.operands);
  for (const fs::path& path : options.operands) {
    parts.push_back(read_part(path, traits_of_known_row));
    parts.back().source = source_of(path, parts.back());
  }
  const std::string json = page_json(parts);
  if (page.extension() == ".json") {
    write_data(page, json);
  } else {
    draw_page(find_installation().report, json, fs::absolute(page), drawing_pythons(report_python()));
  }
  std::cout << printable(page.string()) << '\n';
  return 0;
}

}  // namespace

CommandEntry report_command() {
  return {{.name = "report",
           .help = "One page (HTML) of stored runs, comparisons and traces, which opens anywhere",
           .operand = "PATH",
           .operand_help =
               "Folders of runs and comparisons or files of theirs, timelines that --gil-trace wrote, and\n"
               "what harness trace --report wrote.\n"
               "--out=FILE names the page (default report.html); a name that ends in .json has what\n"
               "the page is made of. Needs matplotlib and Jinja2 (python3-matplotlib, python3-jinja2),\n"
               "of the Python that HARNESS_REPORT_PYTHON names, of python3 on PATH, or of the system's",
           .several = true,
           .shared_flags = {"--out"}},
          write_page};
}

}  // namespace harness
