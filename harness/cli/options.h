// harness/cli/options.h: what the user asked for. The only reader of argv and of the environment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/image/image.h"

namespace harness {

enum class Format { console, json, csv };

/// What the command line asks of the program.
enum class Task { run, list, list_pythons, gil_report };

inline constexpr int kMaxThreads = 1024;
inline constexpr std::int64_t kMaxCountdownSteps = 1'000'000'000'000;  // an hour and more in any strategy
inline constexpr std::int64_t kMaxSide = 1'000'000;                    // of an image

struct Options {
  Task task = Task::run;
  std::string filter = "-^gil/";
  std::vector<int> threads;  ///< ascending, no repeats, each 1..kMaxThreads
  int repetitions = 3;
  double min_time_s = 0.3;  ///< of each repetition
  std::int64_t countdown_steps = 10'000'000;
  std::int64_t sum_n = 5'000'000;
  std::filesystem::path image;  ///< empty: a synthetic one of `size`
  ImageSize size{1280, 720};
  std::string python;  ///< as given; empty: the libpython found at configure time
  std::optional<double> switch_interval_s;
  std::filesystem::path scripts;  ///< empty: the program's own
  std::filesystem::path out;      ///< empty: results/<UTC time>-<python version>
  bool gil_trace = true;
  std::filesystem::path gil_trace_file;   ///< timeline to write; empty: none
  std::filesystem::path gil_report_file;  ///< timeline to report, for Task::gil_report
  Format format = Format::console;
  bool color_output = false;  ///< decided from --color, NO_COLOR, TERM and the terminal
  std::vector<std::string> benchmark_flags;
  std::vector<std::pair<std::string, std::string>> openmp_environment;  ///< OMP_*, which OpenMP reads itself
  std::string command_line;                                             ///< as it could be typed again
};

/// What parsing came to: options, or a text to print on standard output before exit 0 (--help, --version).
struct Parsed {
  Options options;
  std::string text;
};

/// `allowed_cores` is what --threads defaults to, besides 1, 2 and 4. Throws UserError.
Parsed parse_options(int argc, const char* const* argv, int allowed_cores);

}  // namespace harness
