// harness/end_to_end/golden_test.cpp: a key, a counter, a label or a separator that a program would miss in
// what it reads: result.json, CSV, a comparison's files, the timeline.
#include <filesystem>

#include "harness/end_to_end/golden.h"
#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

class Golden : public ProgramTest {
 protected:
  /// What a run wrote, with the names of its folders and files as every machine has them.
  std::string text_of(const std::filesystem::path& file) const {
    return placed(read_text_file(file).value_or("there is no " + file.string()));
  }
  std::string placed(std::string text) const {
    text = golden::replaced(std::move(text), folder().path(), "FOLDER");
    return golden::replaced(std::move(text), HARNESS_LIBPYTHON, "LIBPYTHON");
  }

  /// The flag of a scripts folder in which sum_of_squares fails and grayscale has no Cython.
  std::string scripts() const {
    std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
    std::filesystem::remove(folder().path() / "scripts" / "grayscale_cython.pyx");
    folder().write("scripts/sum_of_squares.py",
                   "def run(begin, end):\n    raise ValueError('no squares, \"today\"')\n");
    return "--scripts=scripts";
  }

  /// Fails where gil.json has another shape than the stored file `name`.
  void expect_timeline(const std::string& name) const {
    const std::string text = text_of(folder().path() / "gil.json");
    golden::expect_same(name, golden::shape_of_timeline(text, name));
  }

  /// Whether the rows of `file` ran with a GIL: without one they have a label and fewer counters.
  static bool has_gil(const std::filesystem::path& file) {
    const Json context = Json::parse(read_text_file(file).value_or("null")).at("context");
    return context.at("gil_enabled") == "true";
  }
};

constexpr const char* kNoGil = "the stored files are those of an interpreter with a GIL";

TEST_F(Golden, StoredRunsComparedAreTheSameByteForByte) {
  for (const std::string name : {"before.json", "after.json"}) folder().write(name, golden::stored(name));
  const auto compared = [&](const std::string& format) {
    Command command = this->command({});
    command.argv = {command.argv.front(), "compare", "before.json", "after.json", "--format=" + format};
    const auto result = run_subprocess(command, kPatience);
    EXPECT_EQ(result.exit_code, 1) << result.standard_error;  // a row has failed
    return golden::rounded(result.standard_output);
  };
  golden::expect_same("compared.json", compared("json"));
  golden::expect_same("compared.csv", compared("csv"));
}

TEST_F(Golden, RowsOfARun) {
  const std::string filter =
      "--filter=countdown/(python|native)|sum_of_squares/(python|native)/|"
      "grayscale/(python|native|simd|cython)/.*threads:1|"
      "gil/(detach_attach/spinners:0|handoff/threads:2|overlap/released)";
  const auto result =
      run({scripts(), "--threads=1,2", "--size=64x48", "--size=32x16", "--format=csv", filter});
  EXPECT_EQ(result.exit_code, 1) << result.standard_error;
  if (!has_gil(out() / "result.json")) return skip_for_want_of(kAGil, kNoGil);
  golden::expect_same("rows.json", golden::shape_of_json(text_of(out() / "result.json")));
  golden::expect_same("rows.csv", golden::shape_of_csv(placed(result.standard_output)));
}

TEST_F(Golden, RepetitionsAndTheirAggregates) {
  const auto result = run({"--repetitions=3", "--format=json", "--filter=countdown/(python|native)/"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  if (!has_gil(out() / "result.json")) return skip_for_want_of(kAGil, kNoGil);
  golden::expect_same("repetitions.json", golden::shape_of_json(placed(result.standard_output)));
}

TEST_F(Golden, TimelineOfThreadsThatTakeTurns) {
  const auto result = run({"--filter=countdown/python_threads/", "--countdown-steps=3000000",
                           "--switch-interval=0.001", "--gil-trace=gil.json"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  if (!has_gil(out() / "result.json")) return skip_for_want_of(kAGil, kNoGil);
  expect_timeline("timeline_of_threads.txt");
}

TEST_F(Golden, TimelineOfNativeCode) {
  const auto result = run({"--filter=countdown/native/", "--gil-trace=gil.json"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  if (!has_gil(out() / "result.json")) return skip_for_want_of(kAGil, kNoGil);
  expect_timeline("timeline_of_native_code.txt");
}

// Of fewer rounds an interval may be too wide to be told.
TEST_F(Golden, FilesOfAComparison) {
  const std::string libpython = HARNESS_LIBPYTHON;
  const std::string filter =
      "--filter=countdown/(python/|python_threads/threads:2)|sum_of_squares/python/|grayscale/cython/"
      "threads:1|"
      "gil/detach_attach/spinners:0";
  const auto result = run({"--python=a=" + libpython, "--python=b=" + libpython, "--rounds=5", "--seed=1",
                           scripts(), "--countdown-steps=1000", "--threads=1,2", filter});
  EXPECT_EQ(result.exit_code, 1) << result.standard_error;
  if (!has_gil(out() / "a.json")) return skip_for_want_of(kAGil, kNoGil);
  const Json a = Json::parse(read_text_file(out() / "a.json").value());
  const std::string full_version = a.at("context").at("python_version").text();
  const std::string version = '"' + full_version.substr(0, full_version.find(' ')) + '"';
  for (const std::string name : {"comparison.json", "a.json", "a.pyperf.json", "journal.jsonl"}) {
    const std::string text = golden::replaced(text_of(out() / name), version, "\"VERSION\"");
    golden::expect_same(name, golden::shape_of_json(text));
  }
  golden::expect_same("comparison.csv", golden::shape_of_csv(text_of(out() / "comparison.csv")));
}

}  // namespace
}  // namespace harness
