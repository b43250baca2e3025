// harness/start_experiments/start_experiments.h: what each way around the GIL costs to enter.
#pragma once

#include <vector>

#include "harness/run/experiment.h"
#include "harness/strategies/strategy.h"
#include "kernels/image_view.h"

namespace harness {

/// The rows of the group "start", one file each, on request; `threads` are workers everywhere:
///   start/WAY/[start:METHOD/]threads:N   what it takes to enter a fresh way; for each of `threads` up to 2
///   start/break_even/WAY/[start:METHOD]  from which length of a task on two workers beat one thread
/// WAY is one of ways() (or, of start/WAY, a device), and METHOD multiprocessing's start method. Each in a
/// process of its own.
std::vector<Experiment> start_experiments(const std::vector<int>& threads);

/// What a device's way is given as its job's data: of one image.
struct GrayscaleViews {
  kernels::BgrView source;
  kernels::GrayView gray;
};

Experiment start(const Strategy& way, int threads);
Experiment break_even(const Strategy& way);

}  // namespace harness
