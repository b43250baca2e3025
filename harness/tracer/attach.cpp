// harness/tracer/attach.cpp: how the tracer comes into a program, and what of the program ends the trace.
//
// It is a library that the watcher preloads into the executable of a CPython, whose own main() then runs as
// ever. It takes out of the environment what brought it there, so that the program's own children are started
// without it. It needs no library but glibc's, since what it brought along would come before the program's.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "harness/gil_trace/hook.h"
#include "harness/guest/preload.h"
#include "harness/lock_trace/hook.h"
#include "harness/lock_trace/watched_code.h"
#include "harness/trace/next_function.h"
#include "harness/tracer/hooks.h"

namespace harness::tracer {
namespace {

using trace::NextFunction;
using NextDestroy = NextFunction<"pthread_cond_destroy", int(pthread_cond_t*) noexcept>;
using NextInit = NextFunction<"pthread_cond_init", int(pthread_cond_t*, const pthread_condattr_t*) noexcept>;
using NextCreate =
    NextFunction<"pthread_create", int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) noexcept>;
using NextSetName = NextFunction<"pthread_setname_np", int(pthread_t, const char*) noexcept>;
using NextExecute = NextFunction<"execve", int(const char*, char* const*, char* const*) noexcept>;
using NextExecuteDescriptor = NextFunction<"fexecve", int(int, char* const*, char* const*) noexcept>;

TraceMemory* map(int descriptor) noexcept {
  struct stat file {};
  if (fstat(descriptor, &file) != 0 || file.st_size < static_cast<off_t>(sizeof(TraceMemory))) return nullptr;
  void* const mapped = mmap(nullptr, static_cast<std::size_t>(file.st_size), PROT_READ | PROT_WRITE,
                            MAP_SHARED, descriptor, 0);
  if (mapped == MAP_FAILED) return nullptr;
  madvise(mapped, static_cast<std::size_t>(file.st_size), MADV_DONTDUMP);
  auto* const shared = static_cast<TraceMemory*>(mapped);
  return shared->settings.layout == kLayout ? shared : nullptr;
}

void in_forked_child() noexcept {
  TraceMemory* const parents = std::exchange(memory, nullptr);
  forget_slot();
  if (parents == nullptr) return;
  const std::uint32_t at = parents->forked.fetch_add(1);
  if (at < parents->children.size()) parents->children[at] = getpid();
}

/// Where the code of CPython is, once its library is there. Whether it is.
bool find_code() noexcept {
  const lock_trace::WatchedCode code =
      lock_trace::watch_code_of({.any = dlsym(RTLD_DEFAULT, "Py_GetVersion"),
                                 .eval = dlsym(RTLD_DEFAULT, "_PyEval_EvalFrameDefault"),
                                 .release = dlsym(RTLD_DEFAULT, "PyThread_release_lock")});
  if (code.file.empty()) return false;
  memory->code_base = code.base;
  memory->code_begin = lock_trace::detail::watched_ranges.code.begin;
  return true;
}

void begin() noexcept {
  trace::take_tick_source(memory->settings.tick_source);
  lock_trace::StackWalker::make_ready();
  memory->walker.begin_budget();
  memory->attached_at = trace::take_clock_anchor();
  gil_trace::detail::recorder.listen(true);
  lock_trace::detail::recorder.listen(true);
  memory->attached.store(getpid(), std::memory_order_release);
}

/// In a program that is started so. Any other one that this library is preloaded into is left alone.
[[gnu::constructor]] void attach() noexcept {
  const char* const variable = std::getenv(kMemoryVariable);
  if (variable == nullptr) return;
  const int descriptor = std::atoi(variable);
  memory = map(descriptor);
  close(descriptor);
  unsetenv(kMemoryVariable);
  end_preloading();
  if (memory == nullptr) return;
  NextDestroy::find();
  NextInit::find();
  NextSetName::find();
  NextCreate::find();
  if (!make_slots_ready() || pthread_atfork(nullptr, nullptr, in_forked_child) != 0) {
    memory = nullptr;
    return;
  }
  take_sample_signal();
  if (find_code()) begin();
}

/// What a new thread is to run.
struct ThreadStart {
  void* (*routine)(void*);
  void* argument;
};

/// A thread that never waits and never takes a GIL is one of the program's all the same.
void* run_thread(void* data) {
  auto* const given = static_cast<ThreadStart*>(data);
  const ThreadStart start = *given;
  std::free(given);
  if (memory != nullptr) slot(trace::now_ticks());
  return start.routine(start.argument);
}

/// Says that an exec begins; the process of a vfork() has its parent's memory, too.
bool say_exec(const char* program) noexcept {
  if (memory == nullptr || memory->attached.load(std::memory_order_relaxed) != getpid()) return false;
  std::fill(memory->executed.begin(), memory->executed.end(), '\0');
  std::copy_n(program, std::min(std::strlen(program), memory->executed.size() - 1), memory->executed.begin());
  memory->executing.store(1, std::memory_order_release);
  return true;
}

template <typename Execute>
int execute(const char* program, const Execute& function) noexcept {
  const bool said = say_exec(program);
  const int status = function();
  // Still here: it has failed.
  if (said) memory->executing.store(0, std::memory_order_release);
  return status;
}

}  // namespace
}  // namespace harness::tracer

using namespace harness::tracer;

extern "C" {

/// For the launcher, which loads CPython's library after this one.
[[gnu::visibility("default")]] void harness_tracer_watch() {
  if (memory != nullptr && find_code()) begin();
}

/// CPython does not destroy those of a subinterpreter's GIL: the next one may have the same place.
[[gnu::visibility("default")]] int pthread_cond_init(pthread_cond_t* condition,
                                                     const pthread_condattr_t* attributes) noexcept {
  if (memory != nullptr) forget_condition(condition);
  return NextInit::call(condition, attributes);
}

[[gnu::visibility("default")]] int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  if (memory != nullptr) forget_condition(condition);
  return NextDestroy::call(condition);
}

[[gnu::visibility("default")]] int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                                  void* (*routine)(void*), void* argument) noexcept {
  const auto caller = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  const bool is_pythons = memory != nullptr && harness::lock_trace::detail::watched_ranges.code.has(caller);
  auto* const start = is_pythons ? static_cast<ThreadStart*>(std::malloc(sizeof(ThreadStart))) : nullptr;
  if (start == nullptr) return NextCreate::call(thread, attributes, routine, argument);
  *start = {routine, argument};
  const int status = NextCreate::call(thread, attributes, run_thread, start);
  if (status != 0) std::free(start);
  return status;
}

[[gnu::visibility("default")]] int pthread_setname_np(pthread_t thread, const char* name) noexcept {
  ThreadSlot* const own = memory != nullptr && pthread_equal(thread, pthread_self())
                              ? slot(harness::trace::now_ticks())
                              : nullptr;
  if (own != nullptr) std::copy_n(name, std::min(std::strlen(name), own->name.size() - 1), own->name.begin());
  return NextSetName::call(thread, name);
}

[[gnu::visibility("default")]] int execve(const char* program, char* const* arguments,
                                          char* const* environment) noexcept {
  return execute(program, [&] { return NextExecute::call(program, arguments, environment); });
}

[[gnu::visibility("default")]] int execv(const char* program, char* const* arguments) noexcept {
  return execve(program, arguments, environ);
}

[[gnu::visibility("default")]] int fexecve(int descriptor, char* const* arguments,
                                           char* const* environment) noexcept {
  return execute("an open file",
                 [&] { return NextExecuteDescriptor::call(descriptor, arguments, environment); });
}

}  // extern "C"
