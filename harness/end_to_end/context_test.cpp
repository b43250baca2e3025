// harness/end_to_end/context_test.cpp: a difference between runs that nobody warns of, because what one side
// looks for the other does not write.
#include <algorithm>
#include <set>

#include "harness/compare/context_differences.h"
#include "harness/end_to_end/test_program.h"
#include "harness/system/sha256.h"
#include "harness/system/text.h"
#include "harness/workloads/workload.h"

namespace harness::context_test {
namespace {

using Words = std::vector<ContextWords>;

/// What says nothing of how fast a row is, what it comes to, and what is the interpreter's, which is what is
/// compared.
const std::set<std::string> kMakesNoDifference{
    // Google Benchmark's own.
    "date", "host_name", "executable", "num_cpus", "mhz_per_cpu", "cpu_scaling_enabled", "aslr_enabled",
    "caches", "load_avg", "library_version", "json_schema_version",
    // The interpreter.
    "python_label", "python_version", "python_implementation", "python_executable", "python_prefix",
    "python_free_threaded_build", "python_debug_build", "python_config_args", "python_cflags", "gil_enabled",
    "gil_enabled_at_end", "jit", "libpython", "libpython_sha256",
    // What is said in another key, too, or is for people.
    "streaming_above_from", "load_average", "memory_bytes", "command_line"};

bool is_about(const ContextWords& words, const std::string& key) {
  return words.begins ? key.starts_with(words.key) : key == words.key;
}

class ContextTest : public ProgramTest {
 protected:
  /// A context with all that a run may write.
  Json full_context() const {
    const auto result = run({"--filter=countdown/python/|grayscale/(python/|mine)",
                             "--kernel=" + std::string(HARNESS_KERNELS_FOLDER) + "/libexample_kernel.so",
                             "--python=x=" + std::string(HARNESS_LIBPYTHON) + ",MADE_UP=1", "--turns"},
                            {{"PYTHONHASHSEED", "0"},
                             {"GOMP_SPINCOUNT", "0"},
                             {"GLIBC_TUNABLES", "glibc.malloc.tcache_count=7"},
                             {"MALLOC_ARENA_MAX", "8"}});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return saved().at("context");
  }

  /// Each is looked for.
  static Words looked_for() {
    Words all = context_that_matters();
    for (const Parameter& parameter : parameters_of(all_workloads())) {
      if (!parameter.context_key.empty()) all.push_back({parameter.context_key, parameter.words});
    }
    return all;
  }

  /// A folder of scripts with countdown.py, whose text ends with `end`.
  std::filesystem::path scripts(const std::string& name, const std::string& end) const {
    const std::string text = "def run(begin, end):\n    return end - begin\n" + end;
    for (const char* const file : {"countdown.py", "sum_of_squares.py"}) {
      folder().write(name + "/" + file, text);
    }
    return folder().path() / name;
  }

  Json context_with(const std::filesystem::path& scripts, const std::string& name,
                    const std::string& code = "pyc") const {
    const auto result = run({"--filter=countdown/python", "--scripts=" + scripts.string(), "--code=" + code,
                             "--out=" + (folder().path() / name).string()});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return Json::parse(read(name)).at("context");
  }

  std::string read(const std::string& name) const {
    return read_text_file(folder().path() / name / "result.json").value_or("null");
  }

  std::string warnings_of_comparing(const std::string& one, const std::string& other) const {
    Command command = this->command({});
    command.argv = {command.argv.front(), "compare", one + "/result.json", other + "/result.json"};
    const auto result = run_subprocess(command, kPatience);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return result.standard_error;
  }
};

TEST_F(ContextTest, HasWhatAComparisonLooksFor) {
  const auto keys = full_context().items();
  for (const ContextWords& words : looked_for()) {
    EXPECT_TRUE(std::ranges::any_of(keys, [&](const auto& key) { return is_about(words, key.first); }))
        << words.key << " is looked for, and no run writes it";
  }
}

TEST_F(ContextTest, HasNothingThatMattersAndIsNotLookedFor) {
  const Words looked = looked_for();
  for (const auto& item : full_context().items()) {
    const std::string& key = item.first;
    if (kMakesNoDifference.contains(key) || key.starts_with("warning_")) continue;
    EXPECT_TRUE(std::ranges::any_of(looked, [&](const auto& words) { return is_about(words, key); }))
        << key << " is written; should a comparison warn where it differs?";
  }
}

TEST_F(ContextTest, SaysWhichScriptsRan) {
  const auto folder = scripts("scripts", "");
  const Json context = context_with(folder, "run");
  EXPECT_EQ(context.at("script_sha256_countdown.py"), sha256_of_file(folder / "countdown.py"));
  EXPECT_FALSE(context.contains("script_sha256_sum_of_squares.py"));  // no row of this run executes it
}

TEST_F(ContextTest, SaysWhichLibraryOfTheUsersRan) {
  EXPECT_EQ(full_context().at("kernel_sha256"),
            sha256_of_file(std::string(HARNESS_KERNELS_FOLDER) + "/libexample_kernel.so"));
}

TEST_F(ContextTest, MakesAComparisonWarnOfAnotherScript) {
  context_with(scripts("old", ""), "a");
  context_with(scripts("same", ""), "b");
  context_with(scripts("new", "# changed\n"), "c");
  EXPECT_EQ(count_of(warnings_of_comparing("a", "b"), "script"), 0U);
  const std::string warnings = warnings_of_comparing("a", "c");
  EXPECT_EQ(count_of(warnings, "another script countdown.py: a has "), 1U) << warnings;
  EXPECT_EQ(count_of(warnings, "sum_of_squares"), 0U) << warnings;
}

TEST_F(ContextTest, MakesAComparisonWarnOfCodeThatOneRunHasCompiled) {
  const auto folder = scripts("scripts", "");
  context_with(folder, "a");
  context_with(folder, "b", "source");
  EXPECT_EQ(count_of(warnings_of_comparing("a", "b"), "another code of scripts: a has pyc, b has source\n"),
            1U);
}

TEST_F(ContextTest, MakesAComparisonWarnOfAScriptThatOneRunOnlySays) {
  context_with(scripts("scripts", ""), "a");
  std::string text = read("a");
  const std::string key = "script_sha256_countdown.py";
  text.replace(text.find(key), key.size(), "as_before_0.1");
  folder().write("b/result.json", text);
  EXPECT_EQ(count_of(warnings_of_comparing("a", "b"), "only a says its script countdown.py\n"), 1U);
  EXPECT_EQ(count_of(warnings_of_comparing("b", "a"), "only a says its script countdown.py\n"), 1U);
}

}  // namespace
}  // namespace harness::context_test
