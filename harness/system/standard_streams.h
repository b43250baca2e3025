// harness/system/standard_streams.h: standard output and error that may be closed, or lose their reader.
#pragma once

#include <array>
#include <streambuf>

#include "harness/system/file_descriptor.h"

namespace harness {

/// Makes it harmless that a standard stream is closed, or that its reader leaves: what is written to it is
/// then an error of that stream (badbit) and nothing else. A file that is opened later gets none of their
/// numbers, and SIGPIPE does not end the process. Before other files are opened.
void protect_standard_streams();

/// Closes again those that were closed before. For a forked child that is to find what this process found; it
/// calls nothing that may not be called there.
void unprotect_standard_streams() noexcept;

/// A second descriptor of the same file, which is closed by exec(): far above those that a script opens and
/// closes, where there are so many. -1 where the first is none.
int own_descriptor_of(int descriptor);

/// Leaves standard output to std::cout: what anything else in this process, or a child of its, writes to
/// descriptor 1 goes to standard error. As long as it lives. Before std::cout is written to, or after it was
/// flushed.
class OwnOutput {
 public:
  OwnOutput();
  ~OwnOutput();
  OwnOutput(const OwnOutput&) = delete;
  OwnOutput& operator=(const OwnOutput&) = delete;

 private:
  /// Of a descriptor that it owns.
  class Buffer : public std::streambuf {
   public:
    explicit Buffer(int descriptor);
    int descriptor() const { return file_.get(); }

   protected:
    int_type overflow(int_type character) override;
    int sync() override;

   private:
    FileDescriptor file_;
    std::array<char, 4096> waiting_{};
  };

  Buffer buffer_;
  std::streambuf* const before_;
};

}  // namespace harness
