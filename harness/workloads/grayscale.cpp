// harness/workloads/grayscale.cpp: Demo 3 of the talk: a colour image to gray.
#include "kernels/grayscale.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "harness/workloads/workload.h"

namespace harness {
namespace {

using Function = kernels::GrayscaleKernelWithStores;

/// A kernel that leaves its stores to the compiler or to a library.
template <kernels::GrayscaleKernel kKernel>
void with_its_own_stores(const kernels::BgrView& source, const kernels::GrayView& gray, int threads,
                         kernels::Stores /*stores*/) {
  kKernel(source, gray, threads);
}

constexpr std::array kKernels{
    Kernel<Function>{{"native", false}, with_its_own_stores<kernels::grayscale_native>},
    Kernel<Function>{{"openmp", true}, with_its_own_stores<kernels::grayscale_openmp>},
    Kernel<Function>{{"simd", false}, kernels::grayscale_simd_with},
    Kernel<Function>{{"openmp_simd", true}, kernels::grayscale_openmp_simd_with},
    Kernel<Function>{{"opencv", true}, with_its_own_stores<kernels::grayscale_opencv>},
};

constexpr std::size_t kUsers = kKernels.size();  // the user's own comes after them

std::vector<KernelInfo> kernel_infos() {
  std::vector<KernelInfo> infos = infos_of(kKernels);
  infos.push_back({.name = "mine", .parallel = true, .from_user = true});
  return infos;
}

struct Pictures {
  std::shared_ptr<const Image> source;
  std::optional<std::int64_t> streaming_above_bytes;  ///< absent: as the machine and the threads have it
  std::shared_ptr<UserKernel> user_kernel;
  std::shared_ptr<PixelBytes> gray;
  std::vector<std::uint8_t> reference;
};

/// The formula of kernels/grayscale.h once more, pixel by pixel, so that no kernel is its own judge.
std::vector<std::uint8_t> reference_of(const Image& image) {
  std::vector<std::uint8_t> gray(static_cast<std::size_t>(image.size.pixels()));
  for (std::size_t pixel = 0; pixel < gray.size(); ++pixel) {
    const std::uint8_t* const bgr = &image.bgr[3 * pixel];
    gray[pixel] = static_cast<std::uint8_t>((bgr[0] * 3735 + bgr[1] * 19235 + bgr[2] * 9798 + 16384) >> 15);
  }
  return gray;
}

/// The pixels [begin, end) of the image: whole rows as an image of that many rows, others as one row.
void run_kernel(std::size_t kernel, Pictures& pictures, Slice slice, int threads) {
  const std::int64_t width = pictures.source->size.width;
  const std::int64_t pixels = slice.end - slice.begin;
  const bool rows = slice.begin % width == 0 && pixels % width == 0;
  const std::int64_t row = rows ? width : pixels;
  const std::int64_t height = rows ? pixels / width : 1;
  const kernels::BgrView source{pictures.source->bgr.data() + 3 * slice.begin, row, height, 3 * row};
  const kernels::GrayView gray{pictures.gray->data() + slice.begin, row, height, row};
  if (kernel == kUsers) return pictures.user_kernel->run(source, gray, threads);
  const std::int64_t streaming_above =
      pictures.streaming_above_bytes.value_or(kernels::streaming_threshold_bytes(threads));
  kKernels.at(kernel).run(source, gray, threads,
                          kernels::stores_for(pictures.source->view(), streaming_above));
}

std::string mismatch(const Pictures& pictures, std::int64_t pixels) {
  const std::span gray(pictures.gray->data(), static_cast<std::size_t>(pixels));
  const std::span reference(pictures.reference.data(), gray.size());
  const auto [wrong, right] = std::ranges::mismatch(gray, reference);
  if (wrong == gray.end()) return "";
  const auto first = wrong - gray.begin();
  std::size_t differing = 0;
  for (std::size_t i = 0; i < gray.size(); ++i) differing += gray[i] != reference[i] ? 1U : 0U;
  const std::int64_t width = pictures.source->size.width;
  return std::to_string(differing) + " of " + std::to_string(pixels) + " pixels are wrong; the first, x " +
         std::to_string(first % width) + " y " + std::to_string(first / width) + ", is " +
         std::to_string(*wrong) + ", not " + std::to_string(*right);
}

/// As many whole rows as make at most `pixels`, but one at least.
std::int64_t whole_rows(ImageSize size, std::int64_t pixels) {
  return std::clamp(pixels / size.width, std::int64_t{1}, size.height) * size.width;
}

Job make_job(const WorkloadOptions& options) {
  const auto pictures = std::make_shared<Pictures>();
  pictures->source = options.image;
  pictures->user_kernel = options.user_kernel;
  pictures->streaming_above_bytes = options.streaming_above_bytes;
  pictures->reference = reference_of(*options.image);
  pictures->gray = options.gray;
  // Python gets the source read-only, so its const is honoured.
  auto* const source = const_cast<std::uint8_t*>(options.image->bgr.data());
  return {.items = options.image->size.pixels(),
          .script_items = whole_rows(options.image->size, options.python_pixels),
          .returns = embed::Returns::nothing,
          .buffers = {{source, 3 * options.image->size.pixels(), false},
                      {pictures->gray->data(), options.image->size.pixels(), true}},
          .traffic = {pictures->source->bgr, *pictures->gray},
          .run_kernel = [pictures](std::size_t kernel, Slice slice, int threads) -> embed::Integer {
            run_kernel(kernel, *pictures, slice, threads);
            return 0;
          },
          // A pattern that is wrong at every pixel, whatever the picture.
          .clear =
              [pictures] {
                std::ranges::transform(pictures->reference, pictures->gray->begin(),
                                       [](std::uint8_t level) -> std::uint8_t { return level ^ 0xff; });
              },
          .mismatch = [pictures](embed::Integer, std::int64_t pixels) { return mismatch(*pictures, pixels); },
          .picture = [pictures]() -> std::span<const std::uint8_t> { return *pictures->gray; },
          .picture_width = options.image->size.width};
}

}  // namespace

const Workload kGrayscale{
    .name = "grayscale",
    .item_unit = "pixels",
    .has_script = true,
    .of_image = true,
    .bytes_of_item = kernels::kBytesOfPixel,
    .scripts = {{.name = "python_numpy_style",
                 .file = "grayscale_numpy_style.py",
                 .module = "numpy",
                 .native = false,
                 .part = 16},
                {.name = "cython", .file = "grayscale_cython.pyx", .module = "", .native = true}},
    .kernels = kernel_infos(),
    .make_job = make_job};

}  // namespace harness
