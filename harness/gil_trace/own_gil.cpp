// harness/gil_trace/own_gil.cpp: learned and forgotten by one thread at a time.
#include "harness/gil_trace/own_gil.h"

#include <mutex>

#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/learn.h"

namespace harness::gil_trace {
namespace {

std::mutex learning;

}  // namespace

OwnGil::OwnGil(const std::function<void()>& detach, const std::function<void()>& attach) {
  const std::lock_guard guard(learning);
  const LearnedGil learned = learn_gil(detach, attach);
  missed_ = !learned.gil && learned.outcome != LearnedGil::Outcome::no_events;
  gil_ = learned.gil;
}

OwnGil::~OwnGil() {
  if (!gil_) return;
  const std::lock_guard guard(learning);
  forget_gil(*gil_);
}

}  // namespace harness::gil_trace
