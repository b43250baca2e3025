// harness/strategies/script.cpp: strategies that call a script's run().
#include "harness/strategies/script.h"

#include <memory>

#include "harness/strategies/attached_execution.h"
#include "harness/strategies/script_calls.h"

namespace harness {
namespace {

/// Each member attached while its call of run() lasts.
class ScriptExecution : public AttachedExecution {
 public:
  ScriptExecution(const Stage& stage, embed::Script* script, std::int64_t items, bool native)
      : AttachedExecution(stage, items),
        script_(script),
        job_(stage.job),
        threads_(stage.threads),
        native_(native),
        calls_(size()) {}

  std::string_view subject() const override { return "the script's run()"; }

  void enter(int member, Slice slice) override {
    AttachedExecution::enter(member, slice);
    try {
      const embed::Attached attached(api(), thread(member));
      std::vector<std::int64_t> integers{slice.begin, slice.end};
      if (native_) integers.push_back(threads_);
      calls_[index(member)] = api().prepare(script_, job_.buffers, integers, job_.returns);
    } catch (...) {
      AttachedExecution::leave(member);
      throw;
    }
  }

  void warm_up() override {
    if (native_) return;
    const embed::Attached attached(api(), thread(0));
    warm_up_script(api(), script_, job_, items());
  }

  embed::Integer run(int member) override {
    const embed::Attached attached(api(), thread(member));
    return api().call(calls_[index(member)]);
  }

  std::string watchers(int member) override {
    const embed::Attached attached(api(), thread(member));
    return api().settings().watchers;
  }

  void leave(int member) override {
    {
      const embed::Attached attached(api(), thread(member));
      api().discard(calls_[index(member)]);
    }
    AttachedExecution::leave(member);
  }

 private:
  embed::Script* const script_;
  const Job& job_;
  const int threads_;
  const bool native_;
  std::vector<embed::Call*> calls_;
};

Strategy own_script(const std::string& name, std::string summary, Threads threads) {
  return {.name = name,
          .summary = std::move(summary),
          .threads = threads,
          .traits = traits_of_name(name),
          .own_script = true,
          .prepare = [](const Stage& stage) -> std::unique_ptr<Execution> {
            return std::make_unique<ScriptExecution>(stage, stage.scripts.load(stage.script, false),
                                                     script_items(stage.job, 1), false);
          }};
}

std::function<void(Scripts&)> needs(const std::string& module) {
  if (module.empty()) return {};
  return [module](Scripts& scripts) { scripts.require_module(module); };
}

}  // namespace

Strategy python() {
  return own_script("python", "the script, on one thread", Threads::one);
}

Strategy python_threads() {
  Strategy strategy =
      own_script("python_threads", "the script, split over a team that contends for the GIL", Threads::team);
  strategy.traits.shares_gil = true;
  strategy.traits.worker = "a thread";
  return strategy;
}

Strategy script(const ScriptOptions& options) {
  return {.name = options.name,
          .summary = options.summary,
          .threads = Threads::one,
          .require = needs(options.module),
          .script = options.file,
          .prepare = [options](const Stage& stage) -> std::unique_ptr<Execution> {
            return std::make_unique<ScriptExecution>(stage, stage.scripts.load(options.file, true),
                                                     script_items(stage.job, options.part), false);
          }};
}

Strategy native_script(const ScriptOptions& options) {
  return {.name = options.name,
          .summary = options.summary,
          .threads = Threads::pool,
          .traits = {.native = true, .pool = Pool::openmp, .memory = options.memory},
          .require = needs(options.module),
          .script = options.file,
          .prepare = [options](const Stage& stage) -> std::unique_ptr<Execution> {
            return std::make_unique<ScriptExecution>(stage, stage.scripts.load(options.file, true),
                                                     stage.job.items, true);
          }};
}

}  // namespace harness
