// harness/lock_trace/interposer.h: whether the interposer is compiled in.
#pragma once

namespace harness::lock_trace {

/// False under ThreadSanitizer, which must define the same functions itself to follow who synchronises with
/// whom: then hook_self_test() is false and nothing is recorded. Whoever uses it links the interposer in.
extern const bool kInterposerIsBuiltIn;

}  // namespace harness::lock_trace
