// harness/strategies/subinterpreters.cpp: the script on threads that have an interpreter each.
#include "harness/strategies/subinterpreters.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "harness/gil_trace/own_gil.h"
#include "harness/strategies/attached_execution.h"
#include "harness/strategies/script_calls.h"

namespace harness {
namespace {

/// Each member with an interpreter of its own, in which it has loaded what it calls.
class SubinterpreterExecution : public AttachedExecution {
 public:
  SubinterpreterExecution(const Stage& stage, std::int64_t items)
      : AttachedExecution(stage, items, stage.python.api().enter_interpreter),
        jit_is_on_(stage.python.attached([&] { return stage.python.api().settings().jit_is_on; })),
        members_(size()) {}

  void enter(int member, Slice slice) override {
    AttachedExecution::enter(member, slice);
    Member& self = members_[index(member)];
    try {
      const embed::Attached attached(api(), thread(member));
      self.gil.emplace([&] { api().detach(thread(member)); }, [&] { api().attach(thread(member)); });
      self.has_jit = api().settings().jit_is_on;
      try {
        self.script = load();
      } catch (const embed::ScriptError& error) {
        require_for_subinterpreters(error);
        throw;
      }
      self.call = prepare(self.script, slice);
    } catch (...) {
      leave(member);
      throw;
    }
  }

  std::string watchers(int member) override {
    const embed::Attached attached(api(), thread(member));
    return api().settings().watchers;
  }

  std::vector<std::string> remarks() const override {
    std::vector<std::string> remarks;
    if (std::ranges::any_of(members_, [](const Member& member) { return member.gil->is_missed(); }))
      remarks.emplace_back("the GILs of its subinterpreters are not all traced");
    if (jit_is_on_ && !std::ranges::all_of(members_, &Member::has_jit))
      remarks.emplace_back("workers without the JIT: CPython's main interpreter alone has it");
    return remarks;
  }

  void leave(int member) override {
    Member& self = members_[index(member)];
    {
      const embed::Attached attached(api(), thread(member));
      if (self.call != nullptr) api().discard(std::exchange(self.call, nullptr));
      if (self.script != nullptr) api().unload(std::exchange(self.script, nullptr));
    }
    self.gil.reset();
    AttachedExecution::leave(member);
  }

 protected:
  /// What the calling thread, attached, is to call; and a call of it.
  virtual embed::Script* load() = 0;
  virtual embed::Call* prepare(embed::Script* script, Slice slice) = 0;

  embed::Script* script(int member) const { return members_[index(member)].script; }
  embed::Call* call(int member) const { return members_[index(member)].call; }

 private:
  struct Member {
    std::optional<gil_trace::OwnGil> gil;
    embed::Script* script = nullptr;
    embed::Call* call = nullptr;
    bool has_jit = false;
  };

  const bool jit_is_on_;  // in the main interpreter

  std::vector<Member> members_;
};

class ScriptInSubinterpreters : public SubinterpreterExecution {
 public:
  explicit ScriptInSubinterpreters(const Stage& stage)
      : SubinterpreterExecution(stage, script_items(stage.job, 1)),
        job_(stage.job),
        path_(stage.scripts.path_of(stage.script, false).string()) {}

  std::string_view subject() const override { return "the script's run()"; }

  embed::Integer run(int member) override {
    const embed::Attached attached(api(), thread(member));
    return api().call(call(member));
  }

 private:
  embed::Script* load() override { return api().load(path_); }

  embed::Call* prepare(embed::Script* script, Slice slice) override {
    warm_up_script(api(), script, job_, items());
    return api().prepare(script, job_.buffers, std::vector{slice.begin, slice.end}, job_.returns);
  }

  const Job& job_;
  const std::string path_;
};

/// Objects of one interpreter cannot be compared with those of another: each member has a reference of its
/// own. Where the members share the items, the main thread adds up what they returned.
class BenchmarkInSubinterpreters : public SubinterpreterExecution {
 public:
  BenchmarkInSubinterpreters(const Stage& stage, const Benchmark& benchmark)
      : SubinterpreterExecution(stage, stage.job.items * (benchmark.splits ? 1 : stage.members)),
        python_(stage.python),
        benchmark_(benchmark),
        threads_(stage.threads),
        whole_(benchmark.splits ? whole_job() : nullptr),
        verdicts_(size()),
        parts_(size()) {}

  ~BenchmarkInSubinterpreters() override {
    if (whole_ != nullptr) python_.attached([&] { api().unload(whole_); });
  }

  std::string_view subject() const override { return "the function"; }

  void warm_up() override {
    const embed::Attached attached(api(), thread(0));
    loops_ = benchmark_.splits ? 1 : loops_for(api(), call(0));
  }

  std::int64_t loops() const override { return loops_; }

  embed::Integer run(int member) override {
    const embed::Attached attached(api(), thread(member));
    api().call_times(call(member), loops_);
    return 0;
  }

  void judge(int member) override {
    const embed::Attached attached(api(), thread(member));
    embed::Call* const last = call(member);
    if (benchmark_.splits) {
      parts_[index(member)] = api().part(last);
    } else {
      verdicts_[index(member)] = api().verdict(script(member), std::span(&last, 1));
    }
  }

  std::string mismatch() override {
    if (benchmark_.splits) {
      verdicts_.front() = python_.attached([&] { return api().verdict_on_parts(whole_, parts_); });
    }
    for (std::size_t member = 0; member < verdicts_.size(); ++member) {
      const std::string& wrong = verdicts_[member].wrong;
      if (wrong.empty()) continue;
      return benchmark_.splits || size() == 1 ? wrong : wrong + " (thread " + std::to_string(member) + ")";
    }
    return "";
  }

  std::vector<std::string> remarks() const override {
    std::vector<std::string> remarks = SubinterpreterExecution::remarks();
    std::ranges::move(remarks_on(verdicts_.front().unverified), std::back_inserter(remarks));
    return remarks;
  }

 private:
  embed::Script* load() override {
    api().open_benchmarks(benchmark_.file);
    return api().benchmark(benchmark_.file, benchmark_.name, threads_);
  }

  embed::Call* prepare(embed::Script* script, Slice slice) override {
    std::vector<std::int64_t> integers;
    if (benchmark_.splits) integers = {slice.begin, slice.end};
    if (!benchmark_.splits) api().take_reference(script);
    return api().prepare(script, {}, integers, embed::Returns::anything);
  }

  /// With its reference, in the main interpreter.
  embed::Script* whole_job() const {
    return python_.attached([&] {
      embed::Script* const whole = api().benchmark(benchmark_.file, benchmark_.name, threads_);
      api().take_reference(whole);
      return whole;
    });
  }

  const embed::Python& python_;
  const Benchmark benchmark_;
  const int threads_;
  embed::Script* const whole_;
  std::int64_t loops_ = 1;
  std::vector<embed::Verdict> verdicts_;  // by member
  std::vector<std::string> parts_;        // likewise
};

std::unique_ptr<Execution> execution_of(const Stage& stage, const std::optional<Benchmark>& benchmark) {
  if (benchmark) return std::make_unique<BenchmarkInSubinterpreters>(stage, *benchmark);
  return std::make_unique<ScriptInSubinterpreters>(stage);
}

}  // namespace

Strategy subinterpreters(const std::optional<Benchmark>& benchmark) {
  return {.name = "subinterpreters",
          .summary = "the script on a team of threads that have an interpreter with its own GIL each",
          .threads = Threads::team,
          .traits = {.each_does_all = benchmark && !benchmark->splits,
                     .isolated = true,
                     .worker = "a subinterpreter"},
          .on_request = benchmark.has_value(),  // each would import the user's file anew
          .may_hang = true,
          .own_script = true,
          .prepare = [benchmark](const Stage& stage) { return execution_of(stage, benchmark); }};
}

}  // namespace harness
