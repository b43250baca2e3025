// harness/start_experiments/start_test.cpp: what one way would cost more than the next: copies of a megabyte,
// a core that two workers share.
#include <gtest/gtest.h>
#include <sched.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/interpreter/interpreter.h"
#include "harness/interpreter/libpython.h"
#include "harness/interpreter/probe.h"
#include "harness/run/session.h"
#include "harness/start_experiments/start_experiments.h"
#include "harness/strategies/script.h"
#include "harness/strategies/workers.h"
#include "harness/system/test_folder.h"
#include "harness/team/pinning.h"
#include "harness/team/placement.h"
#include "harness/testing/python_cases.h"

namespace harness {
namespace {

/// Processes are started by the executable, which is to be the libpython's own.
embed::StartConfig config_of(const Interpreter& interpreter) {
  embed::StartConfig config;
  config.program = interpreter.executable.empty()
                       ? executable_beside(identify_libpython(interpreter.libpython))
                       : interpreter.executable;
  return config;
}

/// The CPUs that it may use, ascending. 0: the calling thread.
std::vector<int> cpus_of_thread(pid_t thread) {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  sched_getaffinity(thread, sizeof usable, &usable);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &usable)) cpus.push_back(cpu);
  }
  return cpus;
}

/// Of those of the threads that are bound to one CPU: which.
std::vector<int> cpus_of_bound(const std::vector<std::int64_t>& threads) {
  std::vector<int> bound_to;
  for (const std::int64_t thread : threads) {
    const std::vector<int> cpus = cpus_of_thread(static_cast<pid_t>(thread));
    if (cpus.size() == 1) bound_to.push_back(cpus.front());
  }
  return bound_to;
}

std::vector<std::int64_t> threads_of_this_process() {
  std::vector<std::int64_t> threads;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    threads.push_back(std::stoll(task.path().filename().string()));
  }
  return threads;
}

/// What an execution of at most two members was asked.
struct Asked {
  int uploads = 0, input_uploads = 0, downloads = 0;
  std::array<int, 2> homes = {-1, -1};   // where each member is to begin its runs
  std::array<std::atomic<int>, 2> runs;  // of each member
  std::array<std::atomic<int>, 2> runs_at_home;
  std::vector<int> bound_to;  // the CPU of each worker, after they were bound
};

class ObservedExecution : public Execution {
 public:
  ObservedExecution(std::unique_ptr<Execution> execution, Asked& asked)
      : execution_(std::move(execution)), asked_(asked) {}

  std::int64_t items() const override { return execution_->items(); }
  std::string_view subject() const override { return execution_->subject(); }
  void enter(int member, Slice slice) override { execution_->enter(member, slice); }
  embed::Integer run(int member) override {
    const auto i = static_cast<std::size_t>(member);
    ++asked_.runs.at(i);
    asked_.runs_at_home.at(i) += sched_getcpu() == asked_.homes.at(i);
    return execution_->run(member);
  }
  void leave(int member) override { execution_->leave(member); }
  void stop_all_but(int member) const override { execution_->stop_all_but(member); }
  void upload() override {
    ++asked_.uploads;
    execution_->upload();
  }
  void upload_input() override {
    ++asked_.input_uploads;
    execution_->upload_input();
  }
  void download() override {
    ++asked_.downloads;
    execution_->download();
  }
  bool bind_workers(std::span<const int> cpus) override {
    const bool all = execution_->bind_workers(cpus);
    const std::vector<std::int64_t> processes = execution_->processes();
    asked_.bound_to = cpus_of_bound(processes.empty() ? threads_of_this_process() : processes);
    return all;
  }

 private:
  const std::unique_ptr<Execution> execution_;
  Asked& asked_;
};

/// The way, whose executions tell what they are asked.
Strategy observed(Strategy way, Asked& asked) {
  way.prepare = [prepare = way.prepare, &asked](const Stage& stage) {
    return std::make_unique<ObservedExecution>(prepare(stage), asked);
  };
  return way;
}

SessionConfig config_with(Placement placement) {
  SessionConfig config;
  config.scripts = HARNESS_SCRIPTS_FOLDER;
  config.placement = std::move(placement);
  config.spin_cores = 2;  // who sleeps until the others are ready is woken where Linux likes
  return config;
}

/// Once before it is timed everything, so that an output of another way's is gone.
void copies_a_megabyte_there_and_one_back(const Interpreter& interpreter) {
  const embed::Python python(interpreter.libpython, HARNESS_EMBED, config_of(interpreter));
  for (const Strategy& way : {processes("fork"), process_pool(), python_threads()}) {
    SCOPED_TRACE(way.name);
    Asked asked;
    Session session(python, config_with(Placement()));
    session.prepare(start(observed(way, asked), 1));
    EXPECT_EQ(asked.uploads, 1);
    EXPECT_EQ(asked.input_uploads, 20);
    EXPECT_EQ(asked.downloads, 20);
  }
}

/// Each in turn on the one and on the other, so that Linux has to have chosen so twice where nobody said it.
void begins_each_run_of_a_team_with_a_member_on_each_core(const Interpreter& interpreter) {
  const std::vector<int> cpus = cpus_of_thread(0);
  if (cpus.size() < 2) GTEST_SKIP() << "there is one CPU";
  const embed::Python python(interpreter.libpython, HARNESS_EMBED, config_of(interpreter));
  for (const std::array<int, 2> homes : {std::array{cpus[0], cpus[1]}, std::array{cpus[1], cpus[0]}}) {
    Asked asked;
    asked.homes = homes;
    Session session(python, config_with(Placement(CoreMap(), {homes[0], homes[1]})));
    session.prepare(start(observed(python_threads(), asked), 2));
    for (std::size_t member = 0; member < 2; ++member) {
      EXPECT_GT(asked.runs_at_home[member] * 2, asked.runs[member]) << "member " << member;
    }
  }
}

SessionConfig config_with(Pinning pinning) {
  SessionConfig config = config_with(Placement());
  config.pinning = std::move(pinning);
  return config;
}

void binds_members_where_the_user_says(const Interpreter& interpreter) {
  const std::vector<int> cpus = cpus_of_thread(0);
  if (cpus.size() < 2) GTEST_SKIP() << "there is one CPU";
  const embed::Python python(interpreter.libpython, HARNESS_EMBED, config_of(interpreter));
  Asked asked;
  asked.homes = {cpus[1], cpus[0]};
  Session session(python, config_with(Pinning({cpus[1], cpus[0]})));
  session.prepare(start(observed(python_threads(), asked), 2));
  for (std::size_t member = 0; member < 2; ++member) {
    EXPECT_EQ(asked.runs_at_home[member], asked.runs[member]) << "member " << member;
  }
}

/// To one CPU, which Linux would not choose for both.
void binds_workers_that_a_library_starts(const Interpreter& interpreter) {
  const std::vector<int> cpus = cpus_of_thread(0);
  if (cpus.size() < 2) GTEST_SKIP() << "there is one CPU";
  const embed::Python python(interpreter.libpython, HARNESS_EMBED, config_of(interpreter));
  for (const Strategy& way : {processes("fork"), process_pool(), thread_pool()}) {
    for (const bool pins : {false, true}) {
      SCOPED_TRACE(way.name + (pins ? " pinned" : ""));
      Asked asked;
      Session session(python, pins ? config_with(Pinning({cpus[1]}))
                                   : config_with(Placement(CoreMap(), {cpus[1], cpus[1]})));
      session.prepare(start(observed(way, asked), 2));
      EXPECT_EQ(asked.bound_to, std::vector({cpus[1], cpus[1]}));
    }
  }
}

void leaves_an_output_where_only_the_input_is_copied(const Interpreter& interpreter) {
  const embed::Python python(interpreter.libpython, HARNESS_EMBED, config_of(interpreter));
  const TestFolder folder;
  const std::string script = "reads.py";
  folder.write(script, "def run(source, target, begin, end):\n    return 256 * source[0] + target[0]\n");
  Scripts scripts(python, folder.path(), {});
  std::vector<std::uint8_t> source{1}, target{2};
  const Job job{.items = 1,
                .script_items = 1,
                .returns = embed::Returns::integer,
                .buffers = {{source.data(), 1, false}, {target.data(), 1, true}}};
  const std::filesystem::path no_module;
  const std::unique_ptr<Execution> execution = processes("fork").prepare({.python = python,
                                                                          .scripts = scripts,
                                                                          .script = script,
                                                                          .job = job,
                                                                          .cuda_module = no_module,
                                                                          .threads = 1,
                                                                          .members = 1});
  execution->enter(0, {0, 1});
  execution->upload();
  EXPECT_TRUE(execution->run(0) == 0x102);
  source[0] = 3;
  target[0] = 4;
  execution->upload_input();
  EXPECT_TRUE(execution->run(0) == 0x302);
  execution->leave(0);
}

}  // namespace
}  // namespace harness

int main(int argc, char** argv) {
  const std::vector<harness::PythonCase> cases{
      {"begins_each_run_of_a_team_with_a_member_on_each_core",
       harness::begins_each_run_of_a_team_with_a_member_on_each_core},
      {"binds_members_where_the_user_says", harness::binds_members_where_the_user_says},
      {"binds_workers_that_a_library_starts", harness::binds_workers_that_a_library_starts},
      {"copies_a_megabyte_there_and_one_back", harness::copies_a_megabyte_there_and_one_back},
      {"leaves_an_output_where_only_the_input_is_copied",
       harness::leaves_an_output_where_only_the_input_is_copied}};
  return harness::run_python_cases(argc, argv, "StartExperiments", cases);
}
