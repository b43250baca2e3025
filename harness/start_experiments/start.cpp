// harness/start_experiments/start.cpp: until the first result of a fresh way, and what a call costs then.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "harness/error.h"
#include "harness/run/percentiles.h"
#include "harness/start_experiments/fresh_way.h"
#include "harness/start_experiments/start_experiments.h"
#include "harness/system/clock.h"
#include "harness/system/private_memory.h"

namespace harness {
namespace {

constexpr std::int64_t kMegabyte = 1 << 20;
constexpr int kCalls = 100;  // with nothing to do, of each fresh way
constexpr int kCopies = 20;  // of a megabyte

/// A job with nothing to do for a fresh way, and a megabyte for it.
class StartWork {
 public:
  StartWork() = default;
  virtual ~StartWork() = default;
  StartWork(const StartWork&) = delete;
  StartWork& operator=(const StartWork&) = delete;

  virtual const Job& nothing() = 0;
  /// Times `copies` times how long a megabyte takes there and back, by `way`, which has done nothing(), or by
  /// another one. Throws ExperimentError where what comes back is wrong.
  virtual std::vector<std::int64_t> copy(FreshWay& way, int copies) = 0;
};

template <typename Body>
std::int64_t taken_by(const Body& body) {
  const std::int64_t begin_ns = now_ns();
  body();
  return now_ns() - begin_ns;
}

void check(bool right) {
  if (!right) throw ExperimentError("wrong result: the megabyte comes back as another");
}

std::vector<std::uint8_t> counting_bytes() {
  std::vector<std::uint8_t> bytes(kMegabyte);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
  return bytes;
}

/// What scripts/start.py is given.
class ScriptWork : public StartWork {
 public:
  const Job& nothing() override {
    control_.front() = 0;
    return job_;
  }

  std::vector<std::int64_t> copy(FreshWay& way, int copies) override {
    control_.front() = 1;
    std::ranges::fill(copy_, 0);
    way.upload();
    std::vector<std::int64_t> taken_ns;
    for (int i = 0; i < copies; ++i) {
      way.keep_workers_apart();
      taken_ns.push_back(taken_by([&] {
        way.upload_input();
        way.run();
        way.download();
      }));
    }
    check(copy_ == source_);
    return taken_ns;
  }

 private:
  static embed::Buffer buffer_of(std::vector<std::uint8_t>& bytes, bool writable) {
    return {bytes.data(), static_cast<std::int64_t>(bytes.size()), writable};
  }

  std::vector<std::uint8_t> control_ = {0};
  std::vector<std::uint8_t> source_ = counting_bytes();
  std::vector<std::uint8_t> copy_ = std::vector<std::uint8_t>(kMegabyte);
  const Job job_{.items = kMegabyte,
                 .script_items = kMegabyte,
                 .buffers = {buffer_of(control_, false), buffer_of(source_, false), buffer_of(copy_, true)}};
};

/// A pixel, and a megabyte of pixels, to gray.
class DeviceWork : public StartWork {
 public:
  DeviceWork(Session& session, const Strategy& way) : session_(session), way_(way) {}

  const Job& nothing() override { return one_.job; }

  std::vector<std::int64_t> copy(FreshWay& /*way*/, int copies) override {
    FreshWay way(session_, way_, 1, "", many_.job);
    way.upload();
    way.run();
    std::vector<std::int64_t> taken_ns;
    for (int i = 0; i < copies; ++i) taken_ns.push_back(taken_by([&] { way.run(); }));
    way.download();
    bool right = true;
    for (std::size_t pixel = 0; pixel < many_.gray.size(); ++pixel) {
      const std::uint8_t* const bgr = &many_.bgr[3 * pixel];
      right = right && many_.gray[pixel] == (bgr[0] * 3735 + bgr[1] * 19235 + bgr[2] * 9798 + 16384) >> 15;
    }
    check(right);
    return taken_ns;
  }

 private:
  struct Pixels {
    explicit Pixels(std::int64_t count)
        : bgr(counting_bytes()),
          gray(static_cast<std::size_t>(count)),
          views(std::make_shared<GrayscaleViews>(
              GrayscaleViews{{bgr.data(), count, 1, 3 * count}, {gray.data(), count, 1, count}})),
          job{.items = count, .script_items = count, .data = views} {}
    std::vector<std::uint8_t> bgr, gray;
    std::shared_ptr<GrayscaleViews> views;
    Job job;
  };

  Session& session_;
  const Strategy& way_;
  Pixels one_{1};
  Pixels many_{kMegabyte / 3};
};

class Start : public Prepared {
 public:
  Start(Session& session, const Strategy& way, int workers)
      : session_(session), way_(way), workers_(workers), work_(work_for(session)) {}

  JobTime run_first() override {
    const JobTime time = run();
    take_counters();
    first_ns_ = time.end_ns - time.begin_ns;
    return time;
  }

  /// Its time is that until the first result.
  JobTime run() override {
    const Job& job = work_->nothing();
    const auto before = private_bytes(getpid());
    const double cpu_s = process_cpu_s();
    JobTime time{.begin_ns = now_ns(), .end_ns = 0, .cpu_s = 0};
    time.workers.emplace();  // whatever threads there are, they come and go
    FreshWay way(session_, way_, workers_, "start.py", job);
    way.run();
    time.end_ns = now_ns();
    time.cpu_s = process_cpu_s() - cpu_s;
    starts_ns_.push_back(time.end_ns - time.begin_ns);
    const auto after = way.private_memory();
    if (before && after) {
      const std::int64_t base = way.has_processes() ? 0 : *before;
      memory_of_workers_.push_back((*after - base) / workers_);
    }
    for (int i = 0; i < kCalls && !stopped_; ++i) {
      way.keep_workers_apart();
      calls_ns_.push_back(taken_by([&] { way.run(); }));
    }
    if (!stopped_) std::ranges::copy(work_->copy(way, kCopies), std::back_inserter(copies_ns_));
    return time;
  }

  void stop() const override { stopped_ = true; }

  Counters take_counters() override {
    Counters counters{{"first_start_ns", static_cast<double>(first_ns_)}};
    add_percentiles(counters, "start", starts_ns_);
    add_percentiles(counters, "call", calls_ns_);
    add_percentiles(counters, "megabyte", copies_ns_);
    if (!memory_of_workers_.empty()) {
      std::ranges::sort(memory_of_workers_);
      counters["worker_private_bytes"] =
          static_cast<double>(memory_of_workers_[memory_of_workers_.size() / 2]);
    }
    starts_ns_.clear();
    calls_ns_.clear();
    copies_ns_.clear();
    memory_of_workers_.clear();
    return counters;
  }

 private:
  std::unique_ptr<StartWork> work_for(Session& session) const {
    if (way_.own_script) return std::make_unique<ScriptWork>();
    return std::make_unique<DeviceWork>(session, way_);
  }

  Session& session_;
  const Strategy way_;
  const int workers_;
  const std::unique_ptr<StartWork> work_;
  std::int64_t first_ns_ = 0;
  std::vector<std::int64_t> starts_ns_, calls_ns_, copies_ns_;
  std::vector<std::int64_t> memory_of_workers_;  // bytes
  mutable std::atomic<bool> stopped_{false};
};

}  // namespace

Experiment start(const Strategy& way, int threads) {
  std::vector<Label> labels = way.variant;
  labels.push_back({"threads", std::to_string(threads)});
  return {.id = {"start", way.name, labels},
          .traits = {.isolated = true, .costs_to_enter = true},
          .threads = threads,
          .prepare = [way, threads](Session& session) -> std::unique_ptr<Prepared> {
            return std::make_unique<Start>(session, way, threads);
          }};
}

}  // namespace harness
