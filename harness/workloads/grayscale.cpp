// harness/workloads/grayscale.cpp: Demo 3 of the talk: a colour image to gray.
#include "kernels/grayscale.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include "harness/parameters/values.h"
#include "harness/strategies/device.h"
#include "harness/strategies/kernel.h"
#include "harness/strategies/script.h"
#include "harness/strategies/ways.h"
#include "harness/workloads/cuda.h"
#include "harness/workloads/image_parameters.h"
#include "harness/workloads/opencl.h"
#include "harness/workloads/user_kernel.h"
#include "harness/workloads/workload.h"

namespace harness {
namespace {

constexpr const char* kPythonPixels = "--python-pixels";
constexpr const char* kKernel = "--kernel";

/// The image, what its gray pixels are, and where they go.
struct GrayscaleJob {
  std::shared_ptr<const Image> source;
  std::optional<std::int64_t> streaming_above_bytes;  ///< absent: as the machine and the threads have it
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

/// A kernel on the pixels [begin, end) of the image: whole rows as an image of that many rows, others as one
/// row.
using ViewKernel =
    std::function<void(const GrayscaleJob&, const kernels::BgrView&, const kernels::GrayView&, int)>;

KernelFunction on_slice(ViewKernel run) {
  return on_data<const GrayscaleJob>(
      [run = std::move(run)](const GrayscaleJob& job, Slice slice, int threads) -> embed::Integer {
        const std::int64_t width = job.source->size.width;
        const std::int64_t pixels = slice.end - slice.begin;
        const bool rows = slice.begin % width == 0 && pixels % width == 0;
        const std::int64_t row = rows ? width : pixels;
        const std::int64_t height = rows ? pixels / width : 1;
        run(job, {job.source->bgr.data() + 3 * slice.begin, row, height, 3 * row},
            {job.gray->data() + slice.begin, row, height, row}, threads);
        return 0;
      });
}

/// A kernel that leaves its stores to the compiler or to a library.
KernelFunction plain(kernels::GrayscaleKernel convert) {
  return on_slice([convert](const GrayscaleJob&, const kernels::BgrView& source,
                            const kernels::GrayView& gray, int threads) { convert(source, gray, threads); });
}

/// A kernel that is told how to store.
KernelFunction storing(kernels::GrayscaleKernelWithStores convert) {
  return on_slice([convert](const GrayscaleJob& job, const kernels::BgrView& source,
                            const kernels::GrayView& gray, int threads) {
    const std::int64_t streaming_above =
        job.streaming_above_bytes.value_or(kernels::streaming_threshold_bytes(threads));
    convert(source, gray, threads, kernels::stores_for(job.source->view(), streaming_above));
  });
}

/// The user's own, loaded when it is first called.
KernelFunction users(const std::string& file) {
  return on_slice([kernel = std::make_shared<UserKernel>(file)](
                      const GrayscaleJob&, const kernels::BgrView& source, const kernels::GrayView& gray,
                      int threads) { kernel->run(source, gray, threads); });
}

/// The job's gray pixels, all of them.
kernels::GrayView gray_of(const GrayscaleJob& job) {
  const ImageSize size = job.source->size;
  return {job.gray->data(), size.width, size.height, size.width};
}

/// The whole image on CUDA's first device. The bus bounds what goes there and back, and no row shows what it
/// allows.
Strategy cuda(Transfer transfer) {
  return device_kernel({.name = "cuda",
                        .summary = "a kernel of this program's on an NVIDIA GPU (grayscale only)",
                        .transfer = transfer,
                        .memory = transfer == Transfer::none ? Memory::bound : Memory::none,
                        .memory_of = MemoryOf::cuda_device},
                       [](const Stage& stage, Transfer chosen) {
                         const auto& job = *static_cast<const GrayscaleJob*>(stage.job.data.get());
                         return cuda_kernel(stage.cuda_module, HARNESS_CUDA_GRAYSCALE, job.source->view(),
                                            gray_of(job), chosen);
                       });
}

/// The whole image on the OpenCL device that OpenCV takes.
Strategy opencv_opencl(Transfer transfer) {
  return device_kernel({.name = "opencv_opencl",
                        .summary = "cv::cvtColor on the OpenCL device that OpenCV takes (grayscale only)",
                        .transfer = transfer},
                       [](const Stage& stage, Transfer chosen) {
                         const auto& job = *static_cast<const GrayscaleJob*>(stage.job.data.get());
                         return opencl_grayscale(job.source->view(), gray_of(job), chosen);
                       });
}

std::vector<Strategy> grayscale_strategies(const ParameterValues& values) {
  constexpr Memory kBound = Memory::bound;
  const std::string users_file = values.text(kKernel);
  return baseline_ways_and(
      {native_gil_held(kBound, plain(kernels::grayscale_native)),
       script({.name = "python_numpy_style",
               .summary = "a numpy array indexed pixel by pixel, and its scalars (grayscale only)",
               .file = "grayscale_numpy_style.py",
               .module = "numpy",
               .part = 16}),
       native_script({.name = "cython",
                      .summary = "Cython's prange over the plain formula (grayscale only)",
                      .file = "grayscale_cython.pyx",
                      .memory = kBound}),
       kernel({.name = "native",
               .summary = "native code after Py_BEGIN_ALLOW_THREADS, serial",
               .memory = kBound},
              plain(kernels::grayscale_native)),
       kernel({.name = "openmp",
               .summary = "the same with OpenMP's threads",
               .pool = Pool::openmp,
               .memory = kBound},
              plain(kernels::grayscale_openmp)),
       kernel({.name = "simd",
               .summary = "vectors of the best instruction set there is (grayscale only)",
               .memory = kBound},
              storing(kernels::grayscale_simd_with)),
       kernel({.name = "openmp_simd",
               .summary = "the same with OpenMP's threads (grayscale only)",
               .pool = Pool::openmp,
               .memory = kBound},
              storing(kernels::grayscale_openmp_simd_with)),
       kernel({.name = "opencv",
               .summary = "cv::cvtColor with OpenCV's threads (grayscale only)",
               .pool = Pool::opencv,
               .memory = kBound},
              plain(kernels::grayscale_opencv)),
       opencv_opencl(Transfer::both), opencv_opencl(Transfer::none), cuda(Transfer::both),
       cuda(Transfer::none),
       kernel({.name = "mine",
               .summary = "--kernel's (grayscale only)",
               .pool = Pool::users,
               .memory = kBound,
               .planned = !users_file.empty(),
               .library = users_file},
              users(users_file))});
}

std::string mismatch(const GrayscaleJob& job, std::int64_t pixels) {
  const std::span gray(job.gray->data(), static_cast<std::size_t>(pixels));
  const std::span reference(job.reference.data(), gray.size());
  const auto [wrong, right] = std::ranges::mismatch(gray, reference);
  if (wrong == gray.end()) return "";
  const auto first = wrong - gray.begin();
  std::size_t differing = 0;
  for (std::size_t i = 0; i < gray.size(); ++i) differing += gray[i] != reference[i] ? 1U : 0U;
  const std::int64_t width = job.source->size.width;
  return std::to_string(differing) + " of " + std::to_string(pixels) + " pixels are wrong; the first, x " +
         std::to_string(first % width) + " y " + std::to_string(first / width) + ", is " +
         std::to_string(*wrong) + ", not " + std::to_string(*right);
}

/// As many whole rows as make at most `pixels`, but one at least.
std::int64_t whole_rows(ImageSize size, std::int64_t pixels) {
  return std::clamp(pixels / size.width, std::int64_t{1}, size.height) * size.width;
}

Job grayscale_job(const JobInputs& inputs) {
  const auto job = std::make_shared<GrayscaleJob>();
  job->source = inputs.image;
  job->streaming_above_bytes = streaming_above_bytes(inputs.values);
  job->gray = inputs.gray;
  job->reference = reference_of(*inputs.image);
  const ImageSize size = inputs.image->size;
  // Python gets the source read-only, so its const is honoured.
  auto* const source = const_cast<std::uint8_t*>(inputs.image->bgr.data());
  return {.items = size.pixels(),
          .script_items = whole_rows(size, *inputs.values.integer(kPythonPixels)),
          .returns = embed::Returns::nothing,
          .buffers = {{source, 3 * size.pixels(), false}, {job->gray->data(), size.pixels(), true}},
          .traffic = {job->source->bgr, *job->gray},
          .data = job,
          // A pattern that is wrong at every pixel, whatever the picture.
          .clear =
              [job] {
                std::ranges::transform(job->reference, job->gray->begin(),
                                       [](std::uint8_t level) -> std::uint8_t { return level ^ 0xff; });
              },
          .mismatch = [job](embed::Integer, std::int64_t pixels) { return mismatch(*job, pixels); },
          .picture = [job]() -> std::span<const std::uint8_t> { return *job->gray; },
          .picture_width = size.width};
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> parameters = image_parameters();
  parameters.push_back(
      {.flag = kPythonPixels,
       .value = "N",
       .help = "How much of a larger image Python rows convert, in whole rows of it: what rows are compared\n"
               "by is pixels a second (default 1048576)",
       .default_text = "1048576",
       .range = IntegerRange{1, kMaxSide * kMaxSide},
       .context_key = "python_pixels",
       .words = "pixels of Python rows"});
  parameters.push_back(streaming_parameter());
  parameters.push_back({.flag = kKernel,
                        .value = "FILE",
                        .help = "Your own native kernel of grayscale, as strategy mine: a shared library, as "
                                "harness_kernel.h has it"});
  return parameters;
}

}  // namespace

Workload grayscale() {
  return {.name = "grayscale",
          .script = "grayscale.py",
          .item_unit = "pixels",
          .of_image = true,
          .bytes_of_item = kernels::kBytesOfPixel,
          .parameters = parameters(),
          .strategies = grayscale_strategies,
          .make_job = grayscale_job};
}

}  // namespace harness
