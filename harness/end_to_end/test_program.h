// harness/end_to_end/test_program.h: the real program, run as a user runs it, and what it leaves behind.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/end_to_end/json.h"
#include "harness/system/subprocess.h"
#include "harness/system/test_folder.h"

namespace harness {

/// A test with a folder of its own, in which the program runs. It runs with small work, so that an experiment
/// takes milliseconds: what a test does not say itself is two threads, 20,000 steps and terms, an image of
/// 64x48, one repetition, which is one iteration where that takes a microsecond. What the program writes goes
/// to out().
class ProgramTest : public testing::Test {
 public:
  using Arguments = std::vector<std::string>;
  using Environment = std::map<std::string, std::optional<std::string>>;

 protected:
  /// How the program is started. `environment` comes on top of this process's, without the variables that
  /// would change what a test sees.
  Command command(const Arguments& arguments, const Environment& environment = {}) const;

  /// Runs it to its end.
  ProcessResult run(const Arguments& arguments, const Environment& environment = {}) const;

  /// The same through /bin/sh: `script` finds the command line in "$@".
  ProcessResult run_by_shell(const std::string& script, const Arguments& arguments,
                             const Environment& environment = {}) const;

  const TestFolder& folder() const { return folder_; }
  std::filesystem::path out() const { return folder_.path() / "out"; }

  /// The saved result.json; null where there is none.
  Json saved() const;

  /// Exit 2 with one message that holds all of `parts`, and nothing else: no output, no file, no crash.
  void expect_refused(const ProcessResult& result, const std::vector<std::string>& parts) const;

  /// Nothing in out() is a temporary file, and result.json, where there is one, is whole.
  void expect_nothing_half_written() const;

 private:
  TestFolder folder_;
};

/// Far more than any run of these tests needs, so that only a hang reaches it; less than CTest gives a test.
inline constexpr std::chrono::seconds kPatience{110};

/// The rows of a result.json in their order, without aggregates: the name, and the error or "". Those whose
/// names start with `begin` only.
using NamedErrors = std::vector<std::pair<std::string, std::string>>;
NamedErrors rows_of(const Json& result, const std::string& begin = "");

/// The names among them.
std::vector<std::string> names_of(const Json& result);

/// The names of those that failed: that have an error and apply.
std::vector<std::string> failed_of(const Json& result);

/// What a row's label says of the GIL: what it says of memory's speed and of accounts is the machine's.
std::string gil_label_of(const Json& row);

/// A text in one line, however it was wrapped.
std::string in_one_line(const std::string& text);

/// Fails the test for each of `parts` that `text` does not hold.
void expect_holds(const std::string& text, const std::vector<std::string>& parts);

/// Waits, at most for kPatience, until the process of that id runs no more: it may still be there to be
/// reaped.
void expect_process_ends(const std::string& process);

/// Fails the test where `error_output` shows that the program did not end of its own will.
void expect_no_crash(const ProcessResult& result);

/// How often `part` occurs in `text`.
std::size_t count_of(const std::string& text, const std::string& part);

/// The files in `folder` by name, in order; none where there is no such folder.
std::vector<std::string> files_in(const std::filesystem::path& folder);

}  // namespace harness
