// harness/row/counters.cpp: the one table of what is measured beside a row's time.
#include "harness/row/counters.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/row/account.h"
#include "harness/row/format.h"

namespace harness {
namespace {

constexpr Shown kStory{.story = Story::yes, .wide = true};
constexpr Shown kMeasured{.story = Story::yes, .wide = true, .kept = true};
constexpr Shown kWide{.wide = true};
constexpr Shown kCells{.story = Story::yes, .wide = true, .kept = true, .cells = true};
constexpr Shown kFilesOnly{};
constexpr Shown kKept{.kept = true};
constexpr Shown kLoss{.story = Story::as_largest_loss, .kept = true};

constexpr Shown told(Shown shown, Story story) {
  shown.story = story;
  return shown;
}

constexpr CounterInfo of_iteration(CounterInfo info) {
  info.of_iteration = true;
  return info;
}

constexpr CounterInfo wide_in_percent(std::string_view column, CounterInfo info) {
  info.wide_percent = column;
  return info;
}

constexpr CounterInfo part_of_account(std::string_view glyph, CounterInfo info) {
  info.glyph = glyph;
  return info;
}

// results/README.md says of each what it means.
constexpr std::array kTable{
    CounterInfo{"break_even_ns", Unit::ns, "pays from {} a task", kMeasured, Better::lower},
    CounterInfo{"no_break_even_ns", Unit::ns, "does not pay up to {} a task", kMeasured},
    CounterInfo{"break_even_low_ns", Unit::ns, "{} at least", kFilesOnly},
    CounterInfo{"break_even_high_ns", Unit::ns, "{} at most", kFilesOnly},
    CounterInfo{"call_p50_ns", Unit::ns, "a call {}", kStory},
    CounterInfo{"first_start_ns", Unit::ns, "the first {}", kStory},
    CounterInfo{"megabyte_p50_ns", Unit::ns, "a megabyte {}", kStory},
    CounterInfo{"worker_private_bytes", Unit::bytes, "{} a worker", kWide},
    CounterInfo{"start_p50_ns", Unit::ns, "p50 {}", kWide},
    CounterInfo{"start_p90_ns", Unit::ns, "p90 {}", kFilesOnly},
    CounterInfo{"start_p99_ns", Unit::ns, "p99 {}", kWide},
    CounterInfo{"start_max_ns", Unit::ns, "longest {}", kFilesOnly},
    CounterInfo{"call_p90_ns", Unit::ns, "a call's p90 {}", kFilesOnly},
    CounterInfo{"call_p99_ns", Unit::ns, "a call's p99 {}", kWide},
    CounterInfo{"call_max_ns", Unit::ns, "longest call {}", kFilesOnly},
    CounterInfo{"megabyte_p90_ns", Unit::ns, "a megabyte's p90 {}", kFilesOnly},
    CounterInfo{"megabyte_p99_ns", Unit::ns, "a megabyte's p99 {}", kWide},
    CounterInfo{"megabyte_max_ns", Unit::ns, "longest megabyte {}", kFilesOnly},
    CounterInfo{"pair_ns", Unit::ns, "a pair {}", kMeasured, Better::lower},
    CounterInfo{"pair_max_ns", Unit::ns, "at most {}", kStory},
    CounterInfo{"handoff_p50_ns", Unit::ns, "p50 {}", kMeasured, Better::lower},
    CounterInfo{"handoff_p99_ns", Unit::ns, "p99 {}", kStory},
    CounterInfo{"latency_p50_ns", Unit::ns, "p50 {}", kMeasured, Better::lower},
    CounterInfo{"latency_p99_ns", Unit::ns, "p99 {}", kStory},
    CounterInfo{"python_share_of_alone", Unit::share, "{} of Python's rate alone", kMeasured, Better::higher},
    CounterInfo{"of_ceiling", Unit::share, "{} of memory's speed", kStory},
    CounterInfo{"bytes_per_second", Unit::bytes_per_second, "{}", kStory},
    wide_in_percent("gil_wait_%",
                    {"gil_wait_share", Unit::share, "GIL wait {}", told(kCells, Story::where_not_0)}),
    CounterInfo{"cpu_per_wall", Unit::ratio, "{} cores", told(kStory, Story::of_several_threads)},
    wide_in_percent("gil_held_%", {"gil_held_share", Unit::share, "GIL held {}", kCells}),
    of_iteration({"gil_switches", Unit::count, "{} switch(es)", {.wide = true, .kept = true, .cells = true}}),
    CounterInfo{"gil_fairness", Unit::ratio, "fairness {}", {.wide = true, .kept = true}},
    CounterInfo{"loops", Unit::count, "{} call(s) a thread at a time", kFilesOnly},
    CounterInfo{"speedup", Unit::ratio, "{} ×", kWide},
    CounterInfo{"pair_p50_ns", Unit::ns, "p50 {}", kWide},
    CounterInfo{"pair_p90_ns", Unit::ns, "p90 {}", kWide},
    CounterInfo{"pair_p99_ns", Unit::ns, "p99 {}", kWide},
    CounterInfo{"handoff_p90_ns", Unit::ns, "p90 {}", kWide},
    CounterInfo{"handoff_max_ns", Unit::ns, "longest {}", kWide},
    CounterInfo{"latency_p90_ns", Unit::ns, "p90 {}", kWide},
    CounterInfo{"latency_max_ns", Unit::ns, "longest {}", kWide},
    CounterInfo{"python_steps_per_second", Unit::per_second, "{} Python steps a second", kWide},
    CounterInfo{"ended_threads", Unit::count, "{} thread(s) ended before", kFilesOnly},
    of_iteration({"gil_acquires", Unit::count, "{} acquire(s)", kFilesOnly}),
    of_iteration({"gil_releases", Unit::count, "{} release(s)", kFilesOnly}),
    of_iteration({"gil_switches_same_core", Unit::count, "{} switch(es) within a core", kFilesOnly}),
    of_iteration({"gil_switches_other_core", Unit::count, "{} switch(es) between cores", kFilesOnly}),
    of_iteration({"gil_forced_switches", Unit::count, "{} forced switch(es)", kFilesOnly}),
    of_iteration({"gil_timeouts", Unit::count, "{} timeout(s)", kFilesOnly}),
    of_iteration({"gil_wait_ns", Unit::ns, "waited {}", kFilesOnly}),
    CounterInfo{"gil_wait_max_ns", Unit::ns, "longest wait {}", kFilesOnly},
    CounterInfo{"gil_wait_p99_ns", Unit::ns, "wait p99 {}", kFilesOnly},
    of_iteration({"gil_held_ns", Unit::ns, "held {}", kFilesOnly}),
    CounterInfo{"gil_handoff_p50_ns", Unit::ns, "hand-off p50 {}", kFilesOnly},
    CounterInfo{"gil_handoff_p99_ns", Unit::ns, "hand-off p99 {}", kFilesOnly},
    CounterInfo{"gil_longest_hold_ns", Unit::ns, "longest hold {}", kFilesOnly},
    of_iteration({"gil_dropped_events", Unit::count, "{} event(s) dropped", kFilesOnly}),
    of_iteration({"lock_parks", Unit::count, "{} park(s) on locks", {.wide = true, .kept = true}}),
    of_iteration({"lock_park_ns", Unit::ns, "parked {}", kFilesOnly}),
    CounterInfo{"lock_park_max_ns", Unit::ns, "longest park {}", kFilesOnly},
    CounterInfo{"lock_park_p99_ns", Unit::ns, "park p99 {}", kFilesOnly},
    of_iteration({"lock_spins", Unit::count, "{} spin(s)", {.wide = true, .kept = true}}),
    of_iteration({"lock_spin_ns", Unit::ns, "spun about {}", kFilesOnly}),
    of_iteration({"lock_dropped_events", Unit::count, "{} event(s) of locks dropped", kFilesOnly}),
    of_iteration({"lock_bursts", Unit::count, "about {} burst(s) of spins", kFilesOnly}),
    of_iteration({"lock_bursts_parked", Unit::count, "about {} of them before a park", kFilesOnly}),
    of_iteration({"semaphore_waits", Unit::count, "{} wait(s) for semaphores", kFilesOnly}),
    of_iteration({"world_stops", Unit::count, "{} stop(s) of the world", {.wide = true, .kept = true}}),
    of_iteration({"world_stop_ns", Unit::ns, "world stopped {}", kFilesOnly}),
    CounterInfo{"world_stop_max_ns", Unit::ns, "longest stop {}", kFilesOnly},
    CounterInfo{"world_stop_p99_ns", Unit::ns, "stop p99 {}", kFilesOnly},
    part_of_account("█", {"account_useful", Unit::share, "useful {}", kKept}),
    part_of_account("▓", {.name = "account_slower",
                          .unit = Unit::share,
                          .words = "slower CPU {}",
                          .shown = kLoss,
                          .title = "slower"}),
    // Its story is told by gil_wait_share.
    part_of_account("▒", {"account_gil_wait", Unit::share, "GIL wait {}", kKept}),
    part_of_account("▚", {"account_lock_wait", Unit::share, "lock wait {}", kLoss}),
    part_of_account("▞", {"account_lock_spin", Unit::share, "lock spin {}", kLoss}),
    part_of_account("▤", {"account_world_stopped", Unit::share, "world stopped {}", kLoss}),
    part_of_account("░", {"account_blocked", Unit::share, "blocked {}", kLoss}),
    part_of_account("╌", {"account_not_scheduled", Unit::share, "no core {}", kLoss}),
    part_of_account("·", {"account_idle", Unit::share, "idle {}", kLoss}),
    CounterInfo{"account_other_threads", Unit::share, "other threads {}", kFilesOnly},
    CounterInfo{"account_cpu", Unit::share, "CPU time {}", kFilesOnly},
    of_iteration({"account_cpu_ns", Unit::ns, "{} of CPU time", kFilesOnly}),
    CounterInfo{"account_baseline_interval", Unit::share, "useful ± {}", kFilesOnly},
    CounterInfo{"shared_core_share", Unit::share, "two threads on one core {}", kFilesOnly},
    CounterInfo{"shared_core_looks", Unit::count, "{} look(s) at where they were", kFilesOnly},
    CounterInfo{"others_cpu_share", Unit::share, "others had {} of the machine", kFilesOnly},
    CounterInfo{"stolen_cpu_share", Unit::share, "the hypervisor had {} of the machine", kFilesOnly},
};

/// But for the largest loss.
bool is_told(const CounterInfo& info, double value, int threads) {
  switch (info.shown.story) {
    case Story::yes:
      return true;
    case Story::where_not_0:
      return value != 0;
    case Story::of_several_threads:
      return threads > 1;
    case Story::no:
    case Story::as_largest_loss:
      break;
  }
  return false;
}

}  // namespace

std::span<const CounterInfo> counter_table() {
  return kTable;
}

CounterInfo info_of(std::string_view counter) {
  const auto found = std::ranges::find(kTable, counter, &CounterInfo::name);
  if (found != kTable.end()) return *found;
  return {counter, counter.ends_with("_per_second") ? Unit::per_second : Unit::count, "{}", kWide};
}

std::string value_text(const CounterInfo& info, double value) {
  switch (info.unit) {
    case Unit::share:
      return format_percent(value);
    case Unit::ns:
      return format_time(value * 1e-9);
    case Unit::bytes_per_second:
      return format_ratio(value * 1e-9) + " GB/s";
    case Unit::per_second:
      return format_ratio(value) + "/s";
    case Unit::bytes:
      return format_ratio(value / (1 << 20)) + " MiB";
    case Unit::count:
      return value == std::round(value) ? format_count(value) : format_ratio(value);
    case Unit::ratio:
      break;
  }
  return format_ratio(value);
}

std::string worded(const CounterInfo& info, double value) {
  std::string text(info.words);
  for (std::size_t open = text.find('('); open != text.npos; open = text.find('(')) {
    const std::size_t close = text.find(')', open);
    const std::string plural = value == 1 ? "" : text.substr(open + 1, close - open - 1);
    text.replace(open, close - open + 1, plural);
  }
  return text.replace(text.find("{}"), 2, value_text(info, value));
}

std::string title_of(const CounterInfo& info) {
  return std::string(info.title.empty() ? info.words.substr(0, info.words.find(" {}")) : info.title);
}

std::vector<std::string> story_of(const Counters& counters, int threads) {
  std::vector<std::string> story;
  if (const auto loss = largest_loss(counters)) {
    const CounterInfo info = info_of(loss->counter);
    if (info.shown.story == Story::as_largest_loss) story.push_back(worded(info, loss->share));
  }
  for (const CounterInfo& info : kTable) {
    if (story.size() == 2) break;
    const auto found = counters.find(std::string(info.name));
    if (found != counters.end() && is_told(info, found->second, threads))
      story.push_back(worded(info, found->second));
  }
  return story;
}

}  // namespace harness
