// harness/end_to_end/kill_test.cpp: the program is killed at its writes and at random moments, in a run, in a
// comparison and in a resumption. What was finished stays, no file is torn, and a comparison can be gone on
// with.
//
// SIGKILL takes all processes at once, as where the machine stops. At a random moment it takes the program
// alone, as `kill -9` does. HARNESS_TEST_KILLS=all kills at every write, and a hundred times at random; else
// some of that must do.
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <span>
#include <sstream>
#include <thread>

#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"
#include "harness/testing/skip.h"
#include "harness/testing/write_tracer.h"

namespace harness::kill_test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const std::string kDefault = HARNESS_LIBPYTHON;

bool all_kills() {
  const char* const asked = getenv("HARNESS_TEST_KILLS");
  return asked != nullptr && std::string(asked) == "all";
}

/// Files by their paths in a folder, with what is in them. Those that were to become others are none.
std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> files;
  std::error_code none;
  for (const auto& entry : fs::recursive_directory_iterator(folder, none)) {
    const std::string name = entry.path().lexically_relative(folder);
    if (!entry.is_regular_file() || name.find(".tmp-") != std::string::npos) continue;
    files[name] = read_text_file(entry.path()).value_or("");
  }
  return files;
}

/// The lines that have their ends.
std::vector<std::string> whole_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text.substr(0, text.rfind('\n') + 1));
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

class Killed : public ProgramTest {
 protected:
  void SetUp() override {
    const std::string why = why_no_tracing();
    if (!why.empty()) skip_for_want_of(kPtrace, why);
  }

  /// What the program printed on standard output, until it ended.
  std::string printed() const { return read_text_file(folder().path() / "printed").value_or(""); }

  TracedEnd killed(const Command& command, const KillAt& at) const {
    return run_and_kill(command, at, folder().path() / "printed", folder().path() / "said");
  }

  /// Which moments must do where not all are asked for: that write, each so many after it, and some at
  /// random.
  struct Some {
    int first;
    int stride;
    int random;
  };

  /// Kills what `command` starts at one moment after the other. Before each is `prepare`; `check`, after
  /// each, is told what it had printed.
  void at_many_moments(const std::string& what, const Command& command, const Some& some,
                       const std::function<void()>& prepare,
                       const std::function<void(const std::string& printed)>& check) {
    int before = 0, half = 0, random = 0;
    const auto at = [&](const KillAt& moment) {
      prepare();
      const TracedEnd end = killed(command, moment);
      SCOPED_TRACE(what + ": " + end.last + ", its write " + std::to_string(moment.write) +
                   (moment.half ? ", half of it" : ""));
      if (end.killed) {
        ++(moment.half ? half : before);
        check(printed());
      } else {
        EXPECT_EQ(end.exit_code, 0) << read_text_file(folder().path() / "said").value_or("");
      }
      return end;
    };
    int writes = 0;
    for (int write = all_kills() ? 1 : some.first;; write += all_kills() ? 1 : some.stride) {
      const TracedEnd end = at({.write = write});
      if (!end.killed || HasFatalFailure()) break;
      writes = write;
      if (end.has_halves) at({.write = write, .half = true});
    }
    std::mt19937 chance(1);
    prepare();
    std::chrono::nanoseconds whole = run_subprocess(command, kPatience).wall_time;
    for (const int wanted = all_kills() ? 100 : some.random; random < wanted && !HasFatalFailure();) {
      prepare();
      Subprocess program(command);
      const auto moment =
          std::chrono::nanoseconds(std::uniform_int_distribution<std::int64_t>(0, whole.count())(chance));
      std::this_thread::sleep_for(moment);
      program.kill(SIGKILL);
      const ProcessResult result = program.wait(kPatience);
      SCOPED_TRACE(what + ": after " + std::to_string(moment.count()) + " ns");
      if (result.signal == 0) {  // it was quicker this time
        whole = result.wall_time;
        continue;
      }
      ++random;
      check(result.standard_output);
    }
    std::cout << what << ": killed before " << before << " of its writes, up to the " << writes
              << "th, within " << half << ", and at " << random << " random moments" << std::endl;
  }
};

TEST_F(Killed, IsBeforeAWriteOrWithinItAndTakesAllProcesses) {
  const auto printed_at = [&](const KillAt& at) {
    const Command shell{.argv = {"/bin/sh", "-c", "echo one; (echo second); echo 3"}};
    EXPECT_EQ(killed(shell, at).killed, at.write != 0);
    return printed();
  };
  EXPECT_EQ(printed_at({}), "one\nsecond\n3\n");
  EXPECT_EQ(printed_at({.write = 1}), "");
  EXPECT_EQ(printed_at({.write = 2}), "one\n");
  EXPECT_EQ(printed_at({.write = 2, .half = true}), "one\nsec");
  EXPECT_EQ(printed_at({.write = 3}), "one\nsecond\n");
}

/// The rows that a run's console shows.
std::vector<std::string> rows_shown(const std::string& printed) {
  std::vector<std::string> rows;
  std::string section;
  for (const std::string& line : whole_lines(printed)) {
    const std::string word = line.substr(0, line.find(' ', 2));
    if (word.starts_with("  ") && word.find("/threads:") != std::string::npos) {
      rows.push_back(section + "/" + word.substr(2));
    } else if (!line.empty() && line.front() != ' ') {
      section = line;
    }
  }
  return rows;
}

constexpr std::size_t kRepetitions = 2;

/// A result.json of a run that was killed: each row has all repetitions, and each of these its numbers.
void expect_whole_rows(const Json& result) {
  std::map<std::string, std::size_t> repetitions;
  for (const Json& row : result.at("benchmarks").elements()) {
    if (row.text("run_type", "") != "iteration") continue;
    EXPECT_GT(row.number("real_time", 0), 0) << row;
    ++repetitions[row.at("name").text()];
    EXPECT_FALSE(row.contains("error_occurred")) << row;
    EXPECT_GT(row.number("cpu_time", 0), 0) << row;
    EXPECT_GE(row.number("iterations", 0), 1) << row;
    EXPECT_TRUE(row.contains("cpu_per_wall")) << row;
  }
  for (const auto& [name, count] : repetitions) EXPECT_EQ(count, kRepetitions) << name;
}

TEST_F(Killed, ARunHasEveryRowThatItHasShown) {
  const Arguments arguments{"--filter=/python/|^countdown/native/",
                            "--threads=1",
                            "--countdown-steps=2000",
                            "--sum-n=2000",
                            "--repetitions=" + std::to_string(kRepetitions),
                            "--gil-trace=" + (folder().path() / "gil.json").string()};
  const auto undisturbed = run(arguments);
  ASSERT_EQ(undisturbed.exit_code, 0) << undisturbed.standard_error;
  const auto whole = files_below(out());
  const std::vector<std::string> plan = rows_shown(undisturbed.standard_output);
  ASSERT_EQ(plan.size(), 4U) << undisturbed.standard_output;
  at_many_moments(
      "a run", command(arguments), {.first = 2, .stride = 5, .random = 1},
      [&] {
        fs::remove_all(out());
        fs::remove(folder().path() / "gil.json");
      },
      [&](const std::string& printed) {
        for (const auto& [name, text] : files_below(out())) {
          if (name == "result.json") {
            EXPECT_FALSE(Json::parse(text).is_null()) << text;
          } else {
            EXPECT_EQ(text, whole.at(name)) << name;  // a picture
          }
        }
        if (const auto timeline = read_text_file(folder().path() / "gil.json")) {
          EXPECT_FALSE(Json::parse(*timeline).is_null()) << *timeline;
        }
        const Json result = saved();
        const std::vector<std::string> shown = rows_shown(printed);
        if (result.is_null()) {
          EXPECT_EQ(shown, std::vector<std::string>{});
          return;
        }
        expect_whole_rows(result);
        const std::vector<std::string> kept = names_of(result);
        for (const std::string& name : shown) {
          EXPECT_GT(std::ranges::count(kept, name), 0) << name << " was shown, and is not kept";
        }
        if (result.at("context").contains("complete")) {
          EXPECT_EQ(printed.find("\nresults: "), std::string::npos) << printed;
        } else {
          EXPECT_EQ(kept.size(), plan.size() * kRepetitions);
        }
      });
}

/// A comparison of two rounds of the default interpreter under two labels.
class KilledComparison : public Killed {
 protected:
  static constexpr int kRounds = 2;
  static constexpr std::size_t kProcesses = 2 * kRounds;

  Command comparison() const {
    return command({"--python=a=" + kDefault, "--python=b=" + kDefault, "--filter=^countdown/python/",
                    "--countdown-steps=2000", "--threads=1", "--rounds=" + std::to_string(kRounds),
                    "--seed=1"});
  }

  Command resumption() const {
    Command again = command({});
    again.argv = {again.argv.front(), "--resume=" + out().string()};
    return again;
  }

  /// Its plan, and a line a process that counts.
  std::vector<std::string> journal() const {
    std::vector<std::string> lines;
    for (const std::string& line : whole_lines(read_text_file(out() / "journal.jsonl").value_or(""))) {
      if (line.starts_with(R"({"look")")) continue;
      if (line.starts_with(R"({"again")")) {
        const double again = Json::parse(line).at("again").number();
        std::erase_if(lines, [&](const std::string& other) { return round_of(other) == again; });
      } else {
        lines.push_back(line);
      }
    }
    return lines;
  }

  /// 0 of the plan.
  static double round_of(const std::string& line) {
    return line.starts_with(R"({"round")") ? Json::parse(line).at("round").number() : 0;
  }

  /// Without the processes of a round that was cut off, which is run again.
  static std::vector<std::string> whole_rounds(std::vector<std::string> lines) {
    if (lines.size() % 2 == 0 && !lines.empty()) lines.pop_back();
    return lines;
  }

  /// What the processes of these lines of a journal, and the first line itself, have left.
  std::map<std::string, std::string> finished(const std::vector<std::string>& lines) const {
    std::map<std::string, std::string> files;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::string name = Json::parse(lines[i]).at("folder").text() + "/result.json";
      files[name] = read_text_file(out() / name).value_or("");
    }
    return files;
  }

  void expect_each_once(const std::vector<std::string>& lines) const {
    std::set<std::pair<double, double>> processes;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const Json line = Json::parse(lines[i]);
      ASSERT_FALSE(line.is_null()) << lines[i];
      EXPECT_EQ(line.text("failure", ""), "");
      processes.emplace(line.at("round").number(), line.at("python").number());
    }
    EXPECT_EQ(processes.size(), lines.size() - 1);
  }

  /// One process at the most has come to its end and is not in the journal.
  void expect_no_more_than_one_lost(const std::vector<std::string>& lines) const {
    std::size_t complete = 0;
    for (const auto& [name, text] : files_below(out() / "processes")) {
      const Json result = Json::parse(text);
      ASSERT_FALSE(result.is_null()) << name;
      complete += result.at("context").contains("complete") ? 0 : 1;
    }
    EXPECT_LE(complete, lines.size());
    EXPECT_GE(complete + 1, lines.size());
  }

  /// After a kill: goes on, to the end, and finds everything where it was.
  void expect_goes_on(const std::string& printed) const {
    const std::vector<std::string> before = journal(), whole = whole_rounds(before);
    const auto kept = finished(whole);
    const auto files = files_below(out());
    if (!before.empty()) {
      expect_each_once(before);
      expect_no_more_than_one_lost(before);
    }
    if (printed.find("\ncountdown\n") != std::string::npos) {
      EXPECT_EQ(before.size(), 1 + kProcesses);
    }
    const ProcessResult end = run_subprocess(before.empty() ? comparison() : resumption(), kPatience);
    ASSERT_EQ(end.exit_code, 0) << end.standard_error;
    const std::vector<std::string> after = journal();
    ASSERT_EQ(after.size(), 1 + kProcesses);
    expect_each_once(after);
    EXPECT_TRUE(std::ranges::equal(whole, std::span(after).first(whole.size())));
    const auto at_end = files_below(out());
    for (const auto& [name, text] : kept) EXPECT_EQ(at_end.at(name), text) << name;
    expect_whole(at_end);
    expect_as_at_the_end(files, at_end);
  }

  static void expect_whole(const std::map<std::string, std::string>& files) {
    for (const char* const name : {"comparison.csv", "comparison.json", "comparison.md", "a.json",
                                   "a.pyperf.json", "b.json", "b.pyperf.json"}) {
      EXPECT_TRUE(files.contains(name)) << name;
      if (!fs::path(name).extension().string().starts_with(".json")) continue;
      EXPECT_FALSE(Json::parse(files.at(name)).is_null()) << name;
    }
    const Json comparison = Json::parse(files.at("comparison.json"));
    EXPECT_EQ(comparison.at("rows").at(0).at("cells").at(1).at("compared"), kRounds);
  }

  /// What was written for other tools before the kill is what the resumption makes of the same rounds.
  static void expect_as_at_the_end(const std::map<std::string, std::string>& files,
                                   const std::map<std::string, std::string>& at_end) {
    for (const auto& [name, text] : files) {
      if (name.find('/') != std::string::npos || name == "journal.jsonl") continue;
      if (name == "comparison.json") {  // which says by which command
        EXPECT_FALSE(Json::parse(text).is_null()) << text;
      } else {
        EXPECT_EQ(text, at_end.at(name)) << name;
      }
    }
  }
};

TEST_F(KilledComparison, GoesOnWhereItWas) {
  at_many_moments(
      "a comparison", comparison(), {.first = 5, .stride = 35, .random = 1}, [&] { fs::remove_all(out()); },
      [&](const std::string& printed) { expect_goes_on(printed); });
}

TEST_F(KilledComparison, GoesOnAfterAResumptionThatWasKilled) {
  const TracedEnd whole = killed(comparison(), {});
  ASSERT_EQ(whole.exit_code, 0);
  fs::remove_all(out());
  ASSERT_TRUE(killed(comparison(), {.write = whole.writes / 2}).killed);
  const fs::path left = folder().path() / "left";
  fs::rename(out(), left);
  at_many_moments(
      "a resumption", resumption(), {.first = 6, .stride = 30, .random = 1},
      [&] {
        fs::remove_all(out());
        fs::copy(left, out(), fs::copy_options::recursive);
      },
      [&](const std::string& printed) { expect_goes_on(printed); });
}

}  // namespace
}  // namespace harness::kill_test
