// harness/run/interruption.h: Ctrl-C ends a run within a second, with what is finished saved.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace harness {

/// Takes SIGINT, SIGTERM and SIGHUP, but for those that this process was started to ignore, as nohup does. By
/// handlers, and not by masks: a process that a script starts would inherit a mask and could then not be
/// ended. A forked child has the dispositions that there were before. One at a time.
class Interruption {
 private:
  struct Work {
    std::function<void()> stop;
    std::function<void()> save;
  };

 public:
  /// As long as it lives, a run is saved before the process ends. To be destroyed before what it calls.
  class Watch {
   public:
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    friend class Interruption;
    Watch(Interruption& interruption, Work work);
    Interruption& interruption_;
  };

  /// Until there is a Watch, and after it, exit() is called at a signal: nothing would be lost.
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// At the first signal `stop` is called, which may block; where the watch has not ended of itself kPatience
  /// later, or at a second signal, `save` is called and then exit(). Both are called from other threads. One
  /// at a time.
  [[nodiscard]] Watch watch(std::function<void()> stop, std::function<void()> save);

  /// Takes the signals again, after code of a script that may have: what its main thread imports may call
  /// signal.signal(). The signals that are ignored by the process's own start stay so.
  void keep_signals();

  /// Calls it while this object has no thread: for a process that is forked from one without threads. A
  /// signal waits until then.
  void without_thread(const std::function<void()>& function);

  /// Leaves the signals to whatever was there before, for good.
  void give_signals_back();

  bool requested() const;

  /// 128 + the signal's number, as a shell has it: 130 for Ctrl-C. 0 where there was none.
  int status() const;

  /// Kills every process that this one, or one of those, has started, and exits with status(), without
  /// anything that is done at an orderly end.
  [[noreturn]] void exit() const;

 private:
  void take_signals();
  void end_watcher();

  std::mutex lock_;
  std::optional<Work> work_;  // of the Watch
  std::jthread watcher_;
};

}  // namespace harness
