// kernels/grayscale_cuda.cu: the module harness_cuda.so: grayscale on a CUDA device, and what its memory
// allows.
#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

#include "kernels/cuda_pixels.h"
#include "kernels/harness_cuda.h"

/// What is on the device, and where it comes from and goes to.
struct harness_cuda_job {
  virtual ~harness_cuda_job() = default;
  virtual void upload() = 0;
  virtual void run() = 0;
  virtual void download() = 0;
  std::string device;
};

namespace kernels::cuda {
namespace {

// Four to eight such blocks fill a multiprocessor of any device.
constexpr int kThreadsOfBlock = 256;

// What is on its way while the slice before it is converted: long enough that starting a copy costs nothing
// beside it, short enough that the first and the last, which nothing runs beside, count for little. A
// multiple of 16.
constexpr std::int64_t kPixelsOfSlice = std::int64_t{1} << 21;

// One slice on its way up, one that is converted, one on its way down.
constexpr int kStreams = 3;

/// Throws where the runtime says that `what` failed.
void check(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return;
  throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(error) + " (" +
                           cudaGetErrorName(error) + ")");
}

/// Global memory: source lines are read-only as long as a kernel runs, and aligned as cudaMalloc aligns.
struct GlobalMemory {
  __device__ static Bytes16 load(const std::uint8_t* from) {
    const uint4 bytes = __ldg(reinterpret_cast<const uint4*>(from));
    return {{bytes.x, bytes.y, bytes.z, bytes.w}};
  }
  __device__ static void store(std::uint8_t* to, const Bytes16& bytes) {
    *reinterpret_cast<uint4*>(to) =
        make_uint4(bytes.words[0], bytes.words[1], bytes.words[2], bytes.words[3]);
  }
};

template <typename Kernel>
__global__ void __launch_bounds__(kThreadsOfBlock)
    run_threads(const std::uint8_t* __restrict__ bgr, std::uint8_t* __restrict__ gray, std::int64_t pixels) {
  const std::int64_t thread = std::int64_t{blockIdx.x} * kThreadsOfBlock + threadIdx.x;
  run_thread<Kernel, GlobalMemory>(thread, pixels, bgr, gray);
}

struct FreeOnDevice {
  void operator()(std::uint8_t* memory) const { cudaFree(memory); }
};
using DeviceBytes = std::unique_ptr<std::uint8_t, FreeOnDevice>;

DeviceBytes allocate(std::int64_t bytes) {
  void* memory = nullptr;
  check(cudaMalloc(&memory, static_cast<std::size_t>(std::max<std::int64_t>(bytes, 1))), "cudaMalloc");
  return DeviceBytes(static_cast<std::uint8_t*>(memory));
}

/// Memory of the host that stays where it is, so that the device copies it by itself at the speed of the bus.
/// From other memory the driver copies it to such memory first.
class Pinned {
 public:
  Pinned(const std::uint8_t* memory, std::int64_t bytes) : memory_(const_cast<std::uint8_t*>(memory)) {
    const cudaError_t error =
        cudaHostRegister(memory_, static_cast<std::size_t>(bytes), cudaHostRegisterDefault);
    if (error == cudaErrorHostMemoryAlreadyRegistered) {
      cudaGetLastError();  // forgets it
      memory_ = nullptr;   // another job's, which lets it go
      return;
    }
    check(error, "cudaHostRegister");
  }
  ~Pinned() {
    if (memory_ != nullptr) cudaHostUnregister(memory_);
  }
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;

 private:
  std::uint8_t* memory_;
};

class Stream {
 public:
  Stream() { check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags"); }
  ~Stream() { cudaStreamDestroy(stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

std::string device_text() {
  int device = 0;
  int driver = 0;
  cudaDeviceProp properties{};
  check(cudaGetDevice(&device), "cudaGetDevice");
  check(cudaGetDeviceProperties(&properties, device), "cudaGetDeviceProperties");
  check(cudaDriverGetVersion(&driver), "cudaDriverGetVersion");
  return std::string(properties.name) + " (compute capability " + std::to_string(properties.major) + "." +
         std::to_string(properties.minor) + ", driver of CUDA " + std::to_string(driver / 1000) + "." +
         std::to_string(driver % 1000 / 10) + ")";
}

void synchronize() {
  check(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
}

/// The image and the gray pixels on the device.
template <typename Kernel>
class Job : public harness_cuda_job {
 public:
  Job(const std::uint8_t* bgr, std::uint8_t* gray, std::int64_t pixels)
      : host_bgr_(bgr),
        host_gray_(gray),
        pixels_(pixels),
        bgr_(allocate(3 * pixels)),
        gray_(allocate(pixels)) {
    device = device_text();
    check(cudaMemset(bgr_.get(), 0, static_cast<std::size_t>(3 * pixels)), "cudaMemset");
    synchronize();
  }

 protected:
  /// Of the pixels [begin, end); `begin` is a multiple of 16.
  void copy_source(std::int64_t begin, std::int64_t end, cudaStream_t stream) {
    copy(bgr_.get() + 3 * begin, host_bgr_ + 3 * begin, 3 * (end - begin), cudaMemcpyHostToDevice, stream);
  }
  void copy_gray_there(std::int64_t begin, std::int64_t end, cudaStream_t stream) {
    copy(gray_.get() + begin, host_gray_ + begin, end - begin, cudaMemcpyHostToDevice, stream);
  }
  void copy_gray_back(std::int64_t begin, std::int64_t end, cudaStream_t stream) {
    copy(host_gray_ + begin, gray_.get() + begin, end - begin, cudaMemcpyDeviceToHost, stream);
  }
  void launch(std::int64_t begin, std::int64_t end, cudaStream_t stream) {
    const std::int64_t threads = threads_for(end - begin);
    if (threads == 0) return;  // CUDA launches no empty grid
    const auto blocks = static_cast<unsigned>((threads + kThreadsOfBlock - 1) / kThreadsOfBlock);
    run_threads<Kernel>
        <<<blocks, kThreadsOfBlock, 0, stream>>>(bgr_.get() + 3 * begin, gray_.get() + begin, end - begin);
    check(cudaGetLastError(), "the launch of the kernel");
  }

  std::int64_t pixels() const { return pixels_; }

 private:
  static void copy(std::uint8_t* to, const std::uint8_t* from, std::int64_t bytes, cudaMemcpyKind kind,
                   cudaStream_t stream) {
    check(cudaMemcpyAsync(to, from, static_cast<std::size_t>(bytes), kind, stream), "cudaMemcpyAsync");
  }

  const std::uint8_t* const host_bgr_;
  std::uint8_t* const host_gray_;
  const std::int64_t pixels_;
  const DeviceBytes bgr_;
  const DeviceBytes gray_;
};

/// The image stays on the device.
template <typename Kernel>
class OnDevice : public Job<Kernel> {
 public:
  using Job<Kernel>::Job;

  void upload() override {
    this->copy_source(0, this->pixels(), stream_.get());
    this->copy_gray_there(0, this->pixels(), stream_.get());
    synchronize();
  }
  void run() override {
    this->launch(0, this->pixels(), stream_.get());
    check(cudaStreamSynchronize(stream_.get()), "the kernel");
  }
  void download() override {
    this->copy_gray_back(0, this->pixels(), stream_.get());
    synchronize();
  }

 private:
  const Stream stream_;
};

/// From the host's memory to the host's memory. That memory is the job's own, pinned before anything is
/// timed: a program that converts one image after the other pins the memory once that they come and go
/// through, as it starts its threads once. Copying through pinned memory of the module's would be timed,
/// would be the CPU's work, and would be no part of what the device costs. What goes up, is converted and
/// goes down overlaps, slice by slice, since the bus has both directions at a time.
template <typename Kernel>
class FromHostToHost : public Job<Kernel> {
 public:
  FromHostToHost(const std::uint8_t* bgr, std::uint8_t* gray, std::int64_t pixels)
      : Job<Kernel>(bgr, gray, pixels), pinned_bgr_(bgr, 3 * pixels), pinned_gray_(gray, pixels) {}

  /// The image is not copied, so that a run() that does not copy it either gives a wrong result.
  void upload() override {
    this->copy_gray_there(0, this->pixels(), streams_[0].get());
    synchronize();
  }
  void run() override {
    int number = 0;
    for (std::int64_t begin = 0; begin < this->pixels(); begin += kPixelsOfSlice) {
      const std::int64_t end = std::min(begin + kPixelsOfSlice, this->pixels());
      const cudaStream_t stream = streams_[number++ % kStreams].get();
      this->copy_source(begin, end, stream);
      this->launch(begin, end, stream);
      this->copy_gray_back(begin, end, stream);
    }
    synchronize();
  }
  void download() override {}

 private:
  const Pinned pinned_bgr_;
  const Pinned pinned_gray_;
  const Stream streams_[kStreams];
};

template <typename Kernel>
std::unique_ptr<harness_cuda_job> job_of(std::int32_t transfer, const std::uint8_t* bgr, std::uint8_t* gray,
                                         std::int64_t pixels) {
  if (transfer == HARNESS_CUDA_TRANSFER_BOTH) {
    return std::make_unique<FromHostToHost<Kernel>>(bgr, gray, pixels);
  }
  return std::make_unique<OnDevice<Kernel>>(bgr, gray, pixels);
}

/// Runs `body`; what it throws stays on this side of the C interface, as a text.
template <typename Body>
const char* as_text(Body body) noexcept {
  static std::string text;
  try {
    body();
    return nullptr;
  } catch (const std::exception& error) {
    try {
      text = error.what();
      return text.c_str();
    } catch (const std::exception&) {
      return "there is no memory left";
    }
  }
}

std::int32_t state() noexcept {
  int driver = 0;
  int devices = 0;
  if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0) return HARNESS_CUDA_NO_DRIVER;
  const cudaError_t error = cudaGetDeviceCount(&devices);
  if (error == cudaErrorInsufficientDriver) return HARNESS_CUDA_OLD_DRIVER;
  if (error == cudaErrorNoDevice || (error == cudaSuccess && devices == 0)) return HARNESS_CUDA_NO_DEVICE;
  return HARNESS_CUDA_READY;  // or another error, which open() meets and tells
}

const char* open(harness_cuda_job** job, std::int32_t kernel, std::int32_t transfer, const std::uint8_t* bgr,
                 std::uint8_t* gray, std::int64_t pixels) noexcept {
  *job = nullptr;
  return as_text([&] {
    *job = (kernel == HARNESS_CUDA_GRAYSCALE ? job_of<Grayscale>(transfer, bgr, gray, pixels)
                                             : job_of<Read3Write1>(transfer, bgr, gray, pixels))
               .release();
  });
}

const char* upload(harness_cuda_job* job) noexcept {
  return as_text([&] { job->upload(); });
}

const char* run(harness_cuda_job* job) noexcept {
  return as_text([&] { job->run(); });
}

const char* download(harness_cuda_job* job) noexcept {
  return as_text([&] { job->download(); });
}

const char* device(const harness_cuda_job* job) noexcept {
  return job->device.c_str();
}

void close(harness_cuda_job* job) noexcept {
  delete job;
}

}  // namespace
}  // namespace kernels::cuda

const std::int32_t harness_cuda_version = HARNESS_CUDA_VERSION;

const harness_cuda_api harness_cuda = {
    kernels::cuda::state,    kernels::cuda::open,   kernels::cuda::upload, kernels::cuda::run,
    kernels::cuda::download, kernels::cuda::device, kernels::cuda::close,
};
