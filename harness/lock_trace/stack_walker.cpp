// harness/lock_trace/stack_walker.cpp: learns a place's distance from libgcc, follows it from then on.
#include "harness/lock_trace/stack_walker.h"

#include <pthread.h>
#include <unwind.h>

#include "harness/lock_trace/watched_code.h"
#include "harness/system/clock.h"

namespace harness::lock_trace {
namespace {

using detail::watched_ranges;

constexpr std::uint64_t kCheckEvery = 512;  // walks of a thread

/// What this thread has seen of its own stack: no address beyond is read.
struct ThisThread {
  std::uintptr_t stack_seen = 0;
  std::uint64_t walks = 0;
};
[[gnu::tls_model("initial-exec")]] constinit thread_local ThisThread this_thread{};

/// No address beyond is read of a stack that has this one. glibc puts what it notes of a thread at the end of
/// its stack, but for the first thread's.
std::uintptr_t known_end_of_stack(std::uintptr_t within) noexcept {
  constexpr std::uintptr_t kMostBytes = std::uintptr_t{256} << 20;  // else it is another memory
  const auto self = static_cast<std::uintptr_t>(pthread_self());
  const bool is_beyond = within < self && self - within < kMostBytes;
  return is_beyond ? self : this_thread.stack_seen;
}

/// Whether stacks end at this frame: in the eval loop, which is the same for all, or outside of CPython.
bool is_last(std::uintptr_t address) noexcept {
  return watched_ranges.eval.has(address - 1) || !watched_ranges.code.has(address - 1);
}

struct Unwinding {
  std::uintptr_t from;
  Frames* frames;
  std::array<std::uintptr_t, Frames::kMost + 1> stacks{};
  std::size_t seen = 0;
  std::uintptr_t outermost = 0;
};

_Unwind_Reason_Code on_frame(_Unwind_Context* context, void* data) noexcept {
  auto& unwinding = *static_cast<Unwinding*>(data);
  const auto address = static_cast<std::uintptr_t>(_Unwind_GetIP(context));
  if (unwinding.seen == 0 && address != unwinding.from) return _URC_NO_REASON;  // a frame of this program
  unwinding.outermost = static_cast<std::uintptr_t>(_Unwind_GetCFA(context));
  // The one after the last gives the distance of the last.
  if (unwinding.seen == unwinding.stacks.size()) return _URC_END_OF_STACK;
  unwinding.stacks[unwinding.seen++] = unwinding.outermost;
  const auto so_far = unwinding.frames->addresses();
  if (!so_far.empty() && is_last(so_far.back())) return _URC_END_OF_STACK;
  unwinding.frames->add(address);
  return _URC_NO_REASON;
}

}  // namespace

void StackWalker::make_ready() noexcept {
  Frames frames;
  Unwinding unwinding{.from = 0, .frames = &frames};
  _Unwind_Backtrace(on_frame, &unwinding);
}

StackWalker::Step* StackWalker::find(std::uintptr_t address) noexcept {
  constexpr std::size_t kTries = 16;
  const std::uint64_t hash = address * 0x9e3779b97f4a7c15;
  for (std::size_t i = 0; i < kTries; ++i) {
    Step& step = steps_[((hash >> 40) + i) % kSteps];
    std::uintptr_t has = step.address.load(std::memory_order_acquire);
    if (has == address) return &step;
    if (has == 0) {
      if (step.address.compare_exchange_strong(has, address, std::memory_order_acq_rel)) return &step;
      if (has == address) return &step;
    }
  }
  return nullptr;
}

void StackWalker::learn(std::uintptr_t address, std::int64_t distance) noexcept {
  Step* const step = find(address);
  if (step == nullptr) return;
  std::int64_t known = 0;
  if (step->distance.compare_exchange_strong(known, distance, std::memory_order_relaxed)) return;
  if (known == distance || known < 0) return;
  step->distance.store(-1, std::memory_order_relaxed);
  corrected_.fetch_add(1, std::memory_order_relaxed);
}

/// Whether all distances were known.
bool StackWalker::follow(std::uintptr_t address, std::uintptr_t stack, Frames& frames) noexcept {
#if defined(__x86_64__)
  for (;;) {
    frames.add(address);
    if (is_last(address) || frames.is_full()) return true;
    const Step* const step = find(address);
    const std::int64_t distance = step == nullptr ? 0 : step->distance.load(std::memory_order_relaxed);
    if (distance <= 0) return false;
    stack += static_cast<std::uintptr_t>(distance);
    if (stack > known_end_of_stack(stack)) return false;
    // The ABI: a call pushes the return address, and the caller's stack pointer is right above it.
    address = *reinterpret_cast<const std::uintptr_t*>(stack - sizeof(std::uintptr_t));
  }
#else
  static_cast<void>(stack);
  frames.add(address);
  return is_last(address);
#endif
}

void StackWalker::begin_budget() noexcept {
  begin_ns_.store(trace::now_ns(), std::memory_order_relaxed);
}

bool StackWalker::is_spent() const noexcept {
  const std::int64_t passed_ns = trace::now_ns() - begin_ns_.load(std::memory_order_relaxed);
  return spent_ns_.load(std::memory_order_relaxed) > kFirst_ns + passed_ns / 100 * kBudget_percent;
}

void StackWalker::unwind(std::uintptr_t address, std::uintptr_t stack, Frames& frames) noexcept {
  const std::int64_t begin_ns = thread_cpu_ns();  // what others do meanwhile is not the trace's cost
  frames.clear();
  Unwinding unwinding{.from = address, .frames = &frames};
  _Unwind_Backtrace(on_frame, &unwinding);
  unwound_.fetch_add(1, std::memory_order_relaxed);
  const auto addresses = frames.addresses();
  if (unwinding.seen > 0 && unwinding.stacks[0] == stack) {
    for (std::size_t i = 0; i + 1 < unwinding.seen && i < addresses.size(); ++i) {
      learn(addresses[i], static_cast<std::int64_t>(unwinding.stacks[i + 1] - unwinding.stacks[i]));
    }
    if (unwinding.outermost > this_thread.stack_seen) this_thread.stack_seen = unwinding.outermost;
  }
  if (addresses.empty()) frames.add(address);
  spent_ns_.fetch_add(thread_cpu_ns() - begin_ns, std::memory_order_relaxed);
}

void StackWalker::walk(std::uintptr_t address, std::uintptr_t stack, Frames& frames) noexcept {
  frames.clear();
  const bool is_check = ++this_thread.walks % kCheckEvery == 0;
  if (follow(address, stack, frames) && !is_check) return;
  if (is_spent()) {
    if (!is_check) cut_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  unwind(address, stack, frames);
}

WalkCounts StackWalker::counts() const noexcept {
  return {.unwound = unwound_, .cut = cut_, .corrected = corrected_};
}

}  // namespace harness::lock_trace
