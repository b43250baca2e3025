// kernels/kernels_bench.cpp: the grayscale kernels against cv::cvtColor and the memory's ceilings.
//
// One row is one image size and thread count. In each of its iterations every kernel runs for a while, in
// turn, so that whatever else the machine does hits all alike; a kernel's figure is its best call. So the
// ratios, which are what is compared, are of one run. beside_another_core shows what another core's cache
// does, and from_memory shows what an image costs of which no cache holds anything.
#include <benchmark/benchmark.h>
#include <sched.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <thread>
#include <vector>

#include "kernels/cache_flush.h"
#include "kernels/grayscale.h"
#include "kernels/memory.h"

namespace kernels {
namespace {

using Clock = std::chrono::steady_clock;

struct Candidate {
  std::string name;
  GrayscaleKernelWithStores run;
  Stores stores;
  double best_s = std::numeric_limits<double>::infinity();
};

template <GrayscaleKernel kKernel>
void ignoring_stores(const BgrView& source, const GrayView& gray, int threads, Stores /*stores*/) {
  kKernel(source, gray, threads);
}

std::vector<Candidate> candidates() {
  constexpr Stores kOrdinary = Stores::ordinary;
  constexpr Stores kStreaming = Stores::streaming;
  return {{"native", ignoring_stores<grayscale_native>, kOrdinary},
          {"openmp", ignoring_stores<grayscale_openmp>, kOrdinary},
          {"opencv", ignoring_stores<grayscale_opencv>, kOrdinary},
          {"simd", ignoring_stores<grayscale_simd>, kOrdinary},
          {"simd_ordinary", grayscale_simd_with, kOrdinary},
          {"simd_streaming", grayscale_simd_with, kStreaming},
          {"openmp_simd", ignoring_stores<grayscale_openmp_simd>, kOrdinary},
          {"openmp_simd_ordinary", grayscale_openmp_simd_with, kOrdinary},
          {"openmp_simd_streaming", grayscale_openmp_simd_with, kStreaming},
          {"read3_write1_ordinary", memory_read3_write1, kOrdinary},
          {"read3_write1_streaming", memory_read3_write1, kStreaming}};
}

/// Calls the candidate for `turn`, eight times at least, and keeps its best time: the first calls find the
/// second core asleep.
void take_turn(Candidate& candidate, const BgrView& source, const GrayView& gray, int threads,
               std::chrono::milliseconds turn) {
  const Clock::time_point end = Clock::now() + turn;
  for (int call = 0; call < 8 || Clock::now() < end; ++call) {
    const Clock::time_point start = Clock::now();
    candidate.run(source, gray, threads, candidate.stores);
    const std::chrono::duration<double> taken = Clock::now() - start;
    candidate.best_s = std::min(candidate.best_s, taken.count());
  }
}

struct Free {
  void operator()(std::uint8_t* memory) const { std::free(memory); }
};
using Pixels = std::unique_ptr<std::uint8_t[], Free>;

/// `bytes` bytes, each written, in huge pages where the system has them: with small ones the figures past the
/// caches are as much of the address translation as of the memory.
Pixels allocate(std::int64_t bytes) {
  constexpr std::int64_t kHugePage = 2 << 20;
  const auto whole_pages = static_cast<std::size_t>((bytes + kHugePage - 1) / kHugePage * kHugePage);
  Pixels pixels(static_cast<std::uint8_t*>(std::aligned_alloc(kHugePage, whole_pages)));
  madvise(pixels.get(), whole_pages, MADV_HUGEPAGE);  // a wish: what it answers does not matter
  for (std::int64_t byte = 0; byte < bytes; ++byte) {
    pixels[static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(byte * 31 + byte / 977);
  }
  return pixels;
}

void grayscale(benchmark::State& state) {
  const std::int64_t width = state.range(0);
  const std::int64_t height = state.range(1);
  const auto threads = static_cast<int>(state.range(2));
  const Pixels source_pixels = allocate(3 * width * height);
  const Pixels gray_pixels = allocate(width * height);
  const BgrView source{source_pixels.get(), width, height, 3 * width};
  const GrayView gray{gray_pixels.get(), width, height, width};

  std::vector<Candidate> tried = candidates();
  for (auto _ : state) {
    for (Candidate& candidate : tried)
      take_turn(candidate, source, gray, threads, std::chrono::milliseconds(20));
  }
  const auto best_s = [&tried](const std::string& name) {
    return std::ranges::find(tried, name, &Candidate::name)->best_s;
  };
  for (const Candidate& candidate : tried) {
    state.counters[candidate.name + "_Mpx/s"] = static_cast<double>(width * height) / candidate.best_s / 1e6;
  }
  const double ceiling_s = std::min(best_s("read3_write1_ordinary"), best_s("read3_write1_streaming"));
  state.counters["simd_over_opencv"] = best_s("opencv") / best_s("simd");
  state.counters["openmp_simd_over_opencv"] = best_s("opencv") / best_s("openmp_simd");
  state.counters["openmp_simd_of_ceiling"] = ceiling_s / best_s("openmp_simd");
  state.counters["openmp_over_native"] = best_s("native") / best_s("openmp");
}

/// Runs `body` on a thread of its own that stays on the `number`-th of the CPUs allowed to this process.
template <typename Body>
void on_core(int number, Body body) {
  std::jthread([&] {
    cpu_set_t allowed, one;
    CPU_ZERO(&allowed);
    CPU_ZERO(&one);
    sched_getaffinity(0, sizeof allowed, &allowed);
    for (int cpu = 0, seen = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &allowed) && seen++ == number) CPU_SET(cpu, &one);
    }
    sched_setaffinity(0, sizeof one, &one);
    body();
  }).join();
}

/// How fast one core converts an image that fits no core's own cache, by what another core's cache holds:
/// nothing of it, or the half that the other core has just read and its gray pixels. Where the first two CPUs
/// share a core (SMT) they share its cache, and this shows nothing.
void beside_another_core(benchmark::State& state) {
  if (cv::getNumberOfCPUs() < 2) return state.SkipWithError("it needs two cores");
  constexpr std::int64_t kWidth = 1280;
  constexpr std::int64_t kHeight = 720;
  const Pixels source_pixels = allocate(3 * kWidth * kHeight);
  const Pixels gray_pixels = allocate(kWidth * kHeight);
  const BgrView source{source_pixels.get(), kWidth, kHeight, 3 * kWidth};
  const BgrView half{source_pixels.get(), kWidth, kHeight / 2, 3 * kWidth};
  const GrayView gray{gray_pixels.get(), kWidth, kHeight, kWidth};
  const GrayView half_gray{gray_pixels.get(), kWidth, kHeight / 2, kWidth};
  const auto turn = [&](Candidate& candidate, bool read_elsewhere) {
    flush_from_caches({source_pixels.get(), 3 * kWidth * kHeight});
    flush_from_caches({gray_pixels.get(), kWidth * kHeight});
    if (read_elsewhere) on_core(1, [&] { memory_read3_write1(half, half_gray, 1, Stores::ordinary); });
    on_core(0, [&] { take_turn(candidate, source, gray, 1, std::chrono::milliseconds(20)); });
  };
  Candidate flushed{"flushed", grayscale_simd_with, Stores::ordinary};
  Candidate half_elsewhere{"half_elsewhere", grayscale_simd_with, Stores::ordinary};
  for (auto _ : state) {
    turn(flushed, false);
    turn(half_elsewhere, true);
  }
  for (const Candidate& candidate : {flushed, half_elsewhere}) {
    state.counters[candidate.name + "_Mpx/s"] =
        static_cast<double>(kWidth * kHeight) / candidate.best_s / 1e6;
  }
  state.counters["half_elsewhere_over_flushed"] = flushed.best_s / half_elsewhere.best_s;
}

/// An image as large as `width` times `width`, in memory and not in any cache each time that it is converted.
class ColdImage {
 public:
  explicit ColdImage(std::int64_t width)
      : width_(width), source_(allocate(3 * width * width)), gray_(allocate(width * width)) {}

  /// Takes it out of the caches, converts it by openmp_simd and keeps the best time.
  void convert(int threads) {
    flush_from_caches({source_.get(), static_cast<std::size_t>(3 * width_ * width_)});
    flush_from_caches({gray_.get(), static_cast<std::size_t>(width_ * width_)});
    const Clock::time_point start = Clock::now();
    grayscale_openmp_simd_with({source_.get(), width_, width_, 3 * width_},
                               {gray_.get(), width_, width_, width_}, threads, Stores::streaming);
    const std::chrono::duration<double> taken = Clock::now() - start;
    best_s_ = std::min(best_s_, taken.count());
  }

  double best_pixel_ns() const { return best_s_ * 1e9 / static_cast<double>(width_ * width_); }

 private:
  std::int64_t width_;
  Pixels source_;
  Pixels gray_;
  double best_s_ = std::numeric_limits<double>::infinity();
};

/// What a pixel of two sizes, one four times the other, costs from memory. It costs the same where nothing
/// but memory bounds both.
void from_memory(benchmark::State& state) {
  const auto threads = static_cast<int>(state.range(0));
  ColdImage large(8192);
  ColdImage larger(16384);
  for (auto _ : state) {
    large.convert(threads);
    larger.convert(threads);
  }
  state.counters["8192_ns/px"] = large.best_pixel_ns();
  state.counters["16384_ns/px"] = larger.best_pixel_ns();
  state.counters["16384_over_8192"] = larger.best_pixel_ns() / large.best_pixel_ns();
}

void curve(benchmark::internal::Benchmark* rows) {
  rows->ArgNames({"width", "height", "threads"})->Unit(benchmark::kMillisecond)->Iterations(20);
  for (const std::vector<std::int64_t>& size :
       {std::vector<std::int64_t>{320, 240}, {1280, 720}, {3840, 2160}, {8192, 8192}}) {
    for (const int threads : {1, cv::getNumberOfCPUs()}) rows->Args({size[0], size[1], threads});
  }
}

BENCHMARK(grayscale)->Apply(curve);
BENCHMARK(beside_another_core)->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK(from_memory)->ArgName("threads")->Arg(1)->Arg(cv::getNumberOfCPUs())->Iterations(20);

}  // namespace
}  // namespace kernels

BENCHMARK_MAIN();
