// kernels/fake_cuda.cpp: what stands in the place of harness_cuda.so in tests: the same threads, on the CPU.
//
// FAKE_CUDA in the environment says what is wrong with it: no_driver, old_driver, no_device, open, run, or
// nothing, where run() writes nothing.
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "kernels/cuda_pixels.h"
#include "kernels/harness_cuda.h"

namespace kernels::cuda {
namespace {

/// Memory of the device's own: what was not copied there is not there.
struct FakeJob {
  std::int32_t kernel;
  bool from_host;
  const std::uint8_t* host_bgr;
  std::uint8_t* host_gray;
  std::vector<std::uint8_t> bgr;
  std::vector<std::uint8_t> gray;
};

struct HostMemory {
  static Bytes16 load(const std::uint8_t* from) {
    Bytes16 bytes;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
  }
  static void store(std::uint8_t* to, const Bytes16& bytes) { std::memcpy(to, &bytes, sizeof bytes); }
};

bool is(const char* what) {
  const char* const wrong = std::getenv("FAKE_CUDA");
  return wrong != nullptr && std::string(wrong) == what;
}

FakeJob* job_of(harness_cuda_job* job) {
  return reinterpret_cast<FakeJob*>(job);
}

std::int32_t state() {
  if (is("no_driver")) return HARNESS_CUDA_NO_DRIVER;
  if (is("old_driver")) return HARNESS_CUDA_OLD_DRIVER;
  if (is("no_device")) return HARNESS_CUDA_NO_DEVICE;
  return HARNESS_CUDA_READY;
}

const char* open(harness_cuda_job** job, std::int32_t kernel, std::int32_t transfer, const std::uint8_t* bgr,
                 std::uint8_t* gray, std::int64_t pixels) {
  *job = nullptr;
  if (is("open")) return "cudaMalloc: out of memory (cudaErrorMemoryAllocation)";
  const auto count = static_cast<std::size_t>(pixels);
  *job = reinterpret_cast<harness_cuda_job*>(new FakeJob{kernel, transfer == HARNESS_CUDA_TRANSFER_BOTH, bgr,
                                                         gray, std::vector<std::uint8_t>(3 * count),
                                                         std::vector<std::uint8_t>(count)});
  return nullptr;
}

void copy_source(FakeJob& job) {
  std::memcpy(job.bgr.data(), job.host_bgr, job.bgr.size());
}

void copy_gray_back(const FakeJob& job) {
  std::memcpy(job.host_gray, job.gray.data(), job.gray.size());
}

const char* upload(harness_cuda_job* handle) {
  FakeJob& job = *job_of(handle);
  if (!job.from_host) copy_source(job);
  std::memcpy(job.gray.data(), job.host_gray, job.gray.size());
  return nullptr;
}

template <typename Kernel>
void run_threads(FakeJob& job) {
  const auto pixels = static_cast<std::int64_t>(job.gray.size());
  for (std::int64_t thread = 0; thread < threads_for(pixels); ++thread) {
    run_thread<Kernel, HostMemory>(thread, pixels, job.bgr.data(), job.gray.data());
  }
}

const char* run(harness_cuda_job* handle) {
  FakeJob& job = *job_of(handle);
  if (is("run")) return "the kernel: an illegal memory access was encountered (cudaErrorIllegalAddress)";
  if (job.from_host) copy_source(job);
  if (!is("nothing")) {
    job.kernel == HARNESS_CUDA_GRAYSCALE ? run_threads<Grayscale>(job) : run_threads<Read3Write1>(job);
  }
  if (job.from_host) copy_gray_back(job);
  return nullptr;
}

const char* download(harness_cuda_job* handle) {
  if (!job_of(handle)->from_host) copy_gray_back(*job_of(handle));
  return nullptr;
}

const char* device(const harness_cuda_job* job) {
  const bool from_host = reinterpret_cast<const FakeJob*>(job)->from_host;
  return from_host ? "a device of the tests, there and back" : "a device of the tests, where it stays";
}

void close(harness_cuda_job* job) {
  delete job_of(job);
}

}  // namespace
}  // namespace kernels::cuda

#ifndef FAKE_CUDA_VERSION
#define FAKE_CUDA_VERSION HARNESS_CUDA_VERSION
#endif
const std::int32_t harness_cuda_version = FAKE_CUDA_VERSION;

const harness_cuda_api harness_cuda = {
    kernels::cuda::state,    kernels::cuda::open,   kernels::cuda::upload, kernels::cuda::run,
    kernels::cuda::download, kernels::cuda::device, kernels::cuda::close,
};
