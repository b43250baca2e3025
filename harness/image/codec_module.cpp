// harness/image/codec_module.cpp: the module that is linked against OpenCV's imgcodecs.
#include <fstream>
#include <iterator>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <system_error>

#include "harness/error.h"
#include "harness/image/codec.h"
#include "harness/image/jpeg.h"
#include "harness/system/atomic_file.h"

namespace harness {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw UserError("--image=" + file.string() + ": " + why);
}

/// The line of an OpenCV error that says what is wrong, without its source file and function.
std::string plain(const cv::Exception& error) {
  return error.err.find("CV_IO_MAX_IMAGE_PIXELS") != std::string::npos || error.code == cv::Error::StsNoMem
             ? "is too large for this machine's free memory; name a smaller image"
             : "OpenCV cannot read it: " + error.err;
}

std::string append(const std::string& conversions, const std::string& next) {
  return conversions.empty() ? next : conversions + ", " + next;
}

cv::Mat to_8_bit(const cv::Mat& pixels, std::string& conversion) {
  if (pixels.depth() == CV_8U) return pixels;
  cv::Mat result;
  if (pixels.depth() == CV_16U) {
    pixels.convertTo(result, CV_8U, 1.0 / 257);
    conversion = append(conversion, "16 bits scaled by 1/257");
  } else {
    pixels.convertTo(result, CV_8U, 255);
    conversion = append(conversion, "floating-point values scaled by 255 and clipped");
  }
  return result;
}

cv::Mat to_bgr(const cv::Mat& pixels, std::string& conversion) {
  cv::Mat result = pixels;
  if (pixels.channels() == 1) {
    cv::cvtColor(pixels, result, cv::COLOR_GRAY2BGR);
    conversion = append(conversion, "1 channel repeated in all 3");
  } else if (pixels.channels() == 4) {
    cv::cvtColor(pixels, result, cv::COLOR_BGRA2BGR);
    conversion = append(conversion, "alpha dropped");
  }
  return result;
}

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Image read(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = bytes_of(file);
  if (is_jpeg(bytes) && !jpeg_is_complete(bytes)) refuse(file, "is truncated: it has no end-of-image marker");
  try {
    const cv::Mat decoded = cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
    if (decoded.empty()) refuse(file, "is not an image that OpenCV can read, or it is damaged or truncated");
    Image image{.size = {decoded.cols, decoded.rows}, .bgr = {}, .name = {}, .sha256 = {}, .conversion = {}};
    const cv::Mat bgr = to_bgr(to_8_bit(decoded, image.conversion), image.conversion);
    if (bgr.channels() != 3) {
      refuse(file, "has " + std::to_string(bgr.channels()) + " channels; only 1, 3 and 4 are supported");
    }
    image.bgr.resize(static_cast<std::size_t>(3 * image.size.pixels()));
    cv::Mat target(bgr.rows, bgr.cols, CV_8UC3, image.bgr.data());
    bgr.copyTo(target);
    return image;
  } catch (const cv::Exception& error) {
    refuse(file, plain(error));
  } catch (const std::bad_alloc&) {
    refuse(file, "is too large for this machine's free memory; name a smaller image");
  }
}

void write_gray(const std::filesystem::path& file, const std::uint8_t* gray, ImageSize size) {
  try {
    const cv::Mat pixels(static_cast<int>(size.height), static_cast<int>(size.width), CV_8UC1,
                         const_cast<std::uint8_t*>(gray));
    std::vector<std::uint8_t> png;
    cv::imencode(".png", pixels, png);
    write_file_atomically(file, {reinterpret_cast<const char*>(png.data()), png.size()});
  } catch (const cv::Exception& error) {
    throw UserError("cannot write " + file.string() + ": " + error.err);
  } catch (const std::system_error& error) {
    throw UserError("--out: cannot write " + file.string() + ": " + error.code().message() +
                    "; give a folder with room in it");
  }
}

}  // namespace
}  // namespace harness

extern "C" __attribute__((visibility("default"))) const harness::CodecApi* harness_codec_api() {
  static constexpr harness::CodecApi api = {.read = harness::read, .write_gray = harness::write_gray};
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);  // errors are ours to word
  return &api;
}
