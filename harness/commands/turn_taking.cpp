// harness/commands/turn_taking.cpp: a run that takes turns with those of the other interpreters.
#include "harness/commands/turn_taking.h"

#include "harness/system/cpu_topology.h"
#include "harness/system/standard_streams.h"
#include "harness/system/subprocess.h"
#include "harness/team/placement.h"

namespace harness {

TurnTaking::TurnTaking(const Options& options, const Machine& machine) {
  if (!options.turns) return;
  const FileDescriptor inherited(kInherited);
  turns_ = FileDescriptor(own_descriptor_of(inherited.get()));
  if (!options.pin) cpus_ = alike(one_cpu_a_core(machine));
}

std::function<void(TurnPlace)> TurnTaking::taker() {
  if (!turns_.is_open()) return {};
  return [this](TurnPlace place) {
    take_turn(turns_.get(), place);
    if (cpus_.empty()) return;
    const int cpu = cpus_[(place.row + place.piece) % cpus_.size()];
    home_of_one_->store(cpu, std::memory_order_relaxed);
    move_this_thread_to(cpu);
  };
}

std::vector<int> one_cpu_a_core(const Machine& machine) {
  const std::vector<CoreOfCpu> cores = cores_of(machine.allowed_cpus);
  std::vector<int> cpus = distinct_cores_first(cores);
  cpus.resize(count_cores(cores));
  return cpus;
}

}  // namespace harness
