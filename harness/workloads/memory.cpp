// harness/workloads/memory.cpp: what the machine's memory allows to grayscale: its ceilings, as rows.
#include "kernels/memory.h"

#include <algorithm>
#include <array>

#include "harness/workloads/workload.h"

namespace harness {
namespace {

/// The image's pixels, and what the kernels make of them: each moves 4 bytes a pixel, as grayscale does.
struct Traffic {
  std::shared_ptr<const Image> source;
  std::shared_ptr<PixelBytes> gray;  // of read3_write1
  PixelBytes reference;              // what read3_write1 writes on one thread: no image
  PixelBytes copied;                 // of copy, 2 bytes a pixel

  std::int64_t pixels() const { return source->size.pixels(); }
};

void read3_write1(const Traffic& traffic, PixelBytes& gray, int threads, kernels::Stores stores) {
  const ImageSize size = traffic.source->size;
  kernels::memory_read3_write1(traffic.source->view(), {gray.data(), size.width, size.height, size.width},
                               threads, stores);
}

using Function = void (*)(Traffic&, int threads);

template <kernels::Stores kStores>
void read3_write1_with(Traffic& traffic, int threads) {
  read3_write1(traffic, *traffic.gray, threads, kStores);
}

void copy(Traffic& traffic, int threads) {
  kernels::memory_copy(traffic.source->bgr.data(), traffic.copied.data(),
                       static_cast<std::int64_t>(traffic.copied.size()), threads);
}

constexpr std::array kKernels{
    Kernel<Function>{{"read3_write1", true, "stores:ordinary"}, read3_write1_with<kernels::Stores::ordinary>},
    Kernel<Function>{{"read3_write1", true, "stores:streaming"},
                     read3_write1_with<kernels::Stores::streaming>},
    Kernel<Function>{{"copy", true}, copy},
};
constexpr std::size_t kCopy = 2;

std::string mismatch(const Traffic& traffic, std::size_t kernel) {
  if (kernel == kCopy) {
    const bool same =
        std::ranges::equal(traffic.copied, std::span(traffic.source->bgr).first(traffic.copied.size()));
    return same ? "" : "did not copy every byte";
  }
  return *traffic.gray == traffic.reference ? "" : "wrote something else than it writes on one thread";
}

Job make_job(const WorkloadOptions& options) {
  const auto traffic = std::make_shared<Traffic>();
  traffic->source = options.image;
  const auto pixels = static_cast<std::size_t>(traffic->pixels());
  traffic->gray = options.gray;
  traffic->reference.resize(pixels);
  traffic->copied.resize(2 * pixels);
  read3_write1(*traffic, traffic->reference, 1, kernels::Stores::ordinary);
  const auto latest = std::make_shared<std::size_t>(0);  // the kernel that ran last
  return {.items = traffic->pixels(),
          .script_items = 0,
          .returns = embed::Returns::nothing,
          .buffers = {},
          .traffic = {traffic->source->bgr, *traffic->gray, traffic->copied},
          .run_kernel = [traffic, latest](std::size_t kernel, Slice, int threads) -> embed::Integer {
            kKernels.at(kernel).run(*traffic, threads);
            *latest = kernel;
            return 0;
          },
          // Wrong at every byte, whatever the image.
          .clear =
              [traffic] {
                const auto other = [](std::uint8_t byte) -> std::uint8_t { return byte ^ 0xff; };
                std::ranges::transform(traffic->reference, traffic->gray->begin(), other);
                std::ranges::transform(std::span(traffic->source->bgr).first(traffic->copied.size()),
                                       traffic->copied.begin(), other);
              },
          .mismatch = [traffic, latest](embed::Integer, std::int64_t) { return mismatch(*traffic, *latest); },
          .picture = {},
          .picture_width = 0};
}

}  // namespace

const Workload kMemory{.name = "memory",
                       .item_unit = "pixels",
                       .has_script = false,
                       .of_image = true,
                       .bytes_of_item = kernels::kBytesOfPixel,
                       .scripts = {},
                       .kernels = infos_of(kKernels),
                       .make_job = make_job};

}  // namespace harness
