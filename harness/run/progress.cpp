// harness/run/progress.cpp: one line on the terminal that says where a run is and when it will end.
#include "harness/run/progress.h"

#include <cmath>
#include <iostream>

namespace harness {
namespace {

constexpr const char* kClearLine = "\r\033[K";

}  // namespace

Progress::Progress(std::size_t experiments, bool enabled) : experiments_(experiments), enabled_(enabled) {}

void Progress::show(const std::string& name) {
  if (!enabled_ || name == name_) return;
  ++number_;
  name_ = name;
  const std::chrono::duration<double> elapsed = Clock::now() - start_;
  const std::string left = time_left(number_ - 1, experiments_, elapsed.count());
  const std::string all = experiments_ == 0 ? "" : "/" + std::to_string(experiments_);
  std::cerr << kClearLine << "[" << number_ << all << "] " << name
            << (left.empty() ? "" : "  about " + left + " left") << std::flush;
}

void Progress::clear() {
  if (enabled_ && number_ > 0) std::cerr << kClearLine << std::flush;
}

std::string time_left(std::size_t done, std::size_t all, double elapsed_s) {
  if (done == 0 || done > all) return "";
  const auto left_s = std::lround(elapsed_s / static_cast<double>(done) * static_cast<double>(all - done));
  const std::string seconds = std::to_string(left_s % 60);
  return std::to_string(left_s / 60) + ":" + (seconds.size() < 2 ? "0" : "") + seconds;
}

}  // namespace harness
