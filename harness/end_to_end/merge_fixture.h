// harness/end_to_end/merge_fixture.h: a comparison in parts, and what is put together of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/end_to_end/compare_fixture.h"

namespace harness::compare_test {

class MergeTest : public Compare {
 protected:
  /// Part `shard` ("1/2") in part-1 or part-2.
  ProcessResult run_part(const std::string& shard, const Arguments& more = {}) const {
    Arguments arguments = two_and({"--rounds=4", "--shard=" + shard, "--out=part-" + shard.substr(0, 1)});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  ProcessResult merge(const Arguments& words) const {
    Command command = this->command({});
    command.argv = {command.argv.front(), "merge"};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    return run_subprocess(command, kPatience);
  }
  std::filesystem::path part(int number) const {
    return folder().path() / ("part-" + std::to_string(number));
  }
  std::string journal_text(int number) const {
    return read_text_file(part(number) / "journal.jsonl").value();
  }
  Json merged() const {
    return Json::parse(read_text_file(folder().path() / "merged/comparison.json").value_or("null"));
  }
  /// Round and interpreter of each line of a part's journal.
  static std::vector<std::pair<double, double>> processes_of(const std::vector<Json>& lines) {
    std::vector<std::pair<double, double>> processes;
    for (std::size_t i = 1; i < lines.size(); ++i)
      processes.emplace_back(lines[i].at("round").number(), lines[i].at("python").number());
    return processes;
  }
  /// The machine of a part becomes one of that name.
  void move_to(int number, const std::string& name) const {
    std::string text = journal_text(number);
    const std::size_t begin = text.find("{\"machine\"");
    text.replace(begin, text.find('\n', begin) - begin,
                 R"({"machine":{"name":")" + name + R"(","id":")" + name + R"(","boot":")" + name + R"("}})");
    folder().write("part-" + std::to_string(number) + "/journal.jsonl", text);
  }
};

}  // namespace harness::compare_test
