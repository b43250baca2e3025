// harness/tracer/sample.cpp: a thread looks at its own stack, since the watcher asks for it.
#include <sys/syscall.h>
#include <sys/ucontext.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "harness/lock_trace/watched_code.h"
#include "harness/tracer/hooks.h"

namespace harness::tracer {
namespace {

using lock_trace::detail::watched_ranges;

/// The innermost frames, and the outermost, which tell what was called; of a deep stack those in between are
/// left out.
struct Unwinding {
  static constexpr std::size_t kInner = 8;
  static constexpr std::size_t kOuter = lock_trace::Frames::kMost - kInner;

  void add(std::uintptr_t address) noexcept {
    if (count < kInner) {
      inner[count] = address;
    } else {
      outer[(count - kInner) % kOuter] = address;
    }
    ++count;
  }

  lock_trace::Frames frames() const noexcept {
    lock_trace::Frames frames;
    for (std::size_t i = 0; i < count && i < kInner; ++i) frames.add(inner[i]);
    const std::size_t others = count > kInner ? count - kInner : 0;
    for (std::size_t i = others > kOuter ? others - kOuter : 0; i < others; ++i)
      frames.add(outer[i % kOuter]);
    return frames;
  }

  std::uintptr_t interrupted;
  bool seen = false;
  std::size_t count = 0;
  std::array<std::uintptr_t, kInner> inner;
  std::array<std::uintptr_t, kOuter> outer;
};

_Unwind_Reason_Code on_frame(_Unwind_Context* context, void* data) noexcept {
  auto& unwinding = *static_cast<Unwinding*>(data);
  constexpr std::size_t kDeepest = 4000;
  const auto address = static_cast<std::uintptr_t>(_Unwind_GetIP(context));
  unwinding.seen = unwinding.seen || address == unwinding.interrupted;
  if (!unwinding.seen) return _URC_NO_REASON;  // of the handler
  // Others are return addresses, which are one beyond the call.
  unwinding.add(address == unwinding.interrupted ? address + 1 : address);
  return watched_ranges.eval.has(address) || unwinding.count == kDeepest ? _URC_END_OF_STACK : _URC_NO_REASON;
}

std::uintptr_t program_counter(const ucontext_t& context) noexcept {
#if defined(__x86_64__)
  return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return context.uc_mcontext.pc;
#endif
}

/// Whether the signal has ended a system call, which then fails with EINTR.
bool has_cut_short(const ucontext_t& context) noexcept {
#if defined(__x86_64__)
  constexpr unsigned char kSyscall[] = {0x0f, 0x05};
  const auto* const before = reinterpret_cast<const void*>(program_counter(context) - sizeof(kSyscall));
  return context.uc_mcontext.gregs[REG_RAX] == -EINTR && std::memcmp(before, kSyscall, sizeof(kSyscall)) == 0;
#else
  static_cast<void>(context);
  return false;
#endif
}

void on_sample(int /*signal*/, siginfo_t* info, void* data) noexcept {
  ThreadSlot* const own = this_slot;
  if (memory == nullptr || own == nullptr || own->held_gil == 0 || info->si_code != SI_QUEUE) return;
  const GilState& gil = memory->gils[own->held_gil - 1];
  const std::uint64_t hold = gil.hold.load(std::memory_order_relaxed);
  if (static_cast<std::uint32_t>(info->si_value.sival_int) != static_cast<std::uint32_t>(hold)) return;
  const int saved_errno = errno;
  const auto& context = *static_cast<const ucontext_t*>(data);
  if (has_cut_short(context)) memory->calls_cut_short.fetch_add(1);
  Unwinding unwinding;
  unwinding.interrupted = program_counter(context);
  _Unwind_Backtrace(on_frame, &unwinding);
  if (unwinding.count == 0) unwinding.add(unwinding.interrupted + 1);
  const bool is_second = own->sampled_hold.load(std::memory_order_relaxed) == hold;
  if (!is_second) own->samples[1].store(0, std::memory_order_relaxed);
  own->samples[is_second ? 1 : 0].store(number_of(unwinding.frames()), std::memory_order_relaxed);
  own->sampled_hold.store(hold, std::memory_order_release);
  errno = saved_errno;
}

#if defined(__x86_64__)
// What a handler returns to. The unwinder knows it by its bytes (libgcc, config/i386/linux-unwind.h), as long
// as no other function's table covers the byte before it.
extern "C" void harness_tracer_return_from_signal();
asm(R"(
  .text
  .p2align 4
  nop
  .type harness_tracer_return_from_signal, @function
harness_tracer_return_from_signal:
  movq $15, %rax
  syscall
  .size harness_tracer_return_from_signal, . - harness_tracer_return_from_signal
)");
constexpr unsigned long kRestorer = 0x04000000;  // SA_RESTORER, which Linux asks for on this architecture
#endif

/// As Linux has it: glibc's sigaction() refuses this signal.
struct KernelAction {
  void (*handler)(int, siginfo_t*, void*);
  unsigned long flags;
  void (*restorer)();
  unsigned long mask;
};

}  // namespace

void take_sample_signal() noexcept {
  KernelAction action{
      .handler = on_sample, .flags = SA_SIGINFO | SA_RESTART, .restorer = nullptr, .mask = ~0UL};
#if defined(__x86_64__)
  action.flags |= kRestorer;
  action.restorer = harness_tracer_return_from_signal;
#endif
  syscall(SYS_rt_sigaction, kSampleSignal, &action, nullptr, sizeof(action.mask));
}

}  // namespace harness::tracer
