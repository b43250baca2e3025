// harness/trace/next_function.h: glibc's own definition of a function that this program defines, too.
//
// How an interposer binds
// -----------------------
// An executable's exported definition of a symbol comes before any library's, also for libraries that are
// loaded later with dlopen(). So a libpython that calls pthread_cond_signal() calls the program's, which
// notes the call and passes it on to glibc's. The libpython need not be rebuilt, patched, or have symbols; no
// root and no LD_PRELOAD is needed. A CPython that is linked into an executable of its own with no libpython
// is reached the other way round: there the program is a library that is preloaded (guest/start.cpp), whose
// definitions the executable finds before glibc's.
//
// interposed_functions.txt lists what is exported; a function that is not in it is called by nobody else.
#pragma once

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>

// ThreadSanitizer must define the pthread functions itself, to follow who synchronises with whom: a file that
// defines them leaves them out then.
#if defined(__SANITIZE_THREAD__)
#define HARNESS_UNDER_TSAN
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HARNESS_UNDER_TSAN
#endif
#endif

namespace harness::trace {

/// A function's name as a template's argument.
template <std::size_t size>
struct FunctionName {
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is what it is to be made of
  constexpr FunctionName(const char (&name)[size]) { std::copy_n(name, size, text.begin()); }
  std::array<char, size> text{};
};

/// The address of glibc's own definition of `name`; null where it has none.
///
/// glibc has a second, incompatible set of some functions for programs from before 2.3.2, and a lookup
/// without a version may find it. Which version is the current one depends on the architecture: of the
/// condition variables 2.3.2 on x86, 2.17 on aarch64, 2.27 on riscv64, and so on; pthread_cond_clockwait came
/// with 2.30 and moved in 2.34. What never changed has an architecture's first: 2.2.5 on x86-64.
inline void* find_in_glibc(const char* name) noexcept {
  for (const char* version : {"GLIBC_2.34", "GLIBC_2.30", "GLIBC_2.3.2", "GLIBC_2.4", "GLIBC_2.17",
                              "GLIBC_2.27", "GLIBC_2.36", "GLIBC_2.2.5"}) {
    if (void* found = dlvsym(RTLD_NEXT, name, version)) return found;
  }
  return nullptr;
}

/// The definition that ours hides: `NextFunction<"pthread_cond_signal", int(pthread_cond_t*) noexcept>`. A
/// process has one of each, because the callers know nothing of it. Of a function that is no cancellation
/// point the type says noexcept: nothing unwinds through a call of it, so that it may be a jump.
template <FunctionName name, typename Function>
class NextFunction;

template <FunctionName name, typename Result, bool throws_not, typename... Parameters>
class [[gnu::visibility("hidden")]] NextFunction<name, Result(Parameters...) noexcept(throws_not)> {
 public:
  /// Looks it up. For a function with the attribute gnu::constructor: a call that comes during another
  /// library's initialisation, before ours, looks it up itself, and a later one must not wait for the
  /// loader's lock. May run in several threads at once: all find the same. The loader must not call `name`
  /// meanwhile.
  static void find() noexcept {
    if (void* found = find_in_glibc(name.text.data())) {
      next_.store(reinterpret_cast<Pointer>(found), std::memory_order_relaxed);
    }
  }

  /// Calls it. A cancellation point where it is one: a thread that ends within one unwinds through here.
  static Result call(Parameters... parameters) noexcept(throws_not) {
    return next_.load(std::memory_order_relaxed)(parameters...);
  }

 private:
  using Pointer = Result (*)(Parameters...) noexcept(throws_not);

  // What `next_` is until it has been looked up.
  static Result first(Parameters... parameters) noexcept(throws_not) {
    find();
    const Pointer found = next_.load(std::memory_order_relaxed);
    if (found == first) std::abort();  // there is no going on without
    return found(parameters...);
  }

  static constinit inline std::atomic<Pointer> next_{first};
};

}  // namespace harness::trace
