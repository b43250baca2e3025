// harness/commands/run_images.h: the images that a run's rows work on.
#pragma once

#include <memory>
#include <vector>

#include "harness/image/codec.h"
#include "harness/image/images.h"
#include "harness/run/experiment.h"
#include "harness/run/installation.h"
#include "harness/system/machine.h"
#include "harness/workloads/image_parameters.h"

namespace harness {

class RunImages {
 public:
  /// Those that `values` choose, where a row of `plan` works on one. Throws UserError where a file cannot be
  /// read, or a size does not fit into the memory.
  RunImages(const ParameterValues& values, const std::vector<Experiment>& plan, const Machine& machine,
            const Installation& installation);

  /// Null where no row has one.
  Images* all() const { return images_.get(); }
  /// Likewise. Kept all along, for the report.
  const Image* first() const { return first_.get(); }
  Codec& codec() const { return codec_; }

  /// Whether what rows make of them is worth a file each: of a curve there are as many as sizes, all alike,
  /// and the large ones take seconds each.
  bool are_kept() const { return choice_.sizes.size() == 1; }

 private:
  ImageChoice choice_;
  mutable Codec codec_;
  std::unique_ptr<Images> images_;
  std::shared_ptr<const Image> first_;
};

}  // namespace harness
