// harness/workloads/countdown.cpp: Demo 1 of the talk: a purely computational loop.
#include "kernels/countdown.h"

#include <array>

#include "harness/workloads/workload.h"

namespace harness {
namespace {

constexpr std::array kKernels{
    Kernel<kernels::CountdownKernel>{{"native", false}, kernels::countdown_native},
    Kernel<kernels::CountdownKernel>{{"openmp", true}, kernels::countdown_openmp},
};

Job make_job(const WorkloadOptions& options) {
  const std::int64_t steps = options.countdown_steps;
  return {.items = steps,
          .script_items = steps,
          .returns = embed::Returns::integer,
          .buffers = {},
          .traffic = {},
          .run_kernel = [](std::size_t kernel, Slice slice, int threads) -> embed::Integer {
            return kKernels.at(kernel).run(slice.begin, slice.end, threads);
          },
          .clear = [] {},
          .mismatch = [steps](embed::Integer sum, std::int64_t) -> std::string {
            if (sum == static_cast<embed::Integer>(steps)) return "";
            return "took " + to_string(sum) + " steps in all, not " + std::to_string(steps);
          },
          .picture = {},
          .picture_width = 0};
}

}  // namespace

const Workload kCountdown{.name = "countdown",
                          .item_unit = "steps",
                          .has_script = true,
                          .of_image = false,
                          .bytes_of_item = 0,
                          .scripts = {},
                          .kernels = infos_of(kKernels),
                          .make_job = make_job};

}  // namespace harness
