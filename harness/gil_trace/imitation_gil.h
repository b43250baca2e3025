// harness/gil_trace/imitation_gil.h: a lock that signals as CPython's GIL does, for tests without CPython.
#pragma once

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include <atomic>

namespace harness::gil_trace {

/// take_gil() and drop_gil() of CPython's Python/ceval_gil.c, in outline. interposer.cpp explains them.
class ImitationGil {
 public:
  explicit ImitationGil(long interval_us = 200) : interval_us_(interval_us) {}
  ImitationGil(const ImitationGil&) = delete;
  ImitationGil& operator=(const ImitationGil&) = delete;

  void take() {
    pthread_mutex_lock(&mutex_);
    while (locked_) {
      const unsigned switch_number = switch_number_;
      if (wait_for_release() == ETIMEDOUT && locked_ && switch_number_ == switch_number) drop_request_ = true;
    }
    pthread_mutex_lock(&switch_mutex_);
    locked_ = true;
    if (!pthread_equal(last_holder_, pthread_self())) ++switch_number_;
    last_holder_ = pthread_self();
    pthread_cond_signal(&switch_cond_);
    pthread_mutex_unlock(&switch_mutex_);
    drop_request_ = false;
    pthread_mutex_unlock(&mutex_);
  }

  void drop() {
    const pthread_t self = pthread_self();
    pthread_mutex_lock(&mutex_);
    locked_ = false;
    pthread_cond_signal(&cond_);
    pthread_mutex_unlock(&mutex_);
    if (!drop_request_) return;
    pthread_mutex_lock(&switch_mutex_);
    if (pthread_equal(last_holder_, self)) {
      drop_request_ = false;
      pthread_cond_wait(&switch_cond_, &switch_mutex_);
    }
    pthread_mutex_unlock(&switch_mutex_);
  }

  /// What the eval loop looks at.
  bool drop_is_requested() const { return drop_request_; }

  const void* cond() const { return &cond_; }
  const void* switch_cond() const { return &switch_cond_; }

 private:
  int wait_for_release() {
    timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += interval_us_ * 1000;
    until.tv_sec += until.tv_nsec / 1'000'000'000;
    until.tv_nsec %= 1'000'000'000;
    return pthread_cond_timedwait(&cond_, &mutex_, &until);
  }

  const long interval_us_;
  bool locked_ = false;
  unsigned switch_number_ = 0;
  pthread_t last_holder_{};  // also read under switch_mutex_, and written under both
  std::atomic<bool> drop_request_{false};
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_t switch_mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t cond_ = PTHREAD_COND_INITIALIZER;
  pthread_cond_t switch_cond_ = PTHREAD_COND_INITIALIZER;
};

}  // namespace harness::gil_trace
