// harness/commands/run_images.cpp: the images that a run's rows work on.
#include "harness/commands/run_images.h"

#include <algorithm>
#include <string>

#include "harness/error.h"

namespace harness {
namespace {

// What an image needs for each pixel: the source, what grayscale and memory/read3_write1 write to, a
// reference of each, and what memory/copy writes; of a file also its bytes decoded, which may be 4 channels
// of 16 bits, and converted.
constexpr std::int64_t kSyntheticBytesPerPixel = 3 + 1 + (1 + 1) + 2;
constexpr std::int64_t kFileBytesPerPixel = kSyntheticBytesPerPixel + 8 + 4;

std::int64_t available_bytes(const Machine& machine) {
  return static_cast<std::int64_t>(machine.memory.available_bytes);
}

std::unique_ptr<Images> load(const ImageChoice& choice, const Machine& machine, Codec& codec) {
  if (!choice.file.empty()) return std::make_unique<Images>(std::make_shared<Image>(codec.read(choice.file)));
  for (const ImageSize size : choice.sizes) {
    if (size.pixels() <= available_bytes(machine) / kSyntheticBytesPerPixel) continue;
    throw UserError("--size=" + to_string(size) + ": too large for this machine's free memory (" +
                    std::to_string(available_bytes(machine) >> 20) + " MiB); give a smaller size");
  }
  return std::make_unique<Images>(choice.sizes);
}

}  // namespace

RunImages::RunImages(const ParameterValues& values, const std::vector<Experiment>& plan,
                     const Machine& machine, const Installation& installation)
    : choice_(image_choice(values)),
      codec_(installation.codec_module, available_bytes(machine) / kFileBytesPerPixel) {
  const auto has_image = [](const Experiment& experiment) { return experiment.image.has_value(); };
  if (std::ranges::none_of(plan, has_image)) return;
  images_ = load(choice_, machine, codec_);
  first_ = images_->at(0);
}

}  // namespace harness
