// harness/strategies/native_execution.cpp: an execution whose members run native code.
#include "harness/strategies/native_execution.h"

#include <unistd.h>

#include <utility>

#include "harness/trace/clock.h"

namespace harness {

NativeExecution::NativeExecution(const Stage& stage, std::string name, Gil gil)
    : AttachedExecution(stage, stage.job.items), name_(std::move(name)), gil_(gil), regions_(size()) {}

void NativeExecution::enter(int member, Slice slice) {
  AttachedExecution::enter(member, slice);
  regions_[index(member)].os_id = gettid();
}

embed::Integer NativeExecution::run(int member) {
  const embed::Attached attached(api(), thread(member));
  if (gil_ == Gil::held) return run_recorded(member);
  embed::Integer result = 0;
  api().released([&] { result = run_recorded(member); });
  return result;
}

std::vector<trace::NamedSpan> NativeExecution::regions() const {
  std::vector<trace::NamedSpan> regions;
  for (const Region& region : regions_) {
    if (region.end_ns != 0) regions.push_back({name_, region.begin_ns, region.end_ns, region.os_id});
  }
  return regions;
}

embed::Integer NativeExecution::run_recorded(int member) {
  Region& region = regions_[index(member)];
  region.begin_ns = trace::now_ns();
  const embed::Integer result = run_native(member);
  region.end_ns = trace::now_ns();
  return result;
}

}  // namespace harness
