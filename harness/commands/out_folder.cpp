// harness/commands/out_folder.cpp: the folder that a run writes into.
#include "harness/commands/out_folder.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <system_error>

namespace harness {
namespace {

namespace fs = std::filesystem;

std::string utc_time() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return text.data();
}

/// A new folder of that name, or with a number behind it where another run has the name.
fs::path make_new_folder(const fs::path& name, std::error_code& error) {
  fs::create_directories(name.parent_path(), error);
  fs::path folder = name;
  for (int number = 2; !error && !fs::create_directory(folder, error) && !error; ++number) {
    folder = name.string() + "-" + std::to_string(number);
  }
  return folder;
}

}  // namespace

std::string short_version(const embed::Facts& python) {
  return python.version.substr(0, python.version.find(' ')) + (python.free_threaded ? "t" : "");
}

fs::path make_out_folder(const Options& options, const fs::path& results, const std::string& what) {
  std::error_code error;
  fs::path folder = options.out;
  if (folder.empty()) {
    folder = make_new_folder(results / (utc_time() + "-" + what), error);
  } else {
    fs::create_directories(folder, error);
  }
  if (!error && !fs::is_directory(folder)) error = std::make_error_code(std::errc::not_a_directory);
  if (!error && access(folder.c_str(), W_OK | X_OK) != 0) error = {errno, std::generic_category()};
  if (!error) return folder;
  throw UserError("--out=" + folder.string() + ": cannot write there: " + error.message() +
                  "; give a folder that you may write to");
}

void Pictures::keep(const Workload& workload, const Strategy& strategy, const Job& job, std::int64_t items) {
  if (folder_.empty() || !job.picture) return;
  const std::filesystem::path file = folder_ / (workload.name + "-" + strategy.name + ".png");
  if (std::ranges::find(tried_, file) != tried_.end()) return;
  tried_.push_back(file);
  try {
    codec_.write_gray_png(file, job.picture().data(), {job.picture_width, items / job.picture_width});
  } catch (const UserError& error) {
    const std::lock_guard guard(lock_);
    failures_.emplace_back(error.what());
  }
}

std::vector<std::string> Pictures::failures() const {
  const std::lock_guard guard(lock_);
  return failures_;
}

}  // namespace harness
