// harness/strategies/attached_execution.h: an execution whose members are known to Python.
#pragma once

#include <vector>

#include "harness/strategies/strategy.h"

namespace harness {

/// Gives each member a thread state, detached, and its slice.
class AttachedExecution : public Execution {
 public:
  /// `known_by`: the Api's function by which a member becomes known to Python; null: enter_thread.
  AttachedExecution(const Stage& stage, std::int64_t items, embed::ThreadState* (*known_by)() = nullptr);

  std::int64_t items() const final { return items_; }
  void enter(int member, Slice slice) override;
  void leave(int member) override;
  void stop_all_but(int member) const final;

 protected:
  const embed::Api& api() const { return api_; }
  embed::ThreadState* thread(int member) const { return members_[index(member)].thread; }
  Slice slice(int member) const { return members_[index(member)].slice; }
  std::size_t size() const { return members_.size(); }
  static std::size_t index(int member) { return static_cast<std::size_t>(member); }

 private:
  struct Member {
    embed::ThreadState* thread = nullptr;
    Slice slice{};
  };

  const embed::Api& api_;
  embed::ThreadState* (*const enter_)();
  const std::int64_t items_;
  std::vector<Member> members_;
};

}  // namespace harness
