// harness/guest/start.cpp: this program as a guest in a CPython's executable.
//
// How it comes in
// ---------------
// A CPython that is linked statically has its code in an executable, which cannot be loaded into the host; so
// the host goes there. It replaces itself by that executable (execv(): the same process, so that its exit
// status, its streams and Ctrl-C need nobody in between) with the library that this file is in named in
// LD_PRELOAD. The loader then maps it before anything else but the executable, which has two consequences:
//
// - Its pthread_cond_signal() and kin (gil_trace/interposer.cpp) come before glibc's for the executable,
//   which calls glibc's by name like any program. So the GIL trace is the same as in the host.
// - Its __libc_start_main() comes before glibc's, too. That is what an executable's _start calls, with its
//   main() as an argument (glibc's csu/libc-start.c); the one below passes the call on with another main().
//
// CPython's own main() never runs: when the guest begins there is no interpreter, no thread, no signal
// handler and no parsed command line, just as when the host has loaded a libpython. All that follows is
// therefore the same code, as one finds it in the host; the embedding module finds CPython's functions in the
// executable, which exports them for the sake of extension modules (-export-dynamic, CPython's
// LINKFORSHARED). Coming in imports no module, which on a free-threaded build might turn its GIL on.
//
// Where nothing is preloaded, as into an executable with a set-user-ID bit or file capabilities, CPython's
// main() does run. The command line is made so that it then says what is wrong (handover.h).
#include <dlfcn.h>

#include <cstdlib>

#include "harness/guest/handover.h"
#include "harness/guest/preload.h"
#include "harness/program.h"

namespace {

using Main = int(int, char**, char**);
using StartMain = int(Main*, int, char**, void (*)(), void (*)(), void (*)(), void*);

std::optional<harness::Handover> handover_in(int argc, char** argv) {
  return harness::from_argv({argv, argv + argc});
}

int guest_main(int argc, char** argv, char**) {
  harness::end_preloading();
  auto handover = handover_in(argc, argv);
  std::vector<char*> arguments;
  for (std::string& argument : handover->arguments) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  return harness::run_program(static_cast<int>(arguments.size()) - 1, arguments.data(), handover);
}

}  // namespace

// The parameters are glibc's on x86-64, AArch64 and RISC-V, the same in all its versions.
// NOLINTNEXTLINE(bugprone-reserved-identifier): glibc's name is what the executable asks for.
extern "C" [[gnu::visibility("default")]] int __libc_start_main(Main* main, int argc, char** argv,
                                                                void (*init)(), void (*fini)(),
                                                                void (*rtld_fini)(), void* stack_end) {
  const auto next = reinterpret_cast<StartMain*>(dlsym(RTLD_NEXT, "__libc_start_main"));
  if (next == nullptr) std::abort();
  // Any other program that is started with this library preloaded is left alone.
  Main* const chosen = handover_in(argc, argv) ? guest_main : main;
  return next(chosen, argc, argv, init, fini, rtld_fini, stack_end);
}
