// harness/strategies/device.cpp: strategies that run native code on a device with memory of its own.
#include "harness/strategies/device.h"

#include "harness/strategies/native_execution.h"

namespace harness {
namespace {

class DeviceExecution : public NativeExecution {
 public:
  DeviceExecution(const Stage& stage, std::string name, std::unique_ptr<DeviceKernel> kernel)
      : NativeExecution(stage, std::move(name), Gil::released), kernel_(std::move(kernel)) {}

  /// The driver compiles the kernel, and the device wakes up.
  void warm_up() override { kernel_->run(); }
  void upload() override { kernel_->upload(); }
  void download() override { kernel_->download(); }
  std::vector<std::string> remarks() const override { return {"on " + kernel_->device()}; }

 private:
  embed::Integer run_native(int /*member*/) override {
    kernel_->run();
    return 0;
  }

  const std::unique_ptr<DeviceKernel> kernel_;
};

}  // namespace

Strategy device_kernel(const DeviceOptions& options, const MakeDeviceKernel& make) {
  return {
      .name = options.name,
      .summary = options.summary,
      .threads = Threads::caller,
      .traits = {.native = true, .memory = options.memory, .memory_of = options.memory_of, .isolated = true},
      .variant = {{"transfer", options.transfer == Transfer::both ? "both" : "none"}},
      .prepare = [name = options.name, transfer = options.transfer,
                  make](const Stage& stage) -> std::unique_ptr<Execution> {
        return std::make_unique<DeviceExecution>(stage, name, make(stage, transfer));
      }};
}

}  // namespace harness
