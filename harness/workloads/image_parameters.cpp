// harness/workloads/image_parameters.cpp: which images the workloads of images work on.
#include "harness/workloads/image_parameters.h"

#include <iterator>

#include "harness/parameters/values.h"

namespace harness {
namespace {

constexpr ImageSize kCurve[] = {{320, 240}, {1280, 720}, {3840, 2160}, {8192, 8192}};

constexpr const char* kImage = "--image";
constexpr const char* kSize = "--size";
constexpr const char* kSizes = "--sizes";
constexpr const char* kStreamingAbove = "--streaming-above";

}  // namespace

std::vector<Parameter> image_parameters() {
  return {{.flag = kImage, .value = "FILE", .help = "Image for grayscale, in any format that OpenCV reads"},
          {.flag = kSize,
           .value = "WxH",
           .help = "Make an image instead: colour gradients with noise, always the same (default 1280x720).\n"
                   "Several times: each size in turn, which the rows' names then tell",
           .default_text = "1280x720",
           .check = [](const std::string& flag, const std::string& text) { parse_size(flag, text); },
           .repeats = true,
           .excludes = {kImage}},
          {.flag = kSizes,
           .value = "curve",
           .help = "The sizes 320x240, 1280x720, 3840x2160 and 8192x8192, from cache to memory",
           .choices = {"curve"},
           .excludes = {kImage, kSize}}};
}

ImageChoice image_choice(const ParameterValues& values) {
  ImageChoice choice{.file = values.text(kImage), .sizes = {}};
  if (!choice.file.empty()) {
    choice.sizes.resize(1);
  } else if (!values.text(kSizes).empty()) {
    choice.sizes = {std::begin(kCurve), std::end(kCurve)};
  } else {
    choice.sizes = parse_sizes(kSize, values.texts(kSize));
  }
  return choice;
}

Parameter streaming_parameter() {
  return {.flag = kStreamingAbove,
          .value = "BYTES",
          .help =
              "Images larger than this, colour and gray together, are written past the caches by simd and\n"
              "openmp_simd (default: the last-level cache; in a virtual machine, which shares it, the cores' "
              "own)",
          .range = IntegerRange{0, 4 * kMaxSide * kMaxSide}};
}

std::optional<std::int64_t> streaming_above_bytes(const ParameterValues& values) {
  return values.integer(kStreamingAbove);
}

}  // namespace harness
