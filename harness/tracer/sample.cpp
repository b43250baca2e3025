// harness/tracer/sample.cpp: a thread looks at its own stack, since the watcher asks for it.
#include <sys/syscall.h>
#include <sys/ucontext.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "harness/lock_trace/watched_code.h"
#include "harness/tracer/hooks.h"

namespace harness::tracer {
namespace {

using lock_trace::detail::watched_ranges;

struct Unwinding {
  lock_trace::Frames frames = {};
  std::uintptr_t interrupted = 0;
  bool seen = false;
};

_Unwind_Reason_Code on_frame(_Unwind_Context* context, void* data) noexcept {
  auto& unwinding = *static_cast<Unwinding*>(data);
  const auto address = static_cast<std::uintptr_t>(_Unwind_GetIP(context));
  unwinding.seen = unwinding.seen || address == unwinding.interrupted;
  if (!unwinding.seen) return _URC_NO_REASON;  // of the handler
  if (unwinding.frames.is_full()) return _URC_END_OF_STACK;
  // Others are return addresses, which are one beyond the call.
  unwinding.frames.add(address == unwinding.interrupted ? address + 1 : address);
  return watched_ranges.eval.has(address) ? _URC_END_OF_STACK : _URC_NO_REASON;
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
  Unwinding unwinding{.interrupted = program_counter(context)};
  _Unwind_Backtrace(on_frame, &unwinding);
  if (unwinding.frames.addresses().empty()) unwinding.frames.add(unwinding.interrupted + 1);
  own->sample.store(number_of(unwinding.frames), std::memory_order_relaxed);
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
