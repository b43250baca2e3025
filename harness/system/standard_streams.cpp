// harness/system/standard_streams.cpp: standard output and error that may be closed, or lose their reader.
#include "harness/system/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>

namespace harness {
namespace {

constexpr std::array kStandardStreams{STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};

// Of the process, as they are.
std::array<bool, kStandardStreams.size()> was_closed{};

}  // namespace

int own_descriptor_of(int descriptor) {
  constexpr int kFarAbove = 300;
  const int far_above = fcntl(descriptor, F_DUPFD_CLOEXEC, kFarAbove);
  return far_above >= 0 ? far_above : fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

void protect_standard_streams() {
  for (const int stream : kStandardStreams) {
    if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this stream's. Only for reading, so that writing still fails.
    if (open("/dev/null", O_RDONLY) < 0) return;
    was_closed[static_cast<std::size_t>(stream)] = true;
  }
  std::signal(SIGPIPE, SIG_IGN);
}

void unprotect_standard_streams() noexcept {
  for (const int stream : kStandardStreams) {
    if (was_closed[static_cast<std::size_t>(stream)]) close(stream);
  }
}

OwnOutput::Buffer::Buffer(int descriptor) : file_(descriptor) {
  setp(waiting_.data(), waiting_.data() + waiting_.size());
}

OwnOutput::Buffer::int_type OwnOutput::Buffer::overflow(int_type character) {
  if (sync() != 0) return traits_type::eof();
  if (character != traits_type::eof()) sputc(traits_type::to_char_type(character));
  return traits_type::not_eof(character);
}

int OwnOutput::Buffer::sync() {
  const char* from = pbase();
  bool written = true;
  while (written && from < pptr()) {
    const ssize_t count = ::write(file_.get(), from, static_cast<std::size_t>(pptr() - from));
    written = count > 0 || errno == EINTR;
    from += std::max<ssize_t>(count, 0);
  }
  setp(waiting_.data(), waiting_.data() + waiting_.size());  // what cannot be written is lost, once
  return written ? 0 : -1;
}

OwnOutput::OwnOutput() : buffer_(own_descriptor_of(STDOUT_FILENO)), before_(std::cout.rdbuf()) {
  if (buffer_.descriptor() < 0) return;  // no descriptor is left: then it stays everybody's
  std::cout.rdbuf(&buffer_);
  dup2(STDERR_FILENO, STDOUT_FILENO);
}

OwnOutput::~OwnOutput() {
  std::cout.flush();
  if (buffer_.descriptor() >= 0) dup2(buffer_.descriptor(), STDOUT_FILENO);
  std::cout.rdbuf(before_);
}

}  // namespace harness
