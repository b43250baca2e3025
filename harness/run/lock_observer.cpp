// harness/run/lock_observer.cpp: the trace of CPython's locks of a run, row by row.
#include <dlfcn.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "harness/lock_trace/recorder.h"
#include "harness/lock_trace/row_counters.h"
#include "harness/lock_trace/watched_code.h"
#include "harness/run/contention_of.h"
#include "harness/run/lock_timeline.h"
#include "harness/run/traces.h"

namespace harness {
namespace {

using lock_trace::Site;
using lock_trace::Span;
using lock_trace::StackNumber;
using lock_trace::WaitKind;

/// CPython's code is where its functions are.
lock_trace::WatchedCode watch_cpython() {
  return lock_trace::watch_code_of({.any = dlsym(RTLD_DEFAULT, "Py_GetVersion"),
                                    .eval = dlsym(RTLD_DEFAULT, "_PyEval_EvalFrameDefault"),
                                    .release = dlsym(RTLD_DEFAULT, "PyThread_release_lock")});
}

trace::Loss loss_of(const Span& span, WaitKind kind) {
  switch (kind) {
    case WaitKind::world:
    case WaitKind::request:
      return trace::Loss::world_stopped;
    case WaitKind::event:
      return trace::Loss::blocked;
    case WaitKind::lock:
    case WaitKind::none:
    case WaitKind::unknown:
      break;
  }
  return span.kind == lock_trace::SpanKind::parked ? trace::Loss::lock_wait : trace::Loss::lock_spin;
}

/// Whether the program itself has named the thread so, as one that does a workload's work.
bool is_of_team(std::string_view name) {
  return name.starts_with("team ") || name == "main";
}

/// Records the iterations of one row after the other.
class LockObserver : public Observer {
 public:
  explicit LockObserver(const TraceSetup& setup)
      : is_on_(setup.lock_trace), for_timeline_(!setup.gil_trace_file.empty()) {
    if (!is_on_) return;
    lock_trace::reserve_buffers();
    trace::name_this_thread("main");
    const lock_trace::WatchedCode code = watch_cpython();
    is_bound_ = !code.file.empty() && lock_trace::hook_self_test();
    sites_.emplace(code);
    const bool free_threaded =
        setup.python.attached([&] { return setup.python.api().facts().free_threaded; });
    knows_stops_ = !free_threaded || sites_->know_stops();
  }

  void begin_repetition(const Experiment& experiment) override {
    is_of_workload_ = experiment.traits.accounted;
    of_others_ = false;
    counters_ = {};
    cut_before_ = lock_trace::walk_counts().cut;
    losses_ = {};
    timeline_ = {};
  }

  void begin() override {
    if (traces()) lock_trace::start_recording();
  }

  void abandon() override {
    if (traces()) lock_trace::stop_recording();
  }

  void end(const JobTime& time, const Prepared& /*prepared*/) override {
    if (!traces()) return;
    lock_trace::stop_recording();
    lock_trace::Recording recording = lock_trace::collect_recording();
    trace::keep_threads(recording, time.workers);
    const lock_trace::SiteOf site_of = [this](StackNumber stack) -> const Site& { return sites_->of(stack); };
    lock_trace::Analysis analysis = lock_trace::analyse(recording, {time.begin_ns, time.end_ns}, site_of);
    note_losses(recording, analysis);
    if (for_timeline_) timeline_.add(recording, analysis, site_of);
    if (time.is_watched()) counters_.add(std::move(analysis));
  }

  Counters counters() const override {
    Counters counters;
    for (const auto& [name, value] : counters_.counters()) {
      if (knows_stops_ || !name.starts_with("world_")) counters[name] = value;
    }
    return counters;
  }

  std::string label() const override {
    if (is_on_ && !is_bound_) return "locks not traced: the interposer is not bound";
    if (!counters_.failure().empty()) return "lock trace failed its self-check: " + counters_.failure();
    if (!traces()) return "";
    if (!knows_stops_) return "stops of the world not told: the libpython's symbols are stripped";
    const std::uint64_t cut = lock_trace::walk_counts().cut - cut_before_;
    return cut == 0 ? "" : std::to_string(cut) + " call stacks cut: their budget was spent";
  }

  trace::Losses losses() const override { return losses_; }

  Contention contention() const override {
    if (!traces() || !counters_.failure().empty()) return {};
    Contention contention = contention_of(counters_, *sites_);
    contention.of_others = of_others_;
    return contention;
  }

  void add_to(TimelineExtras& extras) const override {
    timeline_.add_to(extras.lanes);
    if (Contention waits = contention(); !waits.is_empty()) extras.contention = std::move(waits);
  }

 private:
  bool traces() const { return is_on_ && is_bound_; }

  void note_losses(const lock_trace::Recording& recording, const lock_trace::Analysis& analysis) {
    losses_ = {};
    losses_.kinds = {trace::Loss::lock_wait, trace::Loss::lock_spin};
    if (knows_stops_) losses_.kinds.push_back(trace::Loss::world_stopped);
    if (analysis.dropped_events != 0) losses_.incomplete = "the trace of locks dropped events";
    if (!analysis.failure.empty()) losses_.incomplete = "the trace of locks failed its self-check";
    for (const lock_trace::ThreadWaits& waits : analysis.threads) {
      const bool is_other = !is_of_team(recording.threads[waits.thread].name);
      of_others_ = of_others_ || (is_of_workload_ && is_other && !waits.spans.empty());
      trace::ThreadLosses thread{.os_id = recording.threads[waits.thread].os_id, .spans = {}};
      for (const Span& span : waits.spans) {
        const WaitKind kind = sites_->of(span.stack).wait.kind;
        if (kind == WaitKind::none) continue;
        const bool spins = span.kind == lock_trace::SpanKind::spinning;
        thread.spans.push_back({.loss = loss_of(span, kind),
                                .begin_ns = span.begin_ns,
                                .end_ns = span.end_ns,
                                .cpu_ns = span.cpu_ns,
                                .cpu_unsure_ns = spins ? span.end_ns - span.begin_ns - span.cpu_ns : 0});
      }
      losses_.threads.push_back(std::move(thread));
    }
  }

  const bool is_on_;
  const bool for_timeline_;
  bool is_bound_ = false;
  bool knows_stops_ = true;
  bool is_of_workload_ = false;
  bool of_others_ = false;  // threads that are not the row's waited in this repetition
  std::uint64_t cut_before_ = 0;
  mutable std::optional<lock_trace::Sites> sites_;
  lock_trace::RowCounters counters_;
  trace::Losses losses_;
  LockTimeline timeline_;
};

}  // namespace

std::unique_ptr<Observer> lock_observer(const TraceSetup& setup) {
  return std::make_unique<LockObserver>(setup);
}

}  // namespace harness
