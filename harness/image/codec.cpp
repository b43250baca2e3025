// harness/image/codec.cpp: loads the codec module and checks what OpenCV would not complain of.
#include "harness/image/codec.h"

#include <dlfcn.h>

#include <cstdlib>
#include <limits>
#include <string>
#include <system_error>

#include "harness/error.h"
#include "harness/system/sha256.h"
#include "kernels/load_module.h"

namespace harness {
namespace {

// cv::imdecode counts the bytes of what it decodes in an int.
constexpr std::uintmax_t kMaxFileBytes = std::numeric_limits<std::int32_t>::max();

}  // namespace

const CodecApi& Codec::api() {
  if (api_ != nullptr) return *api_;
  // OpenCV reads its limit once, when imgcodecs is loaded (modules/imgcodecs/src/loadsave.cpp). A limit that
  // the user has set stands.
  setenv("OPENCV_IO_MAX_IMAGE_PIXELS", std::to_string(max_pixels_).c_str(), 0);
  void* const handle = kernels::load_module(module_);
  if (handle == nullptr) throw UserError("cannot load the image codec: " + std::string(dlerror()));
  const auto get = reinterpret_cast<GetCodecApi>(dlsym(handle, kGetCodecApiSymbol));
  if (get == nullptr) throw UserError(module_.string() + " is not this program's image codec");
  api_ = get();
  return *api_;
}

Image Codec::read(const std::filesystem::path& file) {
  const auto refuse = [&](const std::string& why) {
    throw UserError("--image=" + file.string() + ": " + why);
  };
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) refuse("there is no such file");
  if (std::filesystem::is_directory(status)) refuse("is a directory; name an image file");
  if (!std::filesystem::is_regular_file(status)) refuse("is not a regular file; name an image file");
  const std::uintmax_t bytes = std::filesystem::file_size(file, error);
  if (bytes == 0) refuse("is empty; name an image file");
  if (bytes > kMaxFileBytes)
    refuse("is too large: OpenCV decodes files of up to 2 GiB; name a smaller image");
  std::string sha256;
  try {
    sha256 = sha256_of_file(file);
  } catch (const std::system_error& unreadable) {
    refuse("cannot be read: " + unreadable.code().message());
  }
  Image image = api().read(file);
  image.name = file.string();
  image.sha256 = sha256;
  return image;
}

void Codec::write_gray_png(const std::filesystem::path& file, const std::uint8_t* gray, ImageSize size) {
  api().write_gray(file, gray, size);
}

}  // namespace harness
