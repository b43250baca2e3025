// harness/end_to_end/pseudo_terminal.cpp: posix_openpt, fork, poll, and no thread.
#include "harness/end_to_end/pseudo_terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <vector>

#include "harness/end_to_end/test_program.h"

namespace harness {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

FileDescriptor open_terminal() {
  FileDescriptor terminal(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (terminal.is_open() && (grantpt(terminal.get()) != 0 || unlockpt(terminal.get()) != 0)) terminal.reset();
  return terminal;
}

/// Makes the terminal that of a new session, and its streams.
void take_terminal(const char* name) {
  setsid();
  const int own = open(name, O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(own, stream);
  if (own > STDERR_FILENO) close(own);
}

[[noreturn]] void become_program(const Command& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command.argv) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  for (const auto& [name, value] : command.environment) {
    if (value) {
      setenv(name.c_str(), value->c_str(), 1);
    } else {
      unsetenv(name.c_str());
    }
  }
  if (chdir(command.working_directory.c_str()) == 0) execv(arguments.front(), arguments.data());
  _exit(127);
}

}  // namespace

bool PseudoTerminal::can_be_had() {
  return open_terminal().is_open();
}

PseudoTerminal::PseudoTerminal(const Command& command) : terminal_(open_terminal()) {
  std::array<char, 64> name{};
  if (!terminal_.is_open() || ptsname_r(terminal_.get(), name.data(), name.size()) != 0 ||
      (pid_ = fork()) < 0) {
    throw std::system_error(errno, std::generic_category(), "a pseudo-terminal");
  }
  if (pid_ != 0) return;
  take_terminal(name.data());
  become_program(command);
}

PseudoTerminal::~PseudoTerminal() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void PseudoTerminal::type(const std::string& text) {
  EXPECT_EQ(write(terminal_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

bool PseudoTerminal::read_some() {
  pollfd readable{.fd = terminal_.get(), .events = POLLIN, .revents = 0};
  if (poll(&readable, 1, 20) <= 0) return true;
  std::string text(4096, '\0');
  const ssize_t count = read(terminal_.get(), text.data(), text.size());
  if (count <= 0) return false;
  shown_.append(text, 0, static_cast<std::size_t>(count));
  return true;
}

bool PseudoTerminal::shows(const std::string& text) {
  const auto deadline = steady_clock::now() + kPatience;
  while (!waits_in_vain_ && steady_clock::now() < deadline) {
    const std::size_t at = shown_.find(text, seen_);
    if (at != std::string::npos) {
      seen_ = at + text.size();
      return true;
    }
    if (!read_some()) break;
  }
  waits_in_vain_ = true;
  return false;
}

void PseudoTerminal::hang_up() {
  terminal_.reset();
}

int PseudoTerminal::wait() {
  const auto deadline = steady_clock::now() + (waits_in_vain_ ? 0s : kPatience);
  int status = 0;
  pid_t ended = 0;
  while (ended == 0 && steady_clock::now() < deadline) {
    ended = waitpid(pid_, &status, WNOHANG);
    // Linux says that nobody has the terminal open any more by an error, after all that was shown.
    if (!terminal_.is_open() || !read_some()) std::this_thread::sleep_for(5ms);
  }
  if (ended != pid_) return -1;
  pid_ = -1;
  while (terminal_.is_open() && read_some() && steady_clock::now() < deadline) {
  }
  return status;
}

}  // namespace harness
