// harness/image/images.h: the images of one run.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "harness/image/image.h"

namespace harness {

/// The user's image, or synthetic ones of several sizes, in the order of the run. For one thread at a time.
class Images {
 public:
  explicit Images(std::shared_ptr<const Image> image) : sizes_{image->size}, latest_(std::move(image)) {}
  explicit Images(std::vector<ImageSize> sizes) : sizes_(std::move(sizes)) {}

  const std::vector<ImageSize>& sizes() const { return sizes_; }

  /// The image of number `index`. A synthetic one is made when it is asked for; only the latest is kept.
  std::shared_ptr<const Image> at(std::size_t index) {
    if (latest_ == nullptr || index != latest_index_) {
      latest_.reset();
      latest_ = std::make_shared<Image>(synthetic_image(sizes_.at(index)));
      latest_index_ = index;
    }
    return latest_;
  }

 private:
  std::vector<ImageSize> sizes_;
  std::shared_ptr<const Image> latest_;
  std::size_t latest_index_ = 0;
};

}  // namespace harness
