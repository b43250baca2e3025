// harness/strategies/subinterpreters.cpp: the script on threads that have an interpreter each.
#include "harness/strategies/subinterpreters.h"

#include <memory>
#include <optional>
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

class SubinterpreterExecution : public AttachedExecution {
 public:
  explicit SubinterpreterExecution(const Stage& stage)
      : AttachedExecution(stage, script_items(stage.job, 1), stage.python.api().enter_interpreter),
        job_(stage.job),
        path_(stage.scripts.path_of(stage.script, false).string()),
        members_(size()) {}

  std::string_view subject() const override { return "the script's run()"; }

  void enter(int member, Slice slice) override {
    AttachedExecution::enter(member, slice);
    Member& self = members_[index(member)];
    try {
      const embed::Attached attached(api(), thread(member));
      self.gil.emplace([&] { api().detach(thread(member)); }, [&] { api().attach(thread(member)); });
      load(self, slice);
    } catch (...) {
      leave(member);
      throw;
    }
  }

  embed::Integer run(int member) override {
    const embed::Attached attached(api(), thread(member));
    return api().call(members_[index(member)].call);
  }

  std::string watchers(int member) override {
    const embed::Attached attached(api(), thread(member));
    return api().settings().watchers;
  }

  std::vector<std::string> remarks() const override {
    for (const Member& member : members_) {
      if (member.gil->is_missed()) return {"the GILs of its subinterpreters are not all traced"};
    }
    return {};
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

 private:
  struct Member {
    std::optional<gil_trace::OwnGil> gil;
    embed::Script* script = nullptr;
    embed::Call* call = nullptr;
  };

  void load(Member& self, Slice slice) {
    try {
      self.script = api().load(path_);
    } catch (const embed::ScriptError& error) {
      require_for_subinterpreters(error);
      throw;
    }
    warm_up_script(api(), self.script, job_, items());
    self.call = api().prepare(self.script, job_.buffers, std::vector{slice.begin, slice.end}, job_.returns);
  }

  const Job& job_;
  const std::string path_;
  std::vector<Member> members_;
};

}  // namespace

Strategy subinterpreters() {
  return {.name = "subinterpreters",
          .summary = "the script on a team of threads that have an interpreter with its own GIL each",
          .threads = Threads::team,
          .traits = {.isolated = true},
          .own_script = true,
          .prepare = [](const Stage& stage) -> std::unique_ptr<Execution> {
            return std::make_unique<SubinterpreterExecution>(stage);
          }};
}

}  // namespace harness
