// harness/run/progress.cpp: one line on the terminal that says where a run is and when it will end.
#include "harness/run/progress.h"

#include <algorithm>
#include <cmath>
#include <iostream>

#include "harness/system/text.h"

namespace harness {
namespace {

constexpr const char* kClearLine = "\r\033[K";

}  // namespace

Progress::Progress(std::size_t experiments, std::size_t width) : experiments_(experiments), width_(width) {}

void Progress::show(const std::string& name) {
  if (width_ == 0 || name == name_) return;
  ++number_;
  name_ = name;
  const std::chrono::duration<double> elapsed = Clock::now() - start_;
  const std::string left = time_left(number_ - 1, experiments_, elapsed.count());
  const std::string all = experiments_ == 0 ? "" : "/" + std::to_string(experiments_);
  const std::string line =
      "[" + std::to_string(number_) + all + "] " + name + (left.empty() ? "" : "  about " + left + " left");
  const std::size_t most = width_ - std::min(width_, std::size_t(2));  // and a "…", and the cursor behind it
  line_ = one_line(line, most);
  std::cerr << kClearLine << line_ << std::flush;
}

void Progress::clear() {
  if (!line_.empty()) std::cerr << kClearLine << std::flush;
  line_.clear();
}

void Progress::say(const std::string& message) {
  if (message.empty()) return;
  const std::string line = line_;
  clear();
  std::cerr << message;
  if (width_ > 0 && !message.ends_with('\n')) std::cerr << '\n';
  std::cerr << line << std::flush;
  line_ = line;
}

std::string time_left(std::size_t done, std::size_t all, double elapsed_s) {
  if (done == 0 || done > all) return "";
  const auto left_s = std::lround(elapsed_s / static_cast<double>(done) * static_cast<double>(all - done));
  const std::string seconds = std::to_string(left_s % 60);
  return std::to_string(left_s / 60) + ":" + (seconds.size() < 2 ? "0" : "") + seconds;
}

}  // namespace harness
