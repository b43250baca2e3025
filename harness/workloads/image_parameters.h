// harness/workloads/image_parameters.h: which images the workloads of images work on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "harness/image/image.h"
#include "harness/parameters/parameter.h"

namespace harness {

/// --image, --size, --sizes.
std::vector<Parameter> image_parameters();

/// What they say.
struct ImageChoice {
  std::filesystem::path file;    ///< the user's own; empty: synthetic ones of `sizes`
  std::vector<ImageSize> sizes;  ///< in the order given, no repeats; of a file one, unknown before it is read
};
ImageChoice image_choice(const ParameterValues& values);

/// --streaming-above: from which size on kernels write past the caches.
Parameter streaming_parameter();

/// Absent: streaming_threshold_bytes() of a row's threads.
std::optional<std::int64_t> streaming_above_bytes(const ParameterValues& values);

}  // namespace harness
