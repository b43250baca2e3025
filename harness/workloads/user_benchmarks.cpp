// harness/workloads/user_benchmarks.cpp: the user's own files of benchmarks, as workloads.
#include "harness/workloads/user_benchmarks.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <system_error>

#include "harness/error.h"
#include "harness/strategies/benchmark.h"
#include "harness/strategies/ways.h"
#include "harness/system/text.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

UserError refused(const fs::path& file, const std::string& why) {
  return UserError("--workload=" + file.string() + ": " + why);
}

/// Throws UserError where the file is none, or its name cannot begin a row's.
void check_file(const fs::path& file) {
  std::error_code error;
  const fs::file_type type = fs::status(file, error).type();
  if (type == fs::file_type::not_found) throw refused(file, "there is no such file");
  if (error) throw refused(file, error.message());
  if (type == fs::file_type::directory) throw refused(file, "it is a folder; give a .py file");
  if (type != fs::file_type::regular) throw refused(file, "it is no regular file");
  if (file.extension() != ".py") throw refused(file, "give a .py file");
  const std::string stem = file.stem().string();
  if (stem.find_first_of(" /:\n\t") != std::string::npos || printable(stem) != stem) {
    throw refused(file, "rows are named after it, so its name may have no space, colon or control character");
  }
}

Workload workload_of(const std::string& file, const embed::BenchmarkFacts& facts) {
  const Benchmark benchmark{.file = file, .name = facts.name, .splits = facts.splits};
  const std::int64_t items = std::max<std::int64_t>(facts.items, 1);
  return {.name = user_workload_name(file, facts.name),
          .script = file,
          .item_unit = facts.items == 0 ? "calls" : "items",
          .strategies = [benchmark](const ParameterValues&) -> std::vector<Strategy> {
            std::vector<Strategy> strategies = ways(benchmark);
            strategies.insert(strategies.begin(), benchmark_on_one_thread(benchmark));
            return strategies;
          },
          .make_job = [items](const JobInputs&) -> Job {
            return {.items = items, .script_items = items, .returns = embed::Returns::anything};
          }};
}

std::vector<embed::BenchmarkFacts> open(const embed::Python& python, const fs::path& absolute,
                                        const fs::path& file) {
  try {
    return python.attached([&] { return python.api().open_benchmarks(absolute.string()); });
  } catch (const embed::ScriptError& error) {
    // Of what this program has against a file there is nothing to trace.
    if (error.traceback.find("  File ") != std::string::npos) {
      std::cerr << printable(error.traceback) << std::flush;
    }
    throw refused(file, error.what());
  }
}

constexpr const char* kBetween = ".";

}  // namespace

std::string user_workload_name(const fs::path& file, const std::string& benchmark) {
  return file.stem().string() + (benchmark.empty() ? "" : kBetween + benchmark);
}

bool is_user_workload_of(const fs::path& file, const std::string& workload) {
  const std::string stem = user_workload_name(file, "");
  return workload == stem || workload.starts_with(stem + kBetween);
}

std::vector<Workload> user_workloads(const embed::Python& python, std::span<const fs::path> files,
                                     const std::function<void(const fs::path&)>& importing) {
  std::vector<fs::path> absolute;  // first: an import may change the folder
  for (const fs::path& file : files) {
    check_file(file);
    absolute.push_back(fs::absolute(file));
  }
  std::vector<Workload> workloads;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string stem = files[i].stem().string();
    const auto same = std::ranges::find(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(i), stem,
                                        [](const fs::path& file) { return file.stem().string(); });
    if (same != files.begin() + static_cast<std::ptrdiff_t>(i)) {
      throw refused(files[i], "its rows would be named like those of " + same->string() + "; rename one");
    }
    importing(files[i]);
    for (const embed::BenchmarkFacts& facts : open(python, absolute[i], files[i])) {
      workloads.push_back(workload_of(absolute[i].string(), facts));
      if (std::ranges::find(all_workloads(), workloads.back().name, &Workload::name) !=
          all_workloads().end()) {
        throw refused(files[i], "there is a workload " + stem + " already; rename the file");
      }
    }
  }
  return workloads;
}

}  // namespace harness
