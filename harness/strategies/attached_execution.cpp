// harness/strategies/attached_execution.cpp: an execution whose members are known to Python.
#include "harness/strategies/attached_execution.h"

namespace harness {

AttachedExecution::AttachedExecution(const Stage& stage, std::int64_t items,
                                     embed::ThreadState* (*known_by)())
    : api_(stage.python.api()),
      enter_(known_by == nullptr ? api_.enter_thread : known_by),
      items_(items),
      members_(index(stage.members)) {}

void AttachedExecution::enter(int member, Slice slice) {
  members_[index(member)] = {.thread = enter_(), .slice = slice};
}

void AttachedExecution::leave(int member) {
  api_.leave_thread(thread(member));
}

void AttachedExecution::stop_all_but(int member) const {
  std::vector<embed::ThreadState*> threads;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (static_cast<int>(i) != member) threads.push_back(members_[i].thread);
  }
  api_.stop(threads);
}

}  // namespace harness
