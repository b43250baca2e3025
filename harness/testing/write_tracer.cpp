// harness/testing/write_tracer.cpp: runs a program, and kills it with all that it has started at one of its
// writes.
//
// Between fork() and exec() the program is given a filter of seccomp, which its children inherit. It lets all
// system calls pass but writes: for these the kernel stops the thread before it does anything, and tells the
// tracer the filter's number of the call. Everything else runs at its own speed.
#include "harness/testing/write_tracer.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <set>
#include <system_error>
#include <vector>

#include "harness/system/file_descriptor.h"

namespace harness {
namespace {

constexpr int kNoFlags = -1;

/// A system call that is a write.
struct Call {
  const char* name;
  long number;
  int flags = kNoFlags;  ///< which of its arguments decides, by O_CREAT and O_TRUNC
};

// Those that an architecture has: the newer ones lack what another call does as well.
constexpr auto kCalls = std::to_array<Call>({
    {"write", SYS_write},
    {"pwrite64", SYS_pwrite64},
    {"writev", SYS_writev},
    {"pwritev", SYS_pwritev},
    {"pwritev2", SYS_pwritev2},
    {"sendfile", SYS_sendfile},
    {"copy_file_range", SYS_copy_file_range},
    {"ftruncate", SYS_ftruncate},
    {"truncate", SYS_truncate},
    {"fallocate", SYS_fallocate},
    {"fsync", SYS_fsync},
    {"fdatasync", SYS_fdatasync},
    {"openat", SYS_openat, 2},
    {"renameat2", SYS_renameat2},
    {"linkat", SYS_linkat},
    {"unlinkat", SYS_unlinkat},
    {"symlinkat", SYS_symlinkat},
    {"mkdirat", SYS_mkdirat},
#ifdef SYS_renameat
    {"renameat", SYS_renameat},
#endif
#ifdef SYS_open
    {"open", SYS_open, 1},
    {"creat", SYS_creat},
    {"rename", SYS_rename},
    {"link", SYS_link},
    {"unlink", SYS_unlink},
    {"symlink", SYS_symlink},
    {"mkdir", SYS_mkdir},
    {"rmdir", SYS_rmdir},
#endif
});

using Filter = std::vector<sock_filter>;

sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

sock_filter end(std::uint32_t action) {
  return BPF_STMT(BPF_RET | BPF_K, action);
}

/// Traces the calls of the table, each with its place in it.
Filter filter_of_writes() {
  Filter filter;
  for (std::size_t i = 0; i < kCalls.size(); ++i) {
    const Call& call = kCalls[i];
    filter.push_back(load(offsetof(seccomp_data, nr)));
    if (call.flags == kNoFlags) {
      filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call.number), 0, 1));
    } else {  // the lower half of the argument, on a machine whose lower half comes first
      filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call.number), 0, 3));
      filter.push_back(
          load(offsetof(seccomp_data, args) + sizeof(std::uint64_t) * static_cast<std::size_t>(call.flags)));
      filter.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_TRUNC, 0, 1));
    }
    filter.push_back(end(SECCOMP_RET_TRACE | static_cast<std::uint32_t>(i)));
  }
  filter.push_back(end(SECCOMP_RET_ALLOW));
  return filter;
}

/// Makes the stopped thread's call write half of its bytes. False where this machine's registers are not
/// known.
bool halve_third_argument(pid_t thread) {
  user_regs_struct registers{};
  iovec all{.iov_base = &registers, .iov_len = sizeof registers};
  if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &all) != 0) return false;
#if defined(__x86_64__)
  registers.rdx /= 2;
#elif defined(__aarch64__)
  registers.regs[2] /= 2;
#else
  return false;
#endif
  return ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &all) == 0;
}

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// In the child: the program, as soon as `gate` is at its end. Ends with 126 where there can be no filter.
[[noreturn]] void become(const Command& command, int gate, const std::filesystem::path& output,
                         const std::filesystem::path& error) {
  constexpr int kNoFilter = 126, kNoProgram = 127;
  setpgid(0, 0);
  char nothing = 0;
  while (read(gate, &nothing, 1) > 0) {
  }
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND;
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(open(output.c_str(), flags, 0600), STDOUT_FILENO);
  dup2(open(error.c_str(), flags, 0600), STDERR_FILENO);
  closefrom(STDERR_FILENO + 1);
  for (const auto& [name, value] : command.environment) {
    value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
  }
  if (!command.working_directory.empty() && chdir(command.working_directory.c_str()) != 0) _exit(kNoProgram);
  std::vector<std::string> words = command.argv;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  Filter filter = filter_of_writes();
  const sock_fprog program{.len = static_cast<unsigned short>(filter.size()), .filter = filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(kNoFilter);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) _exit(kNoFilter);
  execv(argv.front(), argv.data());
  _exit(kNoProgram);
}

/// The program and its processes, as the kernel tells of them one stop after the other.
class Tracer {
 public:
  Tracer(pid_t program, const KillAt& at) : program_(program), at_(at) {}

  TracedEnd watch() {
    int status = 0;
    for (;;) {
      const pid_t thread = waitpid(-1, &status, __WALL);
      if (thread < 0 && errno == EINTR) continue;
      if (thread < 0) return end_;
      if (WIFSTOPPED(status)) {
        threads_.insert(thread);
        stopped(thread, WSTOPSIG(status), status >> 16);
      } else {
        threads_.erase(thread);
        if (thread == program_ && WIFEXITED(status)) end_.exit_code = WEXITSTATUS(status);
      }
    }
  }

 private:
  void stopped(pid_t thread, int signal, int event) {
    if (end_.killed) {
      kill(thread, SIGKILL);
    } else if (event == PTRACE_EVENT_SECCOMP) {
      begun(thread);
    } else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {  // by SIGSTOP or the like
      ptrace(PTRACE_LISTEN, thread, 0, 0);
    } else if (event != 0) {
      go_on(thread);
    } else if (signal == (SIGTRAP | 0x80)) {  // half of it is written
      kill_all();
    } else {
      go_on(thread, signal);
    }
  }

  void begun(pid_t thread) {
    unsigned long place = 0;
    ptrace(PTRACE_GETEVENTMSG, thread, 0, &place);
    end_.last = kCalls.at(place).name;
    end_.has_halves = end_.last == "write" || end_.last == "pwrite64";
    if (++end_.writes != at_.write) return go_on(thread);
    if (!at_.half || !end_.has_halves || !halve_third_argument(thread)) return kill_all();
    ptrace(PTRACE_SYSCALL, thread, 0, 0);
  }

  // A process that waits for another one must not see that end.
  void kill_all() {
    end_.killed = true;
    kill(program_, SIGKILL);
    for (const pid_t thread : threads_) kill(thread, SIGKILL);
  }

  static void go_on(pid_t thread, int signal = 0) {
    ptrace(PTRACE_CONT, thread, 0, static_cast<long>(signal));
  }

  const pid_t program_;
  const KillAt at_;
  std::set<pid_t> threads_;
  TracedEnd end_;
};

}  // namespace

TracedEnd run_and_kill(const Command& command, const KillAt& at, const std::filesystem::path& output,
                       const std::filesystem::path& error) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
  const FileDescriptor gate(ends[0]);
  FileDescriptor shut(ends[1]);
  const pid_t program = fork();
  if (program < 0) fail("fork");
  if (program == 0) {
    shut.reset();
    become(command, gate.get(), output, error);
  }
  const long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
                       PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SEIZE, program, 0, options) != 0) {
    const int reason = errno;
    kill(program, SIGKILL);
    waitpid(program, nullptr, 0);
    errno = reason;
    fail("ptrace");
  }
  shut.reset();
  return Tracer(program, at).watch();
}

std::string why_no_tracing() {
  // The shell opens a file to write, and writes.
  const Command command{.argv = {"/bin/sh", "-c", "echo 2>/dev/null"}};
  try {
    const TracedEnd end = run_and_kill(command, {.write = 1}, "/dev/null", "/dev/null");
    if (end.killed) return "";
    return "the kernel stops no process at its writes here (seccomp)";
  } catch (const std::system_error& error) {
    return std::string("a process cannot be traced here: ") + error.what();
  }
}

}  // namespace harness
