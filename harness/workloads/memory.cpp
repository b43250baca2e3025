// harness/workloads/memory.cpp: what the machine's memory allows to grayscale: its ceilings, as rows.
#include "kernels/memory.h"

#include <algorithm>
#include <memory>
#include <span>

#include "harness/strategies/device.h"
#include "harness/strategies/kernel.h"
#include "harness/workloads/cuda.h"
#include "harness/workloads/image_parameters.h"
#include "harness/workloads/workload.h"

namespace harness {
namespace {

enum class Ran { read3_write1, copy, cuda_read3_write1 };

/// The image's pixels, and what the kernels make of them: each moves 4 bytes a pixel, as grayscale does.
struct Traffic {
  std::shared_ptr<const Image> source;
  std::shared_ptr<PixelBytes> gray;  // of read3_write1, on the host and on a device
  PixelBytes reference;              // what read3_write1 writes on one thread: no image
  PixelBytes copied;                 // of copy, 2 bytes a pixel
  Ran last = Ran::read3_write1;

  std::int64_t pixels() const { return source->size.pixels(); }
};

void read3_write1(const Traffic& traffic, PixelBytes& gray, int threads, kernels::Stores stores) {
  const ImageSize size = traffic.source->size;
  kernels::memory_read3_write1(traffic.source->view(), {gray.data(), size.width, size.height, size.width},
                               threads, stores);
}

KernelFunction reading_and_writing(kernels::Stores stores) {
  return on_data<Traffic>([stores](Traffic& traffic, Slice, int threads) -> embed::Integer {
    read3_write1(traffic, *traffic.gray, threads, stores);
    traffic.last = Ran::read3_write1;
    return 0;
  });
}

KernelFunction copying() {
  return on_data<Traffic>([](Traffic& traffic, Slice, int threads) -> embed::Integer {
    kernels::memory_copy(traffic.source->bgr.data(), traffic.copied.data(),
                         static_cast<std::int64_t>(traffic.copied.size()), threads);
    traffic.last = Ran::copy;
    return 0;
  });
}

/// What HARNESS_CUDA_READ3_WRITE1 writes for a pixel, as harness_cuda.h has it.
std::uint8_t cuda_byte(const Image& image, std::size_t pixel) {
  constexpr std::size_t kTogether = 16;
  const std::size_t begin = pixel / kTogether * kTogether;
  const bool together = begin + kTogether <= static_cast<std::size_t>(image.size.pixels());
  const std::uint8_t* const first = &image.bgr[3 * (together ? begin : pixel)];
  const std::size_t step = together ? kTogether : 1;
  const std::size_t i = together ? pixel - begin : 0;
  return first[i] ^ first[step + i] ^ first[2 * step + i];
}

/// The ceiling of what stays on a CUDA device: that of its own memory.
Strategy cuda_read3_write1() {
  return device_kernel(
      {.name = "cuda_read3_write1",
       .summary = "reads 3 bytes and writes 1 a pixel in an NVIDIA GPU's memory (memory only)",
       .memory = Memory::ceiling,
       .memory_of = MemoryOf::cuda_device},
      [](const Stage& stage, Transfer transfer) {
        auto& traffic = *static_cast<Traffic*>(stage.job.data.get());
        const ImageSize size = traffic.source->size;
        traffic.last = Ran::cuda_read3_write1;  // in a process of its own: no other row comes in between
        return cuda_kernel(stage.cuda_module, HARNESS_CUDA_READ3_WRITE1, traffic.source->view(),
                           {traffic.gray->data(), size.width, size.height, size.width}, transfer);
      });
}

std::vector<Strategy> memory_strategies(const ParameterValues& /*values*/) {
  const auto read3_write1 = [](const char* name, kernels::Stores stores) {
    return kernel({.name = "read3_write1",
                   .summary = "reads 3 bytes and writes 1 a pixel, as grayscale does (memory only)",
                   .pool = Pool::openmp,
                   .memory = Memory::ceiling,
                   .variant = {{"stores", name}}},
                  reading_and_writing(stores));
  };
  return {read3_write1("ordinary", kernels::Stores::ordinary),
          read3_write1("streaming", kernels::Stores::streaming),
          kernel({.name = "copy",
                  .summary = "copies 2 bytes a pixel (memory only)",
                  .pool = Pool::openmp,
                  .memory = Memory::limit},
                 copying()),
          cuda_read3_write1()};
}

std::string mismatch(const Traffic& traffic) {
  if (traffic.last == Ran::copy) {
    const bool same =
        std::ranges::equal(traffic.copied, std::span(traffic.source->bgr).first(traffic.copied.size()));
    return same ? "" : "did not copy every byte";
  }
  if (traffic.last == Ran::cuda_read3_write1) {
    for (std::size_t pixel = 0; pixel < traffic.gray->size(); ++pixel) {
      if ((*traffic.gray)[pixel] != cuda_byte(*traffic.source, pixel))
        return "wrote something else than it is to";
    }
    return "";
  }
  return *traffic.gray == traffic.reference ? "" : "wrote something else than it writes on one thread";
}

Job memory_job(const JobInputs& inputs) {
  const auto traffic = std::make_shared<Traffic>();
  traffic->source = inputs.image;
  const auto pixels = static_cast<std::size_t>(traffic->pixels());
  traffic->gray = inputs.gray;
  traffic->reference.resize(pixels);
  traffic->copied.resize(2 * pixels);
  read3_write1(*traffic, traffic->reference, 1, kernels::Stores::ordinary);
  return {.items = traffic->pixels(),
          .traffic = {traffic->source->bgr, *traffic->gray, traffic->copied},
          .data = traffic,
          // Wrong at every byte, whatever the image and the kernel.
          .clear =
              [traffic] {
                const auto other = [](std::uint8_t byte) -> std::uint8_t { return byte ^ 0xff; };
                for (std::size_t pixel = 0; pixel < traffic->gray->size(); ++pixel) {
                  const std::uint8_t byte = other(traffic->reference[pixel]);
                  const bool right_on_cuda = byte == cuda_byte(*traffic->source, pixel);
                  (*traffic->gray)[pixel] = right_on_cuda ? byte ^ 1 : byte;
                }
                std::ranges::transform(std::span(traffic->source->bgr).first(traffic->copied.size()),
                                       traffic->copied.begin(), other);
              },
          .mismatch = [traffic](embed::Integer, std::int64_t) { return mismatch(*traffic); }};
}

}  // namespace

Workload memory() {
  return {.name = "memory",
          .item_unit = "pixels",
          .of_image = true,
          .bytes_of_item = kernels::kBytesOfPixel,
          .parameters = image_parameters(),
          .strategies = memory_strategies,
          .make_job = memory_job};
}

}  // namespace harness
