// harness/tracer/traced_program.cpp: fork, exec, and what a parent in between owes both sides.
#include "harness/tracer/traced_program.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "harness/error.h"
#include "harness/guest/preload.h"
#include "harness/system/descendants.h"
#include "harness/system/standard_streams.h"
#include "harness/tracer/launcher.h"

namespace harness::tracer {
namespace {

constexpr int kFarAbove = 200;  // of the descriptors that a program is given

std::string because_of(int error) {
  return std::generic_category().message(error);
}

/// Those that a program can be sent and live on; a fault's own is not waited for.
sigset_t signals_to_take() {
  sigset_t signals;
  sigfillset(&signals);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS})
    sigdelset(&signals, fault);
  return signals;
}

/// In the child, between fork and exec.
[[noreturn]] void become(const ProgramStart& start, char* const* arguments, const sigset_t& mask,
                         pid_t parent, int errors) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(EXIT_FAILURE);
  unprotect_standard_streams();
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_DFL);
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  syscall(SYS_execve, start.executable.c_str(), arguments, environ);
  const int error = errno;
  static_cast<void>(!write(errors, &error, sizeof error));
  syscall(SYS_exit_group, EXIT_FAILURE);
  for (;;) {
  }
}

/// What becomes of the environment for as long as the child is being started.
class StartEnvironment {
 public:
  StartEnvironment(const ProgramStart& start, int memory) {
    descriptor_ = fcntl(memory, F_DUPFD, kFarAbove);
    if (descriptor_ < 0) descriptor_ = fcntl(memory, F_DUPFD, STDERR_FILENO + 1);
    if (descriptor_ < 0) throw UserError("trace: no descriptor is left: " + because_of(errno));
    setenv(kMemoryVariable, std::to_string(descriptor_).c_str(), 1);
    if (!start.libpython.empty()) setenv(kLibpythonVariable, start.libpython.c_str(), 1);
    preload_into_children(start.tracer);
  }
  ~StartEnvironment() {
    end_preloading();
    unsetenv(kMemoryVariable);
    unsetenv(kLibpythonVariable);
    close(descriptor_);
  }
  StartEnvironment(const StartEnvironment&) = delete;
  StartEnvironment& operator=(const StartEnvironment&) = delete;

 private:
  int descriptor_;
};

bool is_of_job_control(int signal) {
  return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/// As a shell's job is stopped that has no handler.
void stop_by(int signal) {
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  std::signal(signal, SIG_DFL);
  raise(signal);
  sigprocmask(SIG_UNBLOCK, &only, nullptr);  // stops here
  sigprocmask(SIG_BLOCK, &only, nullptr);
}

/// Whether a signal that this process was sent is to go on: nobody has sent it to the program, too.
bool is_for_program(const siginfo_t& info) {
  if (info.si_signo == SIGCHLD || info.si_signo == SIGCONT || is_of_job_control(info.si_signo)) return false;
  // The terminal sends to the whole group; that it is gone, to the leader of the session.
  if (info.si_code == SI_KERNEL) return info.si_signo == SIGHUP && getsid(0) == getpid();
  // What the program sends to its own group has reached it.
  const std::vector<pid_t> own = descendants();
  return std::ranges::find(own, info.si_pid) == own.end();
}

}  // namespace

SharedMemory::SharedMemory(std::size_t ring_bytes) : bytes_(sizeof(TraceMemory) + ring_bytes) {
  descriptor_ = static_cast<int>(syscall(SYS_memfd_create, "harness trace", MFD_CLOEXEC));
  if (descriptor_ < 0 || ftruncate(descriptor_, static_cast<off_t>(bytes_)) != 0) {
    throw UserError("trace: no memory for the trace: " + because_of(errno));
  }
  void* const mapped = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (mapped == MAP_FAILED) throw UserError("trace: no memory for the trace: " + because_of(errno));
  memory_ = static_cast<TraceMemory*>(mapped);
}

SharedMemory::~SharedMemory() {
  munmap(memory_, bytes_);
  close(descriptor_);
}

TracedProgram::TracedProgram(const ProgramStart& start, const SharedMemory& memory) {
  std::vector<std::string> words = start.arguments;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::array<int, 2> errors{};
  if (pipe2(errors.data(), O_CLOEXEC) != 0)
    throw UserError("trace: no descriptor is left: " + because_of(errno));
  const sigset_t taken = signals_to_take();
  sigprocmask(SIG_BLOCK, &taken, &before_);
  const pid_t parent = getpid();
  {
    const StartEnvironment environment(start, memory.descriptor());
    process_ = fork();
    if (process_ == 0) become(start, arguments.data(), before_, parent, errors[1]);
  }
  const int fork_error = errno;
  close(errors[1]);
  int error = process_ < 0 ? fork_error : 0;
  const bool failed = process_ < 0 || read(errors[0], &error, sizeof error) == sizeof error;
  close(errors[0]);
  if (!failed) return;
  if (process_ > 0) waitpid(process_, nullptr, 0);
  sigprocmask(SIG_SETMASK, &before_, nullptr);
  throw UserError("--python=" + start.executable.string() + ": it cannot be run: " + because_of(error));
}

TracedProgram::~TracedProgram() {
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

int TracedProgram::wait() {
  const sigset_t taken = signals_to_take();
  for (;;) {
    int status = 0;
    const pid_t changed = waitpid(process_, &status, WNOHANG | WUNTRACED);
    if (changed == process_ && !WIFSTOPPED(status)) return status;
    if (changed == process_ && is_of_job_control(WSTOPSIG(status))) {
      stop_by(WSTOPSIG(status));
      kill(process_, SIGCONT);
      continue;
    }
    siginfo_t info{};
    const int signal = sigwaitinfo(&taken, &info);
    if (signal > 0 && is_for_program(info)) kill(process_, signal);
  }
}

std::string end_in_words(int wait_status) {
  if (WIFEXITED(wait_status)) return "exit status " + std::to_string(WEXITSTATUS(wait_status));
  const int signal = WTERMSIG(wait_status);
  const char* const words = strsignal(signal);
  return "signal " + std::to_string(signal) + (words == nullptr ? "" : " (" + std::string(words) + ")");
}

int end_as(int wait_status) {
  if (WIFEXITED(wait_status)) return WEXITSTATUS(wait_status);
  const int signal = WTERMSIG(wait_status);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);  // the program's own core, if any, is the one to look at
  std::signal(signal, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  sigprocmask(SIG_UNBLOCK, &only, nullptr);
  raise(signal);
  constexpr int kOfShells = 128;
  return kOfShells + signal;
}

}  // namespace harness::tracer
