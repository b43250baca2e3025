// harness/system/subprocess.cpp: posix_spawn, poll and a pidfd; no thread and no signal handler.
#include "harness/system/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <climits>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/system/descendants.h"

namespace harness {
namespace {

using std::chrono::steady_clock;

// A pipe holds 64 KiB unless one of its users resizes it, to 1 MiB at most without privileges.
constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr int kReadsThatEmptyAnyPipe = 16;

[[noreturn]] void throw_error(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

void check(int error, const char* what) {
  if (error != 0) throw_error(error, what);
}

// Keeps 0, 1 and 2 free for the child's dup2(), should this process have been started with them closed.
FileDescriptor above_standard_streams(FileDescriptor descriptor) {
  if (descriptor.get() > STDERR_FILENO) return descriptor;
  FileDescriptor moved(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!moved.is_open()) throw_error(errno, "fcntl");
  return moved;
}

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

Pipe open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_error(errno, "pipe2");
  FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  // The child's end stays blocking: few programs expect EAGAIN from their standard output.
  if (::fcntl(read_end.get(), F_SETFL, O_NONBLOCK) != 0) throw_error(errno, "fcntl");
  return {.read_end = above_standard_streams(std::move(read_end)),
          .write_end = above_standard_streams(std::move(write_end))};
}

// The child's signals, process group and descriptors.
class SpawnSettings {
 public:
  SpawnSettings(const Pipe& output, const Pipe& error, const Command& command) {
    check(::posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    check(::posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init");
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    check(::posix_spawnattr_setsigmask(&attributes_, &none), "posix_spawnattr_setsigmask");
    check(::posix_spawnattr_setsigdefault(&attributes_, &all), "posix_spawnattr_setsigdefault");
    check(::posix_spawnattr_setpgroup(&attributes_, 0), "posix_spawnattr_setpgroup");
    const int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
    check(::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags)), "posix_spawnattr_setflags");
    add(::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0));
    const bool passes_on = command.passes_output_on;
    const int output_to = passes_on ? STDERR_FILENO : output.write_end.get();
    const int error_to = passes_on ? STDERR_FILENO : error.write_end.get();
    add(::posix_spawn_file_actions_adddup2(&actions_, output_to, STDOUT_FILENO));
    add(::posix_spawn_file_actions_adddup2(&actions_, error_to, STDERR_FILENO));
    // O_CLOEXEC covers what this project opens; a library that it links may be less careful.
    const bool inherits = command.inherited >= 0;
    if (inherits) add(::posix_spawn_file_actions_adddup2(&actions_, command.inherited, kInherited));
    add(::posix_spawn_file_actions_addclosefrom_np(&actions_, inherits ? kInherited + 1 : STDERR_FILENO + 1));
    if (!command.working_directory.empty()) {
      add(::posix_spawn_file_actions_addchdir_np(&actions_, command.working_directory.c_str()));
    }
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }
  const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

 private:
  static void add(int error) { check(error, "posix_spawn_file_actions"); }

  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t actions_{};
};

std::vector<std::string> environment_of(const Command& command) {
  const auto& changes = command.environment;
  std::vector<std::string> result;
  char** const inherited = command.inherits_environment ? ::environ : nullptr;
  for (char** entry = inherited; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!changes.contains(std::string(text.substr(0, text.find('='))))) result.emplace_back(text);
  }
  for (const auto& [name, value] : changes) {
    if (value) result.push_back(name + '=' + *value);
  }
  return result;
}

// The null-terminated array of pointers that exec wants; it lives as long as `texts`.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

int poll_timeout_ms(steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, INT_MAX));
}

}  // namespace

Subprocess::Subprocess(const Command& command)
    : start_(steady_clock::now()), output_limit_bytes_(command.output_limit_bytes) {
  assert(!command.argv.empty());
  Pipe output = open_pipe();
  Pipe error = open_pipe();
  const SpawnSettings settings(output, error, command);
  std::vector<std::string> arguments = command.argv;
  std::vector<std::string> environment = environment_of(command);
  const int failure =
      ::posix_spawn(&pid_, arguments.front().c_str(), settings.actions(), settings.attributes(),
                    pointers_to(arguments).data(), pointers_to(environment).data());
  if (failure != 0) throw_error(failure, command.argv.front());
  output_ = std::move(output.read_end);
  error_ = std::move(error.read_end);
  // Unlike SIGCHLD or polling waitpid(), a pidfd wakes poll() when the child ends and needs nothing global.
  process_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!process_.is_open()) {
    const int reason = errno;
    ProcessResult discarded;
    kill_group();
    reap(discarded);
    throw_error(reason, "pidfd_open");
  }
}

Subprocess::Subprocess(Subprocess&& other) noexcept
    : start_(other.start_),
      output_limit_bytes_(other.output_limit_bytes_),
      result_(std::move(other.result_)),
      pid_(std::exchange(other.pid_, -1)),
      process_(std::move(other.process_)),
      output_(std::move(other.output_)),
      error_(std::move(other.error_)) {}

Subprocess::~Subprocess() {
  if (pid_ == -1) return;
  ProcessResult discarded;
  kill_group();
  reap(discarded);
}

void Subprocess::kill(int signal) noexcept {
  assert(pid_ != -1);
  ::kill(pid_, signal);
}

ProcessResult Subprocess::wait(std::chrono::milliseconds timeout, int cancel) {
  return *wait_until(-1, timeout, cancel);
}

std::optional<ProcessResult> Subprocess::wait_until(int readable, std::chrono::milliseconds timeout,
                                                    int cancel) {
  assert(pid_ != -1);
  const auto deadline = steady_clock::now() + timeout;
  for (bool running = true; running;) {
    // A closed pipe's descriptor is -1, which poll() passes over.
    const bool killed = result_.timed_out || result_.cancelled;
    std::array<pollfd, 5> polled{{{.fd = process_.get(), .events = POLLIN, .revents = 0},
                                  {.fd = output_.get(), .events = POLLIN, .revents = 0},
                                  {.fd = error_.get(), .events = POLLIN, .revents = 0},
                                  {.fd = killed ? -1 : cancel, .events = POLLIN, .revents = 0},
                                  {.fd = killed ? -1 : readable, .events = POLLIN, .revents = 0}}};
    const int ready = ::poll(polled.data(), polled.size(), killed ? -1 : poll_timeout_ms(deadline));
    if (ready < 0 && errno != EINTR) throw_error(errno, "poll");
    if (ready > 0) {
      running = polled[0].revents == 0;
      if (polled[1].revents != 0) read_some(output_, result_.standard_output);
      if (polled[2].revents != 0) read_some(error_, result_.standard_error);
    }
    if (!running || killed) continue;
    result_.cancelled = polled[3].revents != 0;
    result_.timed_out = !result_.cancelled && steady_clock::now() >= deadline;
    if (result_.cancelled || result_.timed_out) {
      kill_group();
    } else if (polled[4].revents != 0) {
      return std::nullopt;
    }
  }
  result_.wall_time = steady_clock::now() - start_;
  // What the child wrote last. Bounded, because a process that it left behind may go on writing.
  for (int i = 0; i < kReadsThatEmptyAnyPipe; ++i) {
    read_some(output_, result_.standard_output);
    read_some(error_, result_.standard_error);
  }
  reap(result_);
  return std::move(result_);
}

void Subprocess::read_some(FileDescriptor& pipe, std::string& text) {
  if (!pipe.is_open()) return;
  std::array<char, kReadBytes> buffer;
  const ssize_t got = ::read(pipe.get(), buffer.data(), buffer.size());
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return pipe.reset();
  const std::size_t kept = std::min(static_cast<std::size_t>(got), output_limit_bytes_ - text.size());
  text.append(buffer.data(), kept);
  result_.truncated = result_.truncated || kept < static_cast<std::size_t>(got);
}

void Subprocess::kill_group() noexcept {
  try {
    harness::kill_group(pid_);
  } catch (const std::exception&) {  // no memory
    ::kill(-pid_, SIGKILL);
  }
}

void Subprocess::reap(ProcessResult& result) noexcept {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
}

ProcessResult run_subprocess(const Command& command, std::chrono::milliseconds timeout) {
  return Subprocess(command).wait(timeout);
}

}  // namespace harness
