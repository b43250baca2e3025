// harness/lock_trace/recorder.cpp: what the hook makes of each call.
#include "harness/lock_trace/recorder.h"

#include <dlfcn.h>
#include <semaphore.h>
#include <time.h>

#include <algorithm>
#include <limits>

#include "harness/error.h"
#include "harness/lock_trace/hook.h"

namespace harness::lock_trace {
namespace detail {

constinit thread_local int self_test_calls = 0;

namespace {

constinit StackTable stacks;
constinit StackWalker walker;

using trace::ThreadBuffer;
using trace::TickEvent;

// Between two yields of one wait CPython looks at the lock and no more. Between those of two waits it has
// taken the lock, done what it was for and read the clock.
constexpr std::int64_t kSameBurst_ns = 100;
// A yield that nobody else wanted is a system call; one that lasts longer let somebody else run.
constexpr std::int64_t kDescheduled_ns = 20'000;

/// kSameBurst_ns and kDescheduled_ns in ticks, by the pace of the clock since the first anchor.
struct Thresholds {
  std::uint64_t same_burst = kSameBurst_ns;
  std::uint64_t descheduled = kDescheduled_ns;
};
constinit Thresholds thresholds{};

TickEvent made(trace::TicksAndCpu now, std::uint32_t value, EventKind kind) noexcept {
  return {now.ticks, value, static_cast<std::uint16_t>(kind), now.cpu};
}

StackNumber stack_number(Call call) noexcept {
  Frames frames;
  walker.walk(call.address, call.stack, frames);
  return stacks.number_of(frames);
}

/// The calling thread's buffer, whose last burst of yields is over.
ThreadBuffer* buffer() noexcept {
  const std::uint32_t recording = recorder.recording();
  ThreadBuffer* const buffer = recording == 0 ? nullptr : recorder.buffer_in(recording);
  if (buffer != nullptr) buffer->note = 0;
  return buffer;
}

/// What a thread's buffer notes: where it yields, if its last event is a spin_end that may be added to.
std::uint32_t note_of(std::uintptr_t address) {
  return static_cast<std::uint32_t>(address) | 1;
}

}  // namespace

void on_yield(Call call, trace::TicksAndCpu began) noexcept {
  const trace::TicksAndCpu ended = trace::now_ticks_and_cpu();
  const std::uint32_t recording = recorder.recording();
  ThreadBuffer* const buffer = recording == 0 ? nullptr : recorder.buffer_in(recording);
  if (buffer == nullptr) return;
  const std::uint64_t count = buffer->count.load(std::memory_order_relaxed);
  TickEvent* const last = count == 0 ? nullptr : &buffer->events[count - 1];
  if (last != nullptr && buffer->note == note_of(call.address) &&
      began.ticks - last->ticks < thresholds.same_burst) {
    // Nobody but its owner reads it before the recording has ended.
    last->ticks = ended.ticks;
    last->cpu = ended.cpu;
    ++last->object;
  } else {
    buffer->append(made(began, stack_number(call), EventKind::spin));
    buffer->append(made(ended, 1, EventKind::spin_end));
    buffer->note = buffer->count.load(std::memory_order_relaxed) == count + 2 ? note_of(call.address) : 0;
  }
  if (ended.ticks - began.ticks < thresholds.descheduled) return;
  buffer->append(made(began, 0, EventKind::descheduled));
  buffer->note = 0;
}

void on_wait_at_once() noexcept {
  ThreadBuffer* const own = buffer();
  if (own != nullptr) own->append(made(trace::now_ticks_and_cpu(), 0, EventKind::at_once));
}

std::int64_t on_park(Call call) noexcept {
  ThreadBuffer* const own = buffer();
  if (own == nullptr) return 0;
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  const std::int64_t cpu_ns = thread_cpu_ns();  // before the stack is walked: that is within the park
  own->append(made(now, stack_number(call), EventKind::park));
  return cpu_ns;
}

void on_park_end(EventKind how, std::int64_t cpu_before_ns) noexcept {
  ThreadBuffer* const own = buffer();
  if (own == nullptr) return;
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  const std::int64_t used_ns = cpu_before_ns == 0 ? 0 : thread_cpu_ns() - cpu_before_ns;
  const auto value = std::min<std::int64_t>(used_ns, std::numeric_limits<std::uint32_t>::max());
  own->append(made(now, static_cast<std::uint32_t>(value), how));
}

void on_post(Call call) noexcept {
  if (watched_ranges.release.has(call.address)) return;
  ThreadBuffer* const own = buffer();
  if (own == nullptr) return;
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  own->append(made(now, stack_number(call), EventKind::wake));
}

}  // namespace detail

namespace {

/// The clock when the first recording could have begun.
trace::ClockAnchor first_anchor{};

}  // namespace

using detail::recorder;

void reserve_buffers(trace::BufferSizes sizes) {
  if (!recorder.reserve(sizes)) {
    throw UserError("no memory for the trace of locks: raise the limit (ulimit -v) or use --no-lock-trace");
  }
  StackWalker::make_ready();
  detail::walker.begin_budget();
  first_anchor = trace::take_clock_anchor();
}

void start_recording() {
  constexpr std::int64_t kLongEnough_ns = 100'000;  // for a pace that is right to a part in a thousand
  const trace::ClockAnchor now = trace::take_clock_anchor();
  const std::int64_t passed_ns = now.ns - first_anchor.ns;
  if (passed_ns > kLongEnough_ns) {
    const double per_ns =
        static_cast<double>(now.ticks - first_anchor.ticks) / static_cast<double>(passed_ns);
    detail::thresholds = {static_cast<std::uint64_t>(per_ns * static_cast<double>(detail::kSameBurst_ns)),
                          static_cast<std::uint64_t>(per_ns * static_cast<double>(detail::kDescheduled_ns))};
  }
  recorder.start();
}

void stop_recording() {
  recorder.stop();
}

Recording collect_recording() {
  return recorder.collect<Event>([](std::int64_t time_ns, const trace::TickEvent& event) {
    return Event{time_ns, event.object, static_cast<EventKind>(event.kind), event.cpu};
  });
}

std::vector<std::uintptr_t> addresses_of(StackNumber number) {
  return detail::stacks.addresses_of(number);
}

WalkCounts walk_counts() {
  return detail::walker.counts();
}

bool hook_self_test() {
  const auto post = reinterpret_cast<int (*)(sem_t*)>(dlsym(RTLD_DEFAULT, "sem_post"));
  const auto wait = reinterpret_cast<int (*)(sem_t*)>(dlsym(RTLD_DEFAULT, "sem_wait"));
  const auto yield = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "sched_yield"));
  sem_t semaphore;
  if (post == nullptr || wait == nullptr || yield == nullptr || sem_init(&semaphore, 0, 0) != 0) return false;
  recorder.listen(true);
  detail::self_test_calls = 0;
  post(&semaphore);
  wait(&semaphore);
  yield();
  recorder.listen(false);
  sem_destroy(&semaphore);
  return detail::self_test_calls == 3;
}

}  // namespace harness::lock_trace
