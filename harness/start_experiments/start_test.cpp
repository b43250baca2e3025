// harness/start_experiments/start_test.cpp: a megabyte that costs one way another copy than the next.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/interpreter/interpreter.h"
#include "harness/run/session.h"
#include "harness/start_experiments/start_experiments.h"
#include "harness/strategies/script.h"
#include "harness/strategies/workers.h"
#include "harness/system/test_folder.h"
#include "harness/testing/python_cases.h"

namespace harness {
namespace {

embed::StartConfig config_of(const Interpreter& interpreter) {
  embed::StartConfig config;
  config.program = interpreter.executable;
  return config;
}

/// How often an execution was asked to copy what.
struct Copies {
  int all = 0, inputs = 0, outputs = 0;
};

class CountedExecution : public Execution {
 public:
  CountedExecution(std::unique_ptr<Execution> execution, Copies& copies)
      : execution_(std::move(execution)), copies_(copies) {}

  std::int64_t items() const override { return execution_->items(); }
  std::string_view subject() const override { return execution_->subject(); }
  void enter(int member, Slice slice) override { execution_->enter(member, slice); }
  embed::Integer run(int member) override { return execution_->run(member); }
  void leave(int member) override { execution_->leave(member); }
  void stop_all_but(int member) const override { execution_->stop_all_but(member); }
  void upload() override {
    ++copies_.all;
    execution_->upload();
  }
  void upload_input() override {
    ++copies_.inputs;
    execution_->upload_input();
  }
  void download() override {
    ++copies_.outputs;
    execution_->download();
  }

 private:
  const std::unique_ptr<Execution> execution_;
  Copies& copies_;
};

/// Once before it is timed everything, so that an output of another way's is gone.
void copies_a_megabyte_there_and_one_back(const Interpreter& interpreter) {
  const embed::Python python(interpreter.libpython, HARNESS_EMBED, config_of(interpreter));
  for (Strategy way : {processes("fork"), process_pool(), python_threads()}) {
    SCOPED_TRACE(way.name);
    Copies copies;
    way.prepare = [prepare = way.prepare, &copies](const Stage& stage) {
      return std::make_unique<CountedExecution>(prepare(stage), copies);
    };
    SessionConfig config;
    config.scripts = HARNESS_SCRIPTS_FOLDER;
    Session session(python, config);
    session.prepare(start(way, 1));
    EXPECT_EQ(copies.all, 1);
    EXPECT_EQ(copies.inputs, 20);
    EXPECT_EQ(copies.outputs, 20);
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
      {"copies_a_megabyte_there_and_one_back", harness::copies_a_megabyte_there_and_one_back},
      {"leaves_an_output_where_only_the_input_is_copied",
       harness::leaves_an_output_where_only_the_input_is_copied}};
  return harness::run_python_cases(argc, argv, "StartExperiments", cases);
}
