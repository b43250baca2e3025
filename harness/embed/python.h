// harness/embed/python.h: the program's side of the embedding: loads a libpython and the module, and scopes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include "harness/embed/api.h"

namespace harness::embed {

/// The one interpreter of this process, started by the constructor and ended by the destructor, both on the
/// main thread. Other members may be used by any thread, as the Api says of each.
class Python {
 public:
  /// Loads `libpython` with its symbols global, then `module`, whose symbols bind to it, and starts the
  /// interpreter. An empty `libpython` means that this process has CPython's symbols already: a guest's.
  /// Throws UserError where the libpython cannot be loaded or the interpreter does not start.
  Python(const std::filesystem::path& libpython, const std::filesystem::path& module,
         const StartConfig& config);
  ~Python();
  Python(const Python&) = delete;
  Python& operator=(const Python&) = delete;

  const Api& api() const { return *api_; }

  /// Runs `body` attached, on the main thread.
  template <typename Body>
  auto attached(Body body) const;

 private:
  const Api* api_;
};

/// A scope in which the calling thread is attached.
class Attached {
 public:
  Attached(const Api& api, ThreadState* thread) : api_(api), thread_(thread) { api_.attach(thread_); }
  ~Attached() { api_.detach(thread_); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;

 private:
  const Api& api_;
  ThreadState* const thread_;
};

template <typename Body>
auto Python::attached(Body body) const {
  const Attached scope(*api_, api_->main_thread());
  return body();
}

}  // namespace harness::embed
