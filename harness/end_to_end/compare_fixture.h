// harness/end_to_end/compare_fixture.h: comparisons that any machine can run.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"

namespace harness::compare_test {

inline const std::string kDefault = HARNESS_LIBPYTHON;

/// The default libpython under two labels: a comparison that any machine can run.
class Compare : public ProgramTest {
 protected:
  const Arguments kTwo{"--python=a=" + kDefault, "--python=b=" + kDefault};

  /// Both, with few short rounds of one row where `more` does not say otherwise.
  Arguments two_and(const Arguments& more) const {
    Arguments arguments = kTwo;
    for (const std::string flag : {"--filter=^countdown/python/", "--rounds=2"}) {
      const std::string name = flag.substr(0, flag.find('=') + 1);
      const auto given = [&](const std::string& word) { return word.starts_with(name); };
      if (std::ranges::none_of(more, given)) arguments.push_back(flag);
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  Json comparison() const { return Json::parse(read_text_file(out() / "comparison.json").value_or("null")); }

  /// The cells of the comparison's first row, an interpreter each.
  Json cells() const { return comparison().at("rows").at(0).at("cells"); }

  /// Its plan, and a line a process that counts.
  std::vector<Json> journal() const { return journal(out()); }
  static std::vector<Json> journal(const std::filesystem::path& of) {
    std::vector<Json> lines;
    std::ifstream file(of / "journal.jsonl");
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with(R"({"again")")) {
        const double again = Json::parse(line).at("again").number();
        std::erase_if(lines, [&](const Json& other) { return other.number("round", 0) == again; });
      } else if (lines.empty() || line.starts_with(R"({"round")")) {
        lines.push_back(Json::parse(line));
      }
    }
    return lines;
  }

  /// How a comparison in out() is gone on with.
  Command resumption(const Arguments& more = {}) const {
    Command again = command({});
    again.argv = {again.argv.front(), "--resume=" + out().string()};
    again.argv.insert(again.argv.end(), more.begin(), more.end());
    return again;
  }
  ProcessResult resume(const Arguments& more = {}) const {
    return run_subprocess(resumption(more), kPatience);
  }

  /// Puts rounds of this test's own in the place of those that the comparison in out() has run: in round i, a
  /// took a millisecond and b `b_ms[i]`, and each process a millisecond in all. What a machine measures,
  /// nobody knows.
  void plant(const std::vector<double>& b_ms) const {
    const std::string begun = read_text_file(out() / "journal.jsonl").value();
    std::string text = begun.substr(0, begun.find('\n') + 1);
    for (std::size_t round = 0; round < b_ms.size(); ++round) {
      for (const std::size_t python : {0U, 1U}) {
        const std::string name = "planted/" + std::to_string(round) + (python == 0 ? "a" : "b");
        folder().write("out/" + name + "/result.json",
                       R"({"context": {}, "benchmarks": [{"run_name": "countdown/python/threads:1",)"
                       R"( "run_type": "iteration", "time_unit": "ms", "real_time": )" +
                           std::to_string(python == 0 ? 1 : b_ms[round]) + "}]}");
        text += R"({"round":)" + std::to_string(round + 1) + R"(,"python":)" + std::to_string(python) +
                R"(,"folder":")" + name + R"(","failure":"","wall_s":0.001})" + "\n";
      }
    }
    folder().write("out/journal.jsonl", text);
  }

  /// Of the process of `label` in a round.
  Json context_of(int round, const std::string& label) const {
    const auto text =
        read_text_file(out() / ("processes/000" + std::to_string(round) + "-" + label) / "result.json");
    return text ? Json::parse(*text).at("context") : Json();
  }

  /// As the program says of itself; empty where there is none.
  std::string executable_of_default() const {
    run({"--filter=^countdown/python/", "--python=" + kDefault, "--out=default"});
    const auto text = read_text_file(folder().path() / "default/result.json");
    const std::string executable =
        text ? Json::parse(*text).at("context").at("python_executable").text() : "";
    return std::filesystem::exists(executable) ? executable : "";
  }

  /// A scripts folder whose countdown.py is `text` after the real run().
  std::string countdown_with(const std::string& text) const {
    std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
    const auto real = read_text_file(std::filesystem::path(HARNESS_SCRIPTS_FOLDER) / "countdown.py").value();
    folder().write("scripts/countdown.py", real + "\n\nimport os\n" + text);
    return "--scripts=scripts";
  }
};

}  // namespace harness::compare_test
