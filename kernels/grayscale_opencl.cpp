// kernels/grayscale_opencl.cpp: cv::cvtColor on an OpenCL device.
#include "kernels/grayscale_opencl.h"

#include <opencv2/core.hpp>
#include <opencv2/core/ocl.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace kernels {
namespace {

/// The line "OpenCL: YES (...)" of what OpenCV says of its build; there is no other way to ask.
bool opencv_has_opencl() {
  const std::string& build = cv::getBuildInformation();
  const std::size_t line = build.find("OpenCL:");
  if (line == std::string::npos) return false;
  const std::size_t value = build.find_first_not_of(' ', line + std::string("OpenCL:").size());
  return value != std::string::npos && build.compare(value, 3, "YES") == 0;
}

/// OpenCV's allocator of memory on the device, which counts how often memory is mapped for the CPU to work on
/// it. Only that tells cv::cvtColor's two ways apart: with OpenCL it maps nothing (UMat::handle), and without
/// it takes UMat::getMat(), which maps (modules/core/src/umatrix.cpp).
class CountingAllocator : public cv::MatAllocator {
 public:
  explicit CountingAllocator(const cv::MatAllocator& opencvs) : opencvs_(opencvs) {}

  int maps() const { return maps_; }

  cv::UMatData* allocate(int dims, const int* sizes, int type, void* data, std::size_t* step,
                         cv::AccessFlag access, cv::UMatUsageFlags usage) const override {
    return opencvs_.allocate(dims, sizes, type, data, step, access, usage);
  }
  bool allocate(cv::UMatData* data, cv::AccessFlag access, cv::UMatUsageFlags usage) const override {
    return opencvs_.allocate(data, access, usage);
  }
  void deallocate(cv::UMatData* data) const override { opencvs_.deallocate(data); }
  void map(cv::UMatData* data, cv::AccessFlag access) const override {
    ++maps_;
    opencvs_.map(data, access);
  }
  void unmap(cv::UMatData* data) const override { opencvs_.unmap(data); }
  void download(cv::UMatData* data, void* to, int dims, const std::size_t size[],
                const std::size_t from_offset[], const std::size_t from_step[],
                const std::size_t to_step[]) const override {
    opencvs_.download(data, to, dims, size, from_offset, from_step, to_step);
  }
  void upload(cv::UMatData* data, const void* from, int dims, const std::size_t size[],
              const std::size_t to_offset[], const std::size_t to_step[],
              const std::size_t from_step[]) const override {
    opencvs_.upload(data, from, dims, size, to_offset, to_step, from_step);
  }
  void copy(cv::UMatData* from, cv::UMatData* to, int dims, const std::size_t size[],
            const std::size_t from_offset[], const std::size_t from_step[], const std::size_t to_offset[],
            const std::size_t to_step[], bool sync) const override {
    opencvs_.copy(from, to, dims, size, from_offset, from_step, to_offset, to_step, sync);
  }

 private:
  const cv::MatAllocator& opencvs_;
  mutable int maps_ = 0;
};

cv::Mat mat_of(const BgrView& view) {
  // cv::Mat has no const form. The source is only read.
  return {static_cast<int>(view.height), static_cast<int>(view.width), CV_8UC3,
          const_cast<std::uint8_t*>(view.data), static_cast<std::size_t>(view.stride)};
}

cv::Mat mat_of(const GrayView& view) {
  return {static_cast<int>(view.height), static_cast<int>(view.width), CV_8UC1, view.data,
          static_cast<std::size_t>(view.stride)};
}

/// OpenCV's memory on the device.
struct OnDevice {
  OnDevice(int width, int height)
      : source(height, width, CV_8UC3, cv::Scalar::all(0)),
        gray(height, width, CV_8UC1),
        opencvs(gray.u->currAllocator),
        counting(*opencvs) {
    if (opencvs != cv::ocl::getOpenCLAllocator()) {
      throw std::runtime_error("OpenCV has taken no memory of the OpenCL device");
    }
    gray.u->currAllocator = &counting;
  }
  // OpenCV's own threads may let go of the memory later than this.
  ~OnDevice() { gray.u->currAllocator = opencvs; }
  OnDevice(const OnDevice&) = delete;
  OnDevice& operator=(const OnDevice&) = delete;

  cv::UMat source;
  cv::UMat gray;
  const cv::MatAllocator* const opencvs;
  const CountingAllocator counting;
};

class OpencvsGrayscale : public GrayscaleOpencl {
 public:
  OpencvsGrayscale(const BgrView& source, const GrayView& gray)
      : source_(source),
        gray_(gray),
        device_(static_cast<int>(source.width), static_cast<int>(source.height)) {}

  void upload_source() override {
    mat_of(source_).copyTo(device_.source);
    cv::ocl::finish();
  }

  void upload_gray() override {
    mat_of(gray_).copyTo(device_.gray);
    cv::ocl::finish();
  }

  void convert() override {
    const int maps = device_.counting.maps();
    cv::cvtColor(device_.source, device_.gray, cv::COLOR_BGR2GRAY);
    cv::ocl::finish();
    if (device_.counting.maps() != maps) {
      throw std::runtime_error("OpenCV converted the image on the CPU, because its OpenCL code failed");
    }
  }

  void download_gray() override {
    cv::Mat to = mat_of(gray_);
    device_.gray.copyTo(to);
    cv::ocl::finish();
  }

 private:
  const BgrView source_;
  const GrayView gray_;
  OnDevice device_;
};

}  // namespace

OpenclDevices opencl_devices() {
  OpenclDevices devices{.opencv_has_opencl = opencv_has_opencl(), .cpus = {}, .others = {}, .taken = {}};
  if (!cv::ocl::haveOpenCL()) return devices;
  std::vector<cv::ocl::PlatformInfo> platforms;
  cv::ocl::getPlatfomsInfo(platforms);
  for (const cv::ocl::PlatformInfo& platform : platforms) {
    for (int number = 0; number < platform.deviceNumber(); ++number) {
      cv::ocl::Device device;
      platform.getDevice(device, number);
      const bool cpu = device.type() == cv::ocl::Device::TYPE_CPU;
      (cpu ? devices.cpus : devices.others).push_back(device.name());
    }
  }
  if (!cv::ocl::useOpenCL()) return devices;
  const cv::ocl::Device& taken = cv::ocl::Device::getDefault();
  devices.taken = taken.name() + " (" + taken.vendorName() + ", driver " + taken.driverVersion() + ")";
  return devices;
}

std::unique_ptr<GrayscaleOpencl> grayscale_opencl(const BgrView& source, const GrayView& gray) {
  return std::make_unique<OpencvsGrayscale>(source, gray);
}

}  // namespace kernels
