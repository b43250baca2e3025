// harness/workloads/memory.cpp: what the machine's memory allows to grayscale: its ceilings, as rows.
#include "kernels/memory.h"

#include <algorithm>
#include <memory>
#include <span>

#include "harness/strategies/kernel.h"
#include "harness/workloads/image_parameters.h"
#include "harness/workloads/workload.h"

namespace harness {
namespace {

/// The image's pixels, and what the kernels make of them: each moves 4 bytes a pixel, as grayscale does.
struct Traffic {
  std::shared_ptr<const Image> source;
  std::shared_ptr<PixelBytes> gray;  // of read3_write1
  PixelBytes reference;              // what read3_write1 writes on one thread: no image
  PixelBytes copied;                 // of copy, 2 bytes a pixel
  bool copied_last = false;          // copy is what ran last

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
    traffic.copied_last = false;
    return 0;
  });
}

KernelFunction copying() {
  return on_data<Traffic>([](Traffic& traffic, Slice, int threads) -> embed::Integer {
    kernels::memory_copy(traffic.source->bgr.data(), traffic.copied.data(),
                         static_cast<std::int64_t>(traffic.copied.size()), threads);
    traffic.copied_last = true;
    return 0;
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
                 copying())};
}

std::string mismatch(const Traffic& traffic) {
  if (traffic.copied_last) {
    const bool same =
        std::ranges::equal(traffic.copied, std::span(traffic.source->bgr).first(traffic.copied.size()));
    return same ? "" : "did not copy every byte";
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
          // Wrong at every byte, whatever the image.
          .clear =
              [traffic] {
                const auto other = [](std::uint8_t byte) -> std::uint8_t { return byte ^ 0xff; };
                std::ranges::transform(traffic->reference, traffic->gray->begin(), other);
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
