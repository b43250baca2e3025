// harness/run/progress.h: one line on the terminal that says where a run is and when it will end.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace harness {

/// Writes to standard error, its line only where that is a terminal. Used by one thread.
class Progress {
 public:
  /// `experiments` are to come; 0 where nobody knows how many. `width`: columns of the terminal, more than
  /// the line ever takes, since a line that goes on below could not be taken away; 0 where there is none.
  Progress(std::size_t experiments, std::size_t width);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `name` is being run; the same name again means that it still is.
  void show(const std::string& name);

  /// Takes the line away, so that something else can be written.
  void clear();

  /// Writes a message on lines of its own, and the line anew below it where there was one. Where standard
  /// error is no terminal the message is written as it is.
  void say(const std::string& message);

 private:
  using Clock = std::chrono::steady_clock;

  const std::size_t experiments_;
  const std::size_t width_;
  const Clock::time_point start_ = Clock::now();
  std::size_t number_ = 0;  // of the experiment that runs, from 1
  std::string name_;
  std::string line_;  // that is on the terminal now
};

/// What is left when `done` of `all` took `elapsed_s` seconds, as "0:42"; "" before the first is done.
std::string time_left(std::size_t done, std::size_t all, double elapsed_s);

}  // namespace harness
