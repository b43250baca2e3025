// harness/start_experiments/start_experiments.cpp: the table of what it costs to enter.
#include "harness/start_experiments/start_experiments.h"

#include "harness/strategies/device.h"
#include "harness/strategies/ways.h"
#include "harness/workloads/cuda.h"
#include "harness/workloads/opencl.h"

namespace harness {
namespace {

GrayscaleViews& views_of(const Stage& stage) {
  return *static_cast<GrayscaleViews*>(stage.job.data.get());
}

/// Host memory to host memory.
std::vector<Strategy> devices() {
  return {device_kernel({.name = "opencv_opencl", .summary = "", .transfer = Transfer::both},
                        [](const Stage& stage, Transfer transfer) {
                          return opencl_grayscale(views_of(stage).source, views_of(stage).gray, transfer);
                        }),
          device_kernel({.name = "cuda", .summary = "", .transfer = Transfer::both},
                        [](const Stage& stage, Transfer transfer) {
                          return cuda_kernel(stage.cuda_module, HARNESS_CUDA_GRAYSCALE,
                                             views_of(stage).source, views_of(stage).gray, transfer);
                        })};
}

}  // namespace

std::vector<Experiment> start_experiments(const std::vector<int>& threads) {
  constexpr int kMostWorkers = 2;
  std::vector<Experiment> experiments;
  for (const Strategy& way : ways()) {
    for (const int count : threads) {
      if (count <= kMostWorkers) experiments.push_back(start(way, count));
    }
  }
  for (const Strategy& way : devices()) experiments.push_back(start(way, 1));
  for (const Strategy& way : ways()) experiments.push_back(break_even(way));
  for (Experiment& experiment : experiments) experiment.on_request = true;
  return experiments;
}

}  // namespace harness
