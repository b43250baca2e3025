// harness/end_to_end/test_program.cpp: the real program, run as a user runs it, and what it leaves behind.
#include "harness/end_to_end/test_program.h"

#include <algorithm>
#include <thread>

#include "harness/system/text.h"

namespace harness {
namespace {

bool has_flag(const ProgramTest::Arguments& arguments, const std::string& flag) {
  return std::ranges::any_of(
      arguments, [&](const std::string& word) { return word == flag || word.starts_with(flag + "="); });
}

/// Whether they ask for a command to which flags of a run mean nothing.
bool reads_only(const ProgramTest::Arguments& arguments) {
  const std::vector<std::string> commands{"compare", "merge", "gil-report", "report"};
  return !arguments.empty() && std::ranges::find(commands, arguments.front()) != commands.end();
}

}  // namespace

Command ProgramTest::command(const Arguments& arguments, const Environment& environment) const {
  Command command{.argv = {HARNESS_PROGRAM}, .working_directory = folder_.path()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  const auto add = [&](const std::string& flag, const std::string& value) {
    if (!reads_only(arguments) && !has_flag(arguments, flag)) command.argv.push_back(flag + "=" + value);
  };
  add("--threads", "2");
  add("--countdown-steps", "20000");
  add("--sum-n", "20000");
  add("--repetitions", "1");
  add("--min-time", "0.000001");
  add("--out", out());
  if (!has_flag(arguments, "--image")) add("--size", "64x48");
  command.environment = environment;
  command.environment.try_emplace("XDG_CACHE_HOME", HARNESS_TEST_CACHE);
  // OpenMP's threads would spin at each barrier, and keep the cores from the tests beside this one.
  command.environment.try_emplace("OMP_WAIT_POLICY", "passive");
  for (const char* const name : {"NO_COLOR", "PYTHON_GIL", "PYTHONHOME", "PYTHONPATH"}) {
    command.environment.try_emplace(name, std::nullopt);
  }
  return command;
}

ProcessResult ProgramTest::run(const Arguments& arguments, const Environment& environment) const {
  return run_subprocess(command(arguments, environment), kPatience);
}

ProcessResult ProgramTest::run_by_shell(const std::string& script, const Arguments& arguments,
                                        const Environment& environment) const {
  Command shell = command(arguments, environment);
  shell.argv.insert(shell.argv.begin(), {"/bin/sh", "-c", script, "sh"});
  return run_subprocess(shell, kPatience);
}

Json ProgramTest::saved() const {
  const auto text = read_text_file(out() / "result.json");
  return Json::parse(text.value_or("null"));
}

void ProgramTest::expect_refused(const ProcessResult& result, const std::vector<std::string>& parts) const {
  EXPECT_EQ(result.exit_code, 2) << result.standard_error;
  EXPECT_EQ(result.standard_output, "");
  EXPECT_NE(("\n" + result.standard_error).find("\nharness: "), std::string::npos) << result.standard_error;
  expect_holds(result.standard_error, parts);
  expect_no_crash(result);
  EXPECT_FALSE(std::filesystem::exists(out()));
}

void ProgramTest::expect_nothing_half_written() const {
  for (const std::string& name : files_in(out())) {
    EXPECT_EQ(name.find(".tmp"), std::string::npos) << name;
  }
  const bool written = std::filesystem::exists(out() / "result.json");
  EXPECT_EQ(written, !saved().is_null());
}

NamedErrors rows_of(const Json& result, const std::string& begin) {
  NamedErrors rows;
  if (result.is_null()) return rows;
  for (const Json& row : result.at("benchmarks").elements()) {
    if (row.text("run_type", "") == "aggregate") continue;
    const std::string name = row.at("name").text();
    if (name.starts_with(begin)) rows.emplace_back(name, row.text("error_message", ""));
  }
  return rows;
}

std::vector<std::string> names_of(const Json& result) {
  std::vector<std::string> names;
  for (const auto& [name, error] : rows_of(result)) names.push_back(name);
  return names;
}

std::vector<std::string> failed_of(const Json& result) {
  std::vector<std::string> names;
  for (const auto& [name, error] : rows_of(result)) {
    if (!error.empty() && !error.starts_with("does not apply: ")) names.push_back(name);
  }
  return names;
}

std::string gil_label_of(const Json& row) {
  std::string rest = row.text("label", ""), label;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("; "), rest.size());
    const std::string part = rest.substr(0, end);
    rest.erase(0, std::min(end + 2, rest.size()));
    const bool is_machines = part.starts_with("of_ceiling withheld: ") || part.starts_with("no account (") ||
                             part.starts_with("account withheld: ") ||
                             part.starts_with("threads shared a core: ");
    if (!is_machines) label += (label.empty() ? "" : "; ") + part;
  }
  return label;
}

std::string in_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    if (c != '\n' && c != ' ') {
      line += c;
    } else if (!line.ends_with(' ')) {
      line += ' ';
    }
  }
  return line;
}

void expect_holds(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in:\n" << text;
  }
}

void expect_process_ends(const std::string& process) {
  ASSERT_NE(process, "");
  const auto runs = [&] {
    const std::string stat = read_text_file("/proc/" + process + "/stat").value_or("");
    const std::size_t name_end = stat.rfind(") ");
    return name_end != std::string::npos && stat[name_end + 2] != 'Z';
  };
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (runs() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_FALSE(runs()) << process;
}

void expect_no_crash(const ProcessResult& result) {
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.signal, 0);
  for (const char* const sign : {"terminate called", "what():", "Fatal Python error", "Sanitizer"}) {
    EXPECT_EQ(result.standard_error.find(sign), std::string::npos) << result.standard_error;
  }
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace harness
