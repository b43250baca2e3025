// harness/strategies/kernel.cpp: strategies that run native code.
#include "harness/strategies/kernel.h"

#include <unistd.h>

#include <memory>

#include "harness/strategies/attached_execution.h"
#include "harness/trace/clock.h"

namespace harness {
namespace {

/// Whether the GIL is released around the kernel.
enum class Gil { released, held };

class KernelExecution : public AttachedExecution {
 public:
  KernelExecution(const Stage& stage, std::string name, KernelFunction run, Gil gil)
      : AttachedExecution(stage, stage.job.items),
        name_(std::move(name)),
        run_(std::move(run)),
        job_(stage.job),
        gil_(gil),
        threads_(gil == Gil::held ? 1 : stage.threads),
        regions_(size()) {}

  std::string_view subject() const override { return "the kernel"; }

  void enter(int member, Slice slice) override {
    AttachedExecution::enter(member, slice);
    regions_[index(member)].os_id = gettid();
  }

  embed::Integer run(int member) override {
    const embed::Attached attached(api(), thread(member));
    if (gil_ == Gil::held) return run_kernel(member);
    embed::Integer result = 0;
    api().released([&] { result = run_kernel(member); });
    return result;
  }

  std::vector<trace::NamedSpan> regions() const override {
    std::vector<trace::NamedSpan> regions;
    for (const Region& region : regions_) {
      if (region.end_ns != 0) regions.push_back({name_, region.begin_ns, region.end_ns, region.os_id});
    }
    return regions;
  }

 private:
  /// When a member ran the kernel, CLOCK_MONOTONIC; both 0 where it has not.
  struct Region {
    std::int64_t begin_ns = 0;
    std::int64_t end_ns = 0;
    std::int64_t os_id = 0;
  };

  embed::Integer run_kernel(int member) {
    Region& region = regions_[index(member)];
    region.begin_ns = trace::now_ns();
    const embed::Integer result = run_(job_.data.get(), slice(member), threads_);
    region.end_ns = trace::now_ns();
    return result;
  }

  const std::string name_;
  const KernelFunction run_;
  const Job& job_;
  const Gil gil_;
  const int threads_;
  std::vector<Region> regions_;
};

}  // namespace

Strategy kernel(const KernelOptions& options, const KernelFunction& run) {
  return {.name = options.name,
          .summary = options.summary,
          .threads = options.pool == Pool::none ? Threads::caller : Threads::pool,
          .traits = {.native = true, .pool = options.pool, .memory = options.memory},
          .variant = options.variant,
          .planned = options.planned,
          .library = options.library,
          .prepare = [name = options.name,
                      run = std::move(run)](const Stage& stage) -> std::unique_ptr<Execution> {
            return std::make_unique<KernelExecution>(stage, name, run, Gil::released);
          }};
}

Strategy native_gil_held(Memory memory, const KernelFunction& run) {
  return {.name = "native_gil_held",
          .summary = "native code, split over a team, that forgets to release the GIL",
          .threads = Threads::team,
          .traits = {.native = true, .memory = memory},
          .kernel = run,
          .prepare = [run](const Stage& stage) -> std::unique_ptr<Execution> {
            return std::make_unique<KernelExecution>(stage, "native_gil_held", run, Gil::held);
          }};
}

}  // namespace harness
