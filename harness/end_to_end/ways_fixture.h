// harness/end_to_end/ways_fixture.h: runs of ways around the GIL, after which nothing may be left.
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "harness/end_to_end/scripts_fixture.h"
#include "harness/system/text.h"
#include "harness/testing/pythons.h"

namespace harness::ways_test {

// Rows of a workload.
inline const std::string kSubinterpreters = "subinterpreters/threads:2";
inline const std::string kFork = "processes/threads:2/start:fork";
inline const std::string kForkserver = "processes/threads:2/start:forkserver";
inline const std::string kSpawn = "processes/threads:2/start:spawn";
inline const std::string kThreadPool = "thread_pool/threads:2";
inline const std::string kInterpreterPool = "interpreter_pool/threads:2";
inline const std::string kProcessPool = "process_pool/threads:2";
inline const std::vector<std::string> kWays{kSubinterpreters, kFork,       kForkserver, kSpawn, kThreadPool,
                                            kInterpreterPool, kProcessPool};
inline const std::string kAnyWay = "/(subinterpreters|processes|[a-z]+_pool)/threads:2";

/// Whether the row says that this interpreter has none such.
inline bool is_said_to_be_missing(const std::string& error) {
  const std::string mend = "; to get it: --python=\"$(harness/get_cpython.sh 3.14.7)/bin/python3\"";
  return error.ends_with(mend) && (error.find("it needs 3.12 (") != std::string::npos ||
                                   error.find("it needs 3.14 (") != std::string::npos);
}

/// What /dev/shm has of multiprocessing's.
inline std::set<std::string> shared_memory() {
  std::set<std::string> names;
  for (const std::string& file : files_in("/dev/shm")) {
    if (file.starts_with("sem.mp-") || file.starts_with("psm_")) names.insert(file);
  }
  return names;
}

/// The default interpreter, and the named ones.
inline std::vector<std::string> specs_of_pythons() {
  std::vector<std::string> specs{""};
  for (const Interpreter& python : named_pythons()) specs.push_back(python.executable.string());
  return specs;
}

/// A countdown.py by which a worker's process does not end by itself: Python waits for the thread.
inline constexpr const char* kLeavesAThread =
    "import threading, time\n"
    "def run(begin, end):\n"
    "    if begin < end and threading.active_count() == 1:\n"
    "        threading.Thread(target=time.sleep, args=(3600,), daemon=False).start()\n"
    "    return end - begin\n";

class WaysTest : public ScriptsTest {
 protected:
  void TearDown() override {
    // A resource tracker takes a moment to see that it is alone. What tests beside this one have comes and
    // goes.
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const auto is_clean = [&] { return left_shared().empty() && workers().empty(); };
    while (!is_clean() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(left_shared(), std::vector<std::string>{});
    EXPECT_EQ(workers(), std::vector<std::string>{});
  }

  /// What /dev/shm has that it had not before.
  std::vector<std::string> left_shared() const {
    std::vector<std::string> left;
    std::ranges::set_difference(shared_memory(), before_, std::back_inserter(left));
    return left;
  }

  /// The processes in the test's folder, wherever they came from.
  std::vector<std::string> workers() const {
    std::vector<std::string> found;
    std::error_code gone;
    for (const auto& process : std::filesystem::directory_iterator("/proc", gone)) {
      const auto folder_of = std::filesystem::read_symlink(process.path() / "cwd", gone);
      if (!gone && folder_of == folder().path()) {
        found.push_back(process.path().filename().string() + " " +
                        read_text_file(process.path() / "cmdline").value_or(""));
      }
    }
    return found;
  }

  /// Runs the filter's rows on the interpreter; "": the default one.
  ProcessResult run_on(const std::string& spec, const std::string& filter, const Arguments& more = {}) const {
    Arguments arguments{"--filter=" + filter};
    if (!spec.empty()) arguments.push_back("--python=" + spec);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  std::string error_of_row(const std::string& name) const {
    for (const auto& [row, error] : rows_of(saved())) {
      if (row == name) return error;
    }
    return "there is no row " + name;
  }

  Json row(const std::string& name) const {
    for (const Json& row : saved().at("benchmarks").elements()) {
      if (row.at("name") == name) return row;
    }
    return {};
  }

 private:
  const std::set<std::string> before_ = shared_memory();
};

class CountdownWays : public WaysTest {
 protected:
  /// That each of these ways of countdown has failed by this, but for those that this interpreter has not.
  void expect_each_says(const std::string& wanted, const std::vector<std::string>& ways = kWays) const {
    for (const std::string& way : ways) {
      const std::string error = error_of_row("countdown/" + way);
      EXPECT_TRUE(error == wanted || is_said_to_be_missing(error)) << way << ": " << error;
    }
  }
};

}  // namespace harness::ways_test
