// harness/strategies/kernel.cpp: strategies that run native code.
#include "harness/strategies/kernel.h"

#include <memory>

#include "harness/strategies/native_execution.h"

namespace harness {
namespace {

class KernelExecution : public NativeExecution {
 public:
  KernelExecution(const Stage& stage, std::string name, KernelFunction run, Gil gil)
      : NativeExecution(stage, std::move(name), gil),
        run_(std::move(run)),
        job_(stage.job),
        threads_(gil == Gil::held ? 1 : stage.threads) {}

 private:
  embed::Integer run_native(int member) override { return run_(job_.data.get(), slice(member), threads_); }

  const KernelFunction run_;
  const Job& job_;
  const int threads_;
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
