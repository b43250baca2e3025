// harness/tracer/watcher.cpp: one thread, which sleeps until a thread of the program waits in vain.
#include "harness/tracer/watcher.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <csignal>
#include <cstring>
#include <utility>

#include "harness/system/clock.h"
#include "harness/system/text.h"
#include "harness/tracer/culprit.h"

namespace harness::tracer {
namespace {

constexpr std::int64_t kRest_ns = 100'000'000;  // between two looks at a program that does not call
constexpr std::size_t kManyEvents = 20'000;     // of the world, to be folded

/// Of /proc/PID/task/TID/syscall.
struct Blocked {
  int system_call;
  std::uintptr_t stack_pointer, program_counter;
};

/// Nothing for a thread that runs. "NUMBER ARGUMENT… STACK-POINTER PROGRAM-COUNTER"; the number is -1 in a
/// page fault, where a signal does no harm.
std::optional<Blocked> blocked_of(const std::string& text) {
  const std::vector<std::string_view> words = words_of(text);
  constexpr std::size_t kWords = 9;
  if (words.size() != kWords) return std::nullopt;
  const auto number = number_in<int>(words[0]);
  const auto address = [](std::string_view word) {
    std::uintptr_t value = 0;
    word.remove_prefix(std::min<std::size_t>(word.size(), 2));  // 0x
    std::from_chars(word.data(), word.data() + word.size(), value, 16);
    return value;
  };
  if (!number || *number < 0) return std::nullopt;
  return Blocked{*number, address(words[7]), address(words[8])};
}

}  // namespace

Watcher::Watcher(TraceMemory& memory, pid_t process)
    : memory_(memory), process_(process), image_(process), sites_(memory, image_), thread_([this] {
        watch();
      }) {}

Watcher::~Watcher() {
  if (thread_.joinable()) finish(trace::take_clock_anchor());
}

void Watcher::finish(trace::ClockAnchor end) {
  stop_ = true;
  memory_.watcher_sleeps.store(0);
  memory_.alert.fetch_add(1);
  syscall(SYS_futex, &memory_.alert, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
  thread_.join();
  take_logs(true);
  take_open_holds(end.ticks);
  for (ThreadSlot& slot : memory_.threads) {
    if (slot.state.load() != ThreadSlot::free) take_thread(slot);
  }
  // Several that are together come first.
  std::ranges::sort(threads_, {}, [](const ThreadRecord& thread) {
    return std::pair(thread.threads() == 1, thread.slot->number);
  });
  fold_world(end, true);
}

void Watcher::take_open_holds(Ticks end) {
  for (std::uint32_t i = 0; i < memory_.gils_taken.load(); ++i) {
    const GilState& gil = memory_.gils[i];
    const Ticks asked_at = gil.asked_at.load();
    const pid_t holder = gil.holder.load();
    if (holder == 0 || asked_at == 0 || end < asked_at + memory_.settings.long_hold) continue;
    const auto slot = std::ranges::find_if(memory_.threads, [&](const ThreadSlot& thread) {
      return thread.state.load() == ThreadSlot::live && thread.os_id.load() == holder;
    });
    const bool is_sampled = slot != memory_.threads.end() && slot->sampled_hold.load() == gil.hold.load();
    add_hold({.gil = i,
              .thread = slot != memory_.threads.end() ? slot->number : 0,
              .hold = gil.hold.load(),
              .length = end - gil.wanted_at,
              .samples = {is_sampled ? slot->samples[0].load() : 0, 0}});
  }
}

void Watcher::fold_world(trace::ClockAnchor now, bool is_last) {
  for (const ThreadSlot& slot : memory_.threads) {
    if (slot.state.load() != ThreadSlot::free) names_[slot.number] = name_of(slot, process_);
  }
  world_.fold({.times = trace::TickConversion(memory_.attached_at, now),
               .name_of = [&](std::uint32_t number) { return names_[number]; },
               .site_of = [&](StackNumber stack) -> const lock_trace::Site& { return sites_.of(stack); }},
              is_last);
  if (world_.waiting_events() == 0) names_.clear();
}

std::int64_t Watcher::ns_of(Ticks length) const {
  return static_cast<std::int64_t>(static_cast<double>(length) / memory_.settings.ticks_per_ns);
}

void Watcher::watch() {
  while (!stop_) {
    // Before it looks, so that whoever comes after calls.
    const std::uint32_t seen = memory_.alert.load();
    memory_.watcher_sleeps.store(1);
    image_.look();
    take_logs(false);
    take_ended_threads();
    if (std::max(world_.waiting_events(), names_.size()) > kManyEvents)
      fold_world(trace::take_clock_anchor(), false);
    sleep(seen, look_at_holds());
  }
}

void Watcher::sleep(std::uint32_t seen, std::optional<std::int64_t> at_most_ns) {
  if (stop_) return;
  if (at_most_ns) memory_.watcher_sleeps.store(0);  // it looks again soon, whoever calls
  const std::int64_t ns = at_most_ns.value_or(kRest_ns);
  const timespec time{.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
  syscall(SYS_futex, &memory_.alert, FUTEX_WAIT, seen, &time, nullptr, 0);
  memory_.watcher_sleeps.store(0);
}

void Watcher::take_logs(bool is_last) {
  memory_.long_holds.drain([&](const LongHold& hold) { add_hold(hold); }, is_last);
  memory_.world.drain([&](const WorldEvent& event) { world_.add(event); }, is_last);
}

/// Whether both are of what the eval loop called once, as far as they tell.
bool Watcher::are_of_one_call(const std::array<StackNumber, 2>& samples) {
  const auto names_of = [&](StackNumber sample) {
    return sites_.names_of(memory_.stacks.addresses_of(sample));
  };
  const std::vector<std::string> first = names_of(samples[0]);
  const std::vector<std::string> second = names_of(samples[1]);
  const auto is_whole = [](const auto& names) { return !names.empty() && names.back() == kPythonCode; };
  return !is_whole(first) || !is_whole(second) || culprit_of(first, false) == culprit_of(second, false);
}

void Watcher::add_hold(const LongHold& hold) {
  HoldPlace place;
  if (const auto look = looks_.find({hold.gil, hold.hold}); look != looks_.end()) place = look->second.place;
  if (hold.samples[0] != 0) {
    place.stack = memory_.stacks.addresses_of(hold.samples[0]);
    place.is_python = !are_of_one_call(hold.samples);
  }
  HoldTotals& totals = long_holds_[place];
  ++totals.count;
  totals.total += hold.length;
  totals.longest = std::max(totals.longest, hold.length);
  // What began earlier on the same GIL has ended, too.
  looks_.erase(looks_.lower_bound({hold.gil, 0}), looks_.upper_bound({hold.gil, hold.hold}));
}

void Watcher::take_ended_threads() {
  const std::uint32_t taken = memory_.threads_live_or_ended.load();
  constexpr std::uint32_t kFew = kMostThreads / 2;
  std::uint32_t rings = 0;
  for (std::uint32_t i = 0; i < memory_.settings.rings; ++i) rings += memory_.ring_owners[i].load() != 0;
  if (taken < kFew && rings * 2 < memory_.settings.rings + 1) return;
  for (std::uint32_t i = 0; i < taken; ++i) {
    std::uint32_t ended = ThreadSlot::ended;
    if (memory_.threads[i].state.compare_exchange_strong(ended, ThreadSlot::being_emptied)) {
      take_thread(memory_.threads[i]);
    }
  }
  constexpr std::size_t kMostKept = 2048;  // threads
  while (threads_.size() > kMostKept) {
    fold_into(threads_[0], threads_[1]);
    threads_.erase(threads_.begin() + 1);
  }
  // The latest events are of most use.
  constexpr std::uint64_t kMostEvents = 1'000'000;
  std::uint64_t events = 0;
  for (auto thread = threads_.rbegin(); thread != threads_.rend(); ++thread) {
    events += thread->events.size();
    if (events <= kMostEvents) continue;
    thread->events_left_out += thread->events.size();
    thread->events = {};
  }
}

/// Keeps what is in it, and gives it back.
void Watcher::take_thread(ThreadSlot& slot) {
  if (memory_.settings.world_ranges != 0) names_[slot.number] = name_of(slot, process_);
  threads_.push_back(record_of(memory_, slot));
  if (slot.ring != 0) memory_.ring_owners[slot.ring - 1].store(0);
  std::memset(static_cast<void*>(&slot), 0, sizeof slot);  // ThreadSlot::free
}

/// Most holds end before they are long. What is known of one that was is wanted until the logs have been
/// taken once more.
void Watcher::forget_ended_looks() {
  for (auto look = looks_.begin(); look != looks_.end();) {
    auto& [of, known] = *look;
    const bool goes_on = memory_.gils[of.first].hold.load() == of.second;
    const bool is_wanted = goes_on || (known.looks > 0 && !std::exchange(known.has_ended, true));
    look = is_wanted ? std::next(look) : looks_.erase(look);
  }
}

std::optional<std::int64_t> Watcher::look_at_holds() {
  forget_ended_looks();
  constexpr int kLooks = 2;
  std::optional<std::int64_t> next_ns;
  const Ticks now = trace::now_ticks();
  for (std::uint32_t i = 0; i < memory_.gils_taken.load(); ++i) {
    const GilState& gil = memory_.gils[i];
    const Ticks asked_at = gil.asked_at.load(std::memory_order_acquire);
    const std::uint64_t hold = gil.hold.load(std::memory_order_relaxed);
    const pid_t holder = gil.holder.load(std::memory_order_acquire);
    if (asked_at == 0 || holder == 0) continue;
    Look& look = looks_[{i, hold}];
    if (look.looks == kLooks) continue;
    // Again when it has gone on for as long once more.
    Ticks due = asked_at + memory_.settings.long_hold * static_cast<Ticks>(look.looks + 1);
    if (due <= now) {
      look_at(gil, look, hold, holder);
      due = now + memory_.settings.long_hold;
    } else if (look.looks == 0) {
      look.delay_ns = run_delay_ns(holder);
    }
    if (look.looks < kLooks) {
      const std::int64_t ns = ns_of(due - now) + 1000;
      next_ns = std::min(next_ns.value_or(ns), ns);
    }
  }
  return next_ns;
}

void Watcher::look_at(const GilState& gil, Look& look, std::uint64_t hold, pid_t thread) {
  const auto state = read_text_file(task_file(thread, "syscall"));
  const auto still = [&] { return gil.hold.load() == hold && gil.holder.load() == thread; };
  if (!state || !still()) return;
  const auto blocked = blocked_of(*state);
  const bool is_first = look.looks++ == 0;
  if (blocked && is_first) {
    HoldPlace place{.stack = image_.callers(blocked->stack_pointer, blocked->program_counter),
                    .system_call = blocked->system_call};
    if (still()) look.place = std::move(place);
  } else if (!blocked) {
    siginfo_t info{};
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_int = static_cast<int>(hold);
    syscall(SYS_rt_tgsigqueueinfo, process_, thread, kSampleSignal, &info);
  }
  if (!is_first) return;
  std::vector<PythonFrame> frames = python_frames(thread);
  if (still()) look.place.python = std::move(frames);
  look.place.had_no_core =
      look.delay_ns >= 0 && run_delay_ns(thread) - look.delay_ns > ns_of(memory_.settings.long_hold) / 2;
}

std::string Watcher::task_file(pid_t thread, const char* name) const {
  return "/proc/" + std::to_string(process_) + "/task/" + std::to_string(thread) + "/" + name;
}

/// How long it has waited for a core, in all: the second number of schedstat.
std::int64_t Watcher::run_delay_ns(pid_t thread) const {
  const auto text = read_text_file(task_file(thread, "schedstat"));
  const auto words = words_of(text.value_or(""));
  return words.size() > 1 ? number_in<std::int64_t>(words[1]).value_or(0) : 0;
}

std::vector<PythonFrame> Watcher::python_frames(pid_t thread) {
  if (!lines_) {
    const std::string file = sites_.file();
    const auto elf = ElfFile::open(file);
    const auto base = image_.base_of(file);
    const auto runtime = elf ? elf->address_of("_PyRuntime") : std::nullopt;
    if (!base || !runtime) return {};
    lines_.emplace(*base + *runtime,
                   [this](std::uintptr_t address, std::size_t bytes) { return image_.read(address, bytes); });
  }
  return lines_->frames_of(thread);
}

}  // namespace harness::tracer
