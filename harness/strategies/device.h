// harness/strategies/device.h: strategies that run native code on a device with memory of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/strategies/strategy.h"

namespace harness {

/// How much of moving the job between the host's memory and the device's is timed.
enum class Transfer {
  both,  ///< from the host's memory to the host's memory: there and back
  none,  ///< the job stays on the device: only what the device does with it, to its end
};

/// A job on a device. Each function returns when the device is done. Used by one thread at a time. Throws
/// ExperimentError.
class DeviceKernel {
 public:
  DeviceKernel() = default;
  virtual ~DeviceKernel() = default;
  DeviceKernel(const DeviceKernel&) = delete;
  DeviceKernel& operator=(const DeviceKernel&) = delete;

  /// Puts onto the device what run() is to find there: the output as the job has cleared it, so that what
  /// run() does not write is found wrong; and the input, where run() does not put it there itself.
  virtual void upload() = 0;
  /// What is timed.
  virtual void run() = 0;
  /// Brings the output back, where run() does not do so itself.
  virtual void download() = 0;
  /// The device and its driver, for a reader of the row.
  virtual std::string device() const = 0;
};

struct DeviceOptions {
  std::string name;     ///< the strategy's
  std::string summary;  ///< the strategy's
  Transfer transfer = Transfer::none;
  Memory memory = Memory::none;         ///< what bounds it
  MemoryOf memory_of = MemoryOf::host;  ///< whose memory that is
};

/// By the main thread, of what the stage has. Throws ExperimentError, or NotApplicable where there is no such
/// device, no driver, or the build has no code for it.
using MakeDeviceKernel = std::function<std::unique_ptr<DeviceKernel>(const Stage&, Transfer)>;

/// The whole job on a device, called by the main thread after Py_BEGIN_ALLOW_THREADS. In a process of its
/// own: the driver starts threads. Its rows have the label transfer:both or transfer:none.
Strategy device_kernel(const DeviceOptions& options, const MakeDeviceKernel& make);

}  // namespace harness
