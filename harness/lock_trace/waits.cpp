// harness/lock_trace/waits.cpp: tables of CPython's functions, 3.9 to 3.15.
#include "harness/lock_trace/waits.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace harness::lock_trace {
namespace {

using Names = std::vector<std::string>;

/// A function, or, with a "*" at its end, all that begin so.
bool matches(std::string_view name, std::string_view pattern) {
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return name == pattern;
}

bool any_matches(std::string_view name, std::span<const std::string_view> patterns) {
  return std::ranges::any_of(patterns, [&](std::string_view pattern) { return matches(name, pattern); });
}

// What every park and every burst of yields goes through (Python/parking_lot.c, Python/lock.c).
constexpr std::string_view kParking[] = {
    "_PySemaphore_Wait",    "_PySemaphore_PlatformWait", "_PyParkingLot_Park", "_PySemaphore_Wakeup",
    "_PyParkingLot_Unpark", "_PyParkingLot_UnparkAll",   "_Py_yield"};
// What takes a lock for somebody (Python/lock.c, Python/critical_section.c).
constexpr std::string_view kTaking[] = {"_PyMutex_*",          "PyMutex_*",          "_PyRecursiveMutex_*",
                                        "_PyCriticalSection*", "PyCriticalSection*", "PyThread_acquire_lock*",
                                        "acquire_timed" /* of _threadmodule.c, up to 3.12 */};
constexpr std::string_view kCriticalSections[] = {"_PyCriticalSection*", "PyCriticalSection*"};
constexpr std::string_view kStopped[] = {
    "_PyThreadState_Suspend", "tstate_wait_attach",   "_PyThreadState_Attach", "_Py_HandlePending",
    "PyEval_RestoreThread",   "PyEval_AcquireThread", "PyGILState_Ensure"};
constexpr std::string_view kUnknown[] = {""};
constexpr std::string_view kStops[] = {"stop_the_world", "_PyEval_StopTheWorld*"};
constexpr std::string_view kStarts[] = {"start_the_world", "_PyEval_StartTheWorld*"};
constexpr std::string_view kEvents[] = {"PyEvent_Wait*"};
constexpr std::string_view kQueues[] = {"_queue_*", "_queue.*" /* the file, where it is stripped */,
                                        "simplequeue_*"};
constexpr std::string_view kNoWaits[] = {"os_sched_yield*", "mi_*", "_mi_*"};
// Locks of the interpreter's that no mutex is (Python/lock.c).
constexpr std::string_view kOwnLocks[] = {"_PyRawMutex_*", "_PyRWMutex_*", "_PySeqLock_*", "_PyOnceFlag_*"};

struct Owner {
  std::string_view pattern;
  WaitKind kind;
  std::string_view what;
};

// Whose lock it is, by the function that takes it.
constexpr Owner kOwners[] = {
    {"rlock_*", WaitKind::lock, "a threading.RLock"}, {"_thread_RLock*", WaitKind::lock, "a threading.RLock"},
    {"lock_*", WaitKind::lock, "a threading.Lock"},   {"_thread_lock*", WaitKind::lock, "a threading.Lock"},
    {kQueues[0], WaitKind::event, "a queue"},         {kQueues[1], WaitKind::event, "a queue"},
    {kQueues[2], WaitKind::event, "a queue"},         {"PyDict_*", WaitKind::lock, "a dict's lock"},
    {"_PyDict_*", WaitKind::lock, "a dict's lock"},   {"dict_*", WaitKind::lock, "a dict's lock"},
    {"dictiter_*", WaitKind::lock, "a dict's lock"},  {"PyList_*", WaitKind::lock, "a list's lock"},
    {"_PyList_*", WaitKind::lock, "a list's lock"},   {"list_*", WaitKind::lock, "a list's lock"},
    {"PySet_*", WaitKind::lock, "a set's lock"},      {"_PySet_*", WaitKind::lock, "a set's lock"},
    {"set_*", WaitKind::lock, "a set's lock"},        {"frozenset_*", WaitKind::lock, "a set's lock"},
    {"PyType_*", WaitKind::lock, "a type's lock"},    {"_PyType_*", WaitKind::lock, "a type's lock"},
    {"type_*", WaitKind::lock, "a type's lock"},
};

// Why a world is stopped, by the function that asks for it. The first that a name matches.
struct Reason {
  std::string_view pattern;
  std::string_view why;
};
constexpr Reason kReasons[] = {
    {"gc_collect*", "garbage collection"},
    {"PyGC_*", "garbage collection"},
    {"_PyGC_*", "garbage collection"},
    {"gc_*", "garbage collection"},
    {"_PyEval_SetTrace*", "tracing"},
    {"_PyEval_SetProfile*", "profiling"},
    {"PyEval_SetTrace*", "tracing"},
    {"PyEval_SetProfile*", "profiling"},
    {"_PyMonitoring*", "monitoring"},
    {"monitoring_*", "monitoring"},
    {"type_*", "a type changes"},
    {"_PyType_*", "a type changes"},
    {"PyType_*", "a type changes"},
    {"os_fork*", "fork"},
    {"PyOS_BeforeFork", "fork"},
    {"_PyEval_EnableGIL*", "the GIL is turned on"},
    {"_PyEval_DisableGIL*", "the GIL is turned off"},
    {"func_*", "a function changes"},
    {"_PyFunction_*", "a function changes"},
    {"object_set_class*", "an object's class changes"},
    {"_PyCode_*", "a code object changes"},
};

Names without(const Names& names, std::span<const std::string_view> patterns) {
  auto first = std::ranges::find_if_not(names, [&](const auto& name) { return any_matches(name, patterns); });
  return {first, names.end()};
}

bool has_any(const Names& names, std::span<const std::string_view> patterns) {
  return std::ranges::any_of(names, [&](const auto& name) { return any_matches(name, patterns); });
}

/// The module whose function it is, "_ssl" of "read (_ssl.cpython-314t-x86_64-linux-gnu.so)"; "" of one of
/// CPython's own (Symbols::name_of).
std::string_view extension_of(std::string_view name) {
  if (name.find(".so") == name.npos) return "";
  const std::string_view file = name.substr(name.find('(') + 1);  // all of it where there is none
  return file.substr(0, file.find('.'));
}

Wait wait_for_lock(const Names& from_lock) {
  const Names owners = without(from_lock, kTaking);
  if (has_any(owners, kStops)) {
    return {WaitKind::request, "the turn to stop the world", reason_of_stop(owners)};
  }
  const std::string_view owner = owners.empty() ? std::string_view() : owners.front();
  for (const Owner& known : kOwners) {
    if (matches(owner, known.pattern)) return {known.kind, std::string(known.what)};
  }
  const Names taking(from_lock.begin(), from_lock.end() - static_cast<std::ptrdiff_t>(owners.size()));
  if (has_any(taking, kCriticalSections)) return {WaitKind::lock, "an object's lock"};
  if (owner.empty()) return {WaitKind::lock, "a lock"};
  if (const std::string_view extension = extension_of(owner); !extension.empty()) {
    return {WaitKind::lock, "a lock of " + std::string(extension)};
  }
  return {WaitKind::lock, "a lock of the interpreter's"};
}

}  // namespace

Wait wait_of(const Names& names) {
  const Names outwards = without(names, kParking);
  const Names known = without(outwards, kUnknown);
  if (known.empty()) return {WaitKind::unknown, "unknown"};
  const std::string_view first = known.front();
  if (known.size() < outwards.size()) {
    // A function without a name waits. What attaches, or is asked to stop, waits for nothing else.
    return any_matches(first, kStopped) ? Wait{WaitKind::world, "a stopped world"}
                                        : Wait{WaitKind::unknown, "unknown"};
  }
  if (any_matches(first, kNoWaits)) return {WaitKind::none, "nothing"};
  if (any_matches(first, kStopped)) return {WaitKind::world, "a stopped world"};
  if (any_matches(first, kEvents)) {
    if (has_any(outwards, kStops)) {
      return {WaitKind::request, "all others to stop", reason_of_stop(outwards)};
    }
    const bool joins = std::ranges::any_of(
        outwards, [](const std::string& name) { return name.find("join") != std::string::npos; });
    return {WaitKind::event, joins ? "a thread's end" : "an event"};
  }
  if (any_matches(first, kOwnLocks)) {
    if (has_any(outwards, kStops)) {
      return {WaitKind::request, "the turn to stop the world", reason_of_stop(outwards)};
    }
    return {WaitKind::lock, "a lock of the interpreter's"};
  }
  if (any_matches(first, kTaking)) return wait_for_lock(outwards);
  // A SimpleQueue parks without an event.
  if (any_matches(first, kQueues)) return {WaitKind::event, "a queue"};
  return {WaitKind::unknown, "unknown"};
}

std::string reason_of_stop(const Names& names) {
  auto at = std::ranges::find_if(
      names, [](const std::string& name) { return any_matches(name, kStops) || any_matches(name, kStarts); });
  if (at == names.end()) return "";
  const Names askers = without({at, names.end()},
                               std::array<std::string_view, 4>{kStops[0], kStops[1], kStarts[0], kStarts[1]});
  for (const std::string& asker : askers) {
    for (const Reason& reason : kReasons) {
      if (matches(asker, reason.pattern)) return std::string(reason.why);
    }
  }
  return askers.empty() || askers.front().empty() ? "unknown" : askers.front();
}

bool starts_the_world(const Names& names) {
  const Names outwards = without(names, kParking);
  return !outwards.empty() && any_matches(outwards.front(), kStarts);
}

bool is_of_world(std::string_view name) {
  return any_matches(name, kStopped) || any_matches(name, kStops) || any_matches(name, kStarts);
}

Names shown_stack(const Names& names) {
  Names shown = without(names, kParking);
  for (std::string& name : shown) {
    if (name.empty()) name = "?";
  }
  return shown;
}

}  // namespace harness::lock_trace
