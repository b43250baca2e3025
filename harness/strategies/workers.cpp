// harness/strategies/workers.cpp: the script in workers that Python's own libraries start.
#include "harness/strategies/workers.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "harness/strategies/attached_execution.h"
#include "harness/strategies/script_calls.h"
#include "harness/system/clock.h"
#include "harness/system/shared_memory.h"
#include "harness/team/placement.h"

namespace harness {
namespace {

// Of a job's buffers, whose sizes are not known yet when workers are started.
constexpr std::size_t kMostBuffers = 3;

struct Way {
  std::string name;
  std::string method = {};                  // multiprocessing's
  std::optional<Benchmark> benchmark = {};  // what they run, where it is not the workload's script
};

/// The workers, and files for the memory that they share with this process.
class StartedWorkers : public Started {
 public:
  StartedWorkers(const Way& way, const StartStage& stage) : python_(stage.python) {
    std::vector<int> descriptors;
    for (const SharedMemory& memory : memory_) descriptors.push_back(memory.descriptor());
    workers_ = python_.attached([&] {
      return python_.api().start_workers(
          {.way = way.name,
           .start_method = way.method,
           .count = stage.threads,
           .script = stage.script,
           .benchmark = way.benchmark ? std::optional(way.benchmark->name) : std::nullopt,
           .memory = descriptors,
           .patience_s = stage.patience_s});
    });
  }
  ~StartedWorkers() override {
    python_.attached([&] { python_.api().end_workers(workers_); });
  }
  StartedWorkers(const StartedWorkers&) = delete;
  StartedWorkers& operator=(const StartedWorkers&) = delete;

  embed::Workers* get() const { return workers_; }
  std::array<SharedMemory, kMostBuffers>& memory() { return memory_; }

 private:
  const embed::Python& python_;
  std::array<SharedMemory, kMostBuffers> memory_;
  embed::Workers* workers_ = nullptr;
};

/// The main thread asks the workers, and waits for them.
class WorkersExecution : public AttachedExecution {
 public:
  WorkersExecution(const Way& way, const Stage& stage, std::int64_t items)
      : AttachedExecution(stage, items),
        python_(stage.python),
        job_(stage.job),
        started_(std::static_pointer_cast<StartedWorkers>(stage.started)),
        threads_(stage.threads) {
    // Also where they are started: it says where there is no script.
    const std::string path = stage.scripts.path_of(stage.script, false).string();
    if (started_ == nullptr) {
      started_ = std::make_shared<StartedWorkers>(
          way, StartStage{stage.python, stage.threads, path, stage.patience_s});
    }
    for (std::size_t i = 0; i < job_.buffers.size(); ++i) {
      started_->memory().at(i).allocate(job_.buffers[i].bytes);
    }
  }

  void enter(int member, Slice slice) override {
    AttachedExecution::enter(member, slice);
    try {
      const embed::Attached attached(api(), thread(member));
      open();
    } catch (...) {
      leave(member);
      throw;
    }
  }

  void warm_up() override {
    const embed::Attached attached(api(), thread(0));
    try {
      remark_ = api().warm_up_workers(started_->get());
    } catch (const embed::ScriptError& error) {
      require_for_subinterpreters(error);
      throw;
    }
    look_for_workers();
  }

  embed::Integer run(int member) override {
    const std::int64_t begin_cpu_ns = thread_cpu_ns();
    const embed::Attached attached(api(), thread(member));
    const embed::Integer result = api().call(call_);
    callers_cpu_ns_ = thread_cpu_ns() - begin_cpu_ns;
    return result;
  }

  void leave(int member) override {
    {
      const embed::Attached attached(api(), thread(member));
      if (call_ != nullptr) api().discard(std::exchange(call_, nullptr));
      if (script_ != nullptr) api().unload(std::exchange(script_, nullptr));
    }
    AttachedExecution::leave(member);
  }

  void upload() override {
    for (std::size_t i = 0; i < job_.buffers.size(); ++i) upload(i);
    processes_cpu_ns_ = cpu_of_processes_ns();
  }

  void upload_input() override {
    for (std::size_t i = 0; i < job_.buffers.size(); ++i) {
      if (!job_.buffers[i].writable) upload(i);
    }
  }

  void download() override {
    for (std::size_t i = 0; i < job_.buffers.size(); ++i) {
      const embed::Buffer& buffer = job_.buffers[i];
      if (buffer.writable) std::memcpy(buffer.data, shared(i), static_cast<std::size_t>(buffer.bytes));
    }
  }

  /// Their CPU time is the row's, wherever they are. As members they are known by their own clocks.
  void complete(JobTime& time) override {
    const std::int64_t before_ns = std::exchange(processes_cpu_ns_, cpu_of_processes_ns());
    time.cpu_s += static_cast<double>(processes_cpu_ns_ - before_ns) * 1e-9;
    const std::vector<embed::WorkerTime> workers =
        python_.attached([&] { return api().worker_times(started_->get()); });
    time.team_size = threads_;
    time.workers = os_ids_;
    std::int64_t cpu_ns = callers_cpu_ns_;
    for (const embed::WorkerTime& worker : workers) {
      time.members.push_back({.os_id = worker.os_id,
                              .end_ns = std::min(worker.end_ns, time.end_ns),
                              .cpu_ns = worker.cpu_ns,
                              .run_delay_ns = worker.run_delay_ns,
                              .begin_ns = worker.begin_ns});
      cpu_ns += worker.cpu_ns;
    }
    time.team_cpu_s = static_cast<double>(cpu_ns) * 1e-9;
  }

  bool bind_workers(std::span<const int> cpus) override {
    python_.attached([&] { look_for_workers(); });
    std::vector<std::int64_t> workers = processes();
    std::ranges::copy(os_ids_, std::back_inserter(workers));
    const std::size_t there = std::min(workers.size(), cpus.size());
    for (std::size_t i = 0; i < there; ++i) bind_to(static_cast<pid_t>(workers[i]), cpus[i]);
    return there == cpus.size();
  }

  std::vector<std::int64_t> processes() const override {
    return python_.attached([&] { return api().worker_processes(started_->get()); });
  }

  std::vector<std::string> remarks() const override {
    return remark_.empty() ? std::vector<std::string>() : std::vector{remark_};
  }

 protected:
  /// What a worker's run() is given, of the slice that is its.
  virtual std::vector<std::int64_t> integers_of(Slice slice) const = 0;
  /// How the workers' run() is called.
  virtual embed::Call* prepare(embed::Script* script) const = 0;

  const embed::Python& python() const { return python_; }
  embed::Workers* workers() const { return started_->get(); }
  int threads() const { return threads_; }
  /// The last one's, by which what the workers returned is known.
  embed::Call* call() const { return call_; }
  /// As prepare() has it now. By the main thread, attached.
  void prepare_again() {
    api().discard(std::exchange(call_, nullptr));
    call_ = prepare(script_);
  }
  const Job& job() const { return job_; }

 private:
  void upload(std::size_t buffer) {
    const embed::Buffer& from = job_.buffers[buffer];
    std::memcpy(shared(buffer), from.data, static_cast<std::size_t>(from.bytes));
  }

  void open() {
    std::vector<embed::SharedBuffer> buffers;
    for (const embed::Buffer& buffer : job_.buffers) buffers.push_back({buffer.bytes, buffer.writable});
    std::vector<std::vector<std::int64_t>> slices;
    for (int worker = 0; worker < threads_; ++worker) {
      slices.push_back(integers_of(slice_of(items(), worker, threads_)));
    }
    script_ = api().open_workers(started_->get(), buffers, slices, items());
    call_ = prepare(script_);
    look_for_workers();
  }

  /// A pool has them when there was something to do.
  void look_for_workers() {
    os_ids_ = api().worker_threads(started_->get());
    clocks_.clear();
    for (const std::int64_t process : api().worker_processes(started_->get())) {
      clockid_t clock = 0;
      if (clock_getcpuclockid(static_cast<pid_t>(process), &clock) == 0) clocks_.push_back(clock);
    }
  }

  std::uint8_t* shared(std::size_t buffer) const { return started_->memory().at(buffer).bytes().data(); }

  std::int64_t cpu_of_processes_ns() const {
    return std::transform_reduce(clocks_.begin(), clocks_.end(), std::int64_t{0}, std::plus(), read_ns);
  }

  const embed::Python& python_;
  const Job& job_;
  std::shared_ptr<StartedWorkers> started_;
  const int threads_;
  embed::Script* script_ = nullptr;
  embed::Call* call_ = nullptr;
  std::string remark_;
  std::vector<std::int64_t> os_ids_;   // of those that are threads of this process
  std::vector<clockid_t> clocks_;      // of their processes
  std::int64_t processes_cpu_ns_ = 0;  // until the last run's end
  std::int64_t callers_cpu_ns_ = 0;    // of the last run
};

class ScriptInWorkers : public WorkersExecution {
 public:
  ScriptInWorkers(const Way& way, const Stage& stage)
      : WorkersExecution(way, stage, script_items(stage.job, 1)) {}

  std::string_view subject() const override { return "the script's run()"; }

 private:
  std::vector<std::int64_t> integers_of(Slice slice) const override { return {slice.begin, slice.end}; }
  embed::Call* prepare(embed::Script* script) const override {
    return api().prepare(script, {}, {}, job().returns);
  }
};

/// Each worker compares what it has returned with a reference of its own. Where they share the items, this
/// process adds that up and has the reference.
class BenchmarkInWorkers : public WorkersExecution {
 public:
  BenchmarkInWorkers(const Way& way, const Stage& stage)
      : WorkersExecution(way, stage, stage.job.items * (way.benchmark->splits ? 1 : stage.threads)),
        benchmark_(*way.benchmark) {}

  ~BenchmarkInWorkers() override {
    if (whole_ != nullptr) python().attached([&] { api().unload(whole_); });
  }

  std::string_view subject() const override { return "the function"; }

  void warm_up() override {
    WorkersExecution::warm_up();
    const embed::Attached attached(api(), thread(0));
    if (benchmark_.splits) {
      whole_ = api().benchmark(benchmark_.file, benchmark_.name, threads());
      api().take_reference(whole_);
    } else {
      loops_for([this](std::int64_t loops) { return seconds_of_job(loops); });
    }
  }

  std::int64_t loops() const override { return loops_; }

  std::string mismatch() override {
    embed::Verdict verdict = python().attached([&] {
      embed::Call* const last = call();
      return benchmark_.splits ? api().verdict(whole_, std::span(&last, 1))
                               : api().workers_verdict(workers());
    });
    unverified_ = std::move(verdict.unverified);
    return verdict.wrong;
  }

  std::vector<std::string> remarks() const override {
    std::vector<std::string> remarks = WorkersExecution::remarks();
    std::ranges::move(remarks_on(unverified_), std::back_inserter(remarks));
    return remarks;
  }

 private:
  std::vector<std::int64_t> integers_of(Slice slice) const override {
    return benchmark_.splits ? std::vector{slice.begin, slice.end} : std::vector<std::int64_t>();
  }
  embed::Call* prepare(embed::Script* script) const override {
    return api().prepare(script, {}, std::vector{loops_}, embed::Returns::anything);
  }

  /// From now on it has so many loops.
  double seconds_of_job(std::int64_t loops) {
    loops_ = loops;
    prepare_again();
    const std::int64_t begin_ns = now_ns();
    api().call(call());
    return static_cast<double>(now_ns() - begin_ns) * 1e-9;
  }

  const Benchmark benchmark_;
  embed::Script* whole_ = nullptr;
  std::int64_t loops_ = 1;
  std::string unverified_;
};

std::unique_ptr<Execution> execution_of(const Way& way, const Stage& stage) {
  if (way.benchmark) return std::make_unique<BenchmarkInWorkers>(way, stage);
  return std::make_unique<ScriptInWorkers>(way, stage);
}

Strategy strategy_of(const Way& way, std::string summary, std::string worker) {
  return {.name = way.name,
          .summary = std::move(summary),
          .threads = Threads::pool,
          .traits = {.each_does_all = way.benchmark && !way.benchmark->splits,
                     .by_workers = true,
                     .isolated = true,
                     .worker = std::move(worker)},
          .on_request = true,
          .start = [way](const StartStage& stage) -> std::shared_ptr<Started> {
            return std::make_shared<StartedWorkers>(way, stage);
          },
          .own_script = true,
          .prepare = [way](const Stage& stage) { return execution_of(way, stage); }};
}

}  // namespace

Strategy processes(const std::string& method, const std::optional<Benchmark>& benchmark) {
  Strategy strategy = strategy_of({"processes", method, benchmark},
                                  "the script, split over processes of multiprocessing", "a process");
  strategy.variant = {{"start", method}};
  return strategy;
}

Strategy thread_pool(const std::optional<Benchmark>& benchmark) {
  Strategy strategy = strategy_of({.name = "thread_pool", .benchmark = benchmark},
                                  "a ThreadPoolExecutor of concurrent.futures", "a thread pool");
  strategy.traits.shares_gil = true;
  return strategy;
}

Strategy interpreter_pool(const std::optional<Benchmark>& benchmark) {
  return strategy_of({.name = "interpreter_pool", .benchmark = benchmark},
                     "its InterpreterPoolExecutor, from CPython 3.14 on", "an interpreter pool");
}

Strategy process_pool(const std::optional<Benchmark>& benchmark) {
  return strategy_of({.name = "process_pool", .benchmark = benchmark}, "its ProcessPoolExecutor",
                     "a process pool");
}

}  // namespace harness
