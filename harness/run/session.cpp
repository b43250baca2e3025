// harness/run/session.cpp: the experiments of one run, one after the other, on one interpreter.
#include "harness/run/session.h"

#include <utility>

namespace harness {

Session::Session(const embed::Python& python, RowTrace& trace, std::filesystem::path scripts,
                 BuildExtension build_extension, Images* images, WorkloadOptions options, int spin_cores,
                 Pinning pinning, KeepOutput keep_output)
    : python_(python),
      trace_(trace),
      scripts_(std::move(scripts)),
      build_extension_(std::move(build_extension)),
      images_(images),
      options_(std::move(options)),
      spin_cores_(spin_cores),
      pinning_(std::move(pinning)),
      keep_output_(std::move(keep_output)) {}

Session::~Session() {
  release();
  python_.attached([&] {
    for (const auto& [name, script] : loaded_) python_.api().unload(script);
  });
}

Prepared& Session::prepare(const Experiment& experiment) {
  const std::string name = experiment.name();
  if (name == current_name_) return *current_;
  release();
  std::unique_ptr<Prepared> prepared = experiment.prepare(*this);
  {
    const std::lock_guard guard(current_lock_);
    current_ = std::move(prepared);
  }
  current_->run_first();
  current_name_ = name;
  return *current_;
}

void Session::release() {
  current_name_.clear();
  std::unique_ptr<Prepared> ended;
  const std::lock_guard guard(current_lock_);
  ended = std::move(current_);
}

void Session::stop() {
  const std::lock_guard guard(current_lock_);
  if (current_ != nullptr) current_->stop();
}

embed::Script* Session::script_of(const std::string& file, bool optional) {
  const auto found = loaded_.find(file);
  if (found != loaded_.end()) return found->second;
  const std::filesystem::path source = scripts_ / file;
  if (!std::filesystem::exists(source)) {
    const std::string message = "--scripts: there is no " + source.string();
    if (optional) throw NotApplicable(message);
    throw ExperimentError(message);
  }
  const std::filesystem::path path = source.extension() == ".pyx" ? build_extension_(source) : source;
  embed::Script* const script =
      python_.attached([&] { return python_.api().load(std::filesystem::absolute(path).string()); });
  return loaded_.emplace(file, script).first->second;
}

void Session::require_module(const std::string& name) {
  const auto [error, python] = python_.attached(
      [&] { return std::pair(python_.api().import_error(name), python_.api().facts().executable); });
  if (error.empty()) return;
  throw NotApplicable("it needs " + name + " (" + error +
                      "); to get it: " + (python.empty() ? "python3" : python) + " -m pip install " + name);
}

const Job& Session::job_of(const Workload& workload, std::size_t image) {
  if (workload.of_image && (options_.image == nullptr || image != image_)) {
    jobs_.clear();  // first, for theirs may be too large to be there beside those of the next image
    options_.image.reset();
    options_.gray.reset();
    auto found = images_->at(image);
    options_.gray = std::make_shared<PixelBytes>(found->size.pixels());
    options_.image = std::move(found);  // last: where it is set, all is there
    image_ = image;
  }
  const auto found = jobs_.find(workload.name);
  if (found != jobs_.end()) return found->second;
  return jobs_.emplace(workload.name, workload.make_job(options_)).first->second;
}

}  // namespace harness
