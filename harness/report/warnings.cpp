// harness/report/warnings.cpp: what a careful reader should know before believing a run's numbers.
#include "harness/report/warnings.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/row/format.h"

namespace harness {
namespace {

using Strings = std::vector<std::string>;

constexpr double kBusy = 0.05;
constexpr double kNoisy = 0.10;
constexpr double kDisturbed = 0.10;  // of a row, which is measured in fewer ticks than the run

/// "a", "a and b", "a, b and 5 more".
std::string listed(const std::vector<std::string>& names) {
  if (names.size() == 1) return names[0];
  if (names.size() == 2) return names[0] + " and " + names[1];
  return names[0] + ", " + names[1] + " and " + std::to_string(names.size() - 2) + " more";
}

/// Whether CPython, which takes an empty variable for none, then does more for the same code
/// (Doc/using/cmdline.rst).
bool slows_python(const std::string& name, const std::string& value) {
  if (value.empty()) return false;
  if (name == "PYTHONMALLOC") return value != "pymalloc" && value != "default" && value != "mimalloc";
  if (name == "PYTHON_TLBC") return value == "0";  // a free-threaded build then specialises no code
  if (name == "PYTHONTRACEMALLOC" || name == "PYTHONPERFSUPPORT") return value != "0";
  return name == "PYTHONDEVMODE" || name == "PYTHON_PERF_JIT_SUPPORT";
}

/// "GIL not traced: a (why) and b (why)" of the rows' remarks, those that say why.
std::vector<std::string> remarks_of(const std::vector<Row>& rows) {
  std::vector<std::pair<std::string, std::vector<std::string>>> kinds;  // each with its rows
  for (const Row& row : rows) {
    for (const std::string& remark : row.remarks) {
      const std::size_t colon = remark.find(": ");
      if (colon == std::string::npos) continue;
      const std::string kind = remark.substr(0, colon);
      // Where other repetitions tell it, the row does.
      if (kind == "of_ceiling withheld" && row.counter("of_ceiling")) continue;
      auto known = std::ranges::find(kinds, kind, &decltype(kinds)::value_type::first);
      if (known == kinds.end()) known = kinds.insert(known, {kind, {}});
      const std::string said = row.name() + " (" + remark.substr(colon + 2) + ")";
      // Of several that differ in their figures, the first.
      const bool is_known = !known->second.empty() && known->second.back().starts_with(row.name() + " (");
      if (!is_known) known->second.push_back(said);
    }
  }
  std::vector<std::string> texts;
  for (const auto& [kind, names] : kinds) texts.push_back(kind + ": " + listed(names));
  return texts;
}

/// The share of the machine that somebody else had while the row was timed; 0 where it is not known.
double taken_during(const Row& row) {
  double taken = 0;
  for (const char* const counter : {"others_cpu_share", "stolen_cpu_share"}) {
    const auto found = row.counters.find(counter);
    if (found != row.counters.end()) taken += found->second;
  }
  return taken;
}

/// Of the build, the interpreter and what surrounds both, before any row is looked at.
void warn_of_build(const Conditions& conditions, Strings& warnings) {
  if (conditions.debug_build) {
    warnings.emplace_back("this harness was built without optimisation: its native rows mean little");
  }
  if (conditions.debug_interpreter) {
    warnings.emplace_back("the interpreter is a debug build (Py_DEBUG): its rows mean little");
  }
  // Pure Python is slower at the fixed addresses, in python3 as here. Other fixed ones cost nothing.
  if (conditions.aslr_is_off) {
    warnings.emplace_back(
        "addresses are not randomised (setarch -R, or kernel.randomize_va_space=0), "
        "and Python code can be a third slower at the fixed ones");
  }
  for (const auto& [name, value] : conditions.environment) {
    if (slows_python(name, value)) {
      warnings.push_back(name + "=" + value + " makes Python code slower than users have it");
    }
  }
}

/// Of rows whose threads OpenMP does not all give.
void warn_of_openmp(const Conditions& conditions, const std::vector<Row>& rows, Strings& warnings) {
  Strings parallel, short_of_threads;
  for (const Row& row : rows) {
    if (row.traits.pool != Pool::openmp) continue;
    if (row.id.threads() > 1) parallel.push_back(row.name());
    if (row.id.threads() > conditions.openmp_thread_limit) short_of_threads.push_back(row.name());
  }
  if (!parallel.empty() && conditions.openmp_levels < 1) {
    warnings.push_back("OMP_MAX_ACTIVE_LEVELS leaves OpenMP one thread, fewer than are named by " +
                       listed(parallel));
  } else if (!parallel.empty() && conditions.openmp_dynamic) {
    warnings.push_back("OMP_DYNAMIC lets OpenMP take fewer threads than are named by " + listed(parallel));
  }
  if (!short_of_threads.empty()) {
    warnings.push_back("OMP_THREAD_LIMIT gives OpenMP " + std::to_string(conditions.openmp_thread_limit) +
                       " threads at most, fewer than are named by " + listed(short_of_threads));
  }
}

/// Of rows with more threads than there are cores for.
void warn_of_cores(const Conditions& conditions, const std::vector<Row>& rows, Strings& warnings) {
  Strings crowded, siblings;
  for (const Row& row : rows) {
    if (row.id.threads() > conditions.allowed_cores) {
      crowded.push_back(row.name());
    } else if (conditions.pinned && row.id.threads() > static_cast<int>(conditions.physical_cores)) {
      siblings.push_back(row.name());
    }
  }
  if (!crowded.empty()) {
    warnings.push_back("more threads than the " + format_ratio(conditions.allowed_cores) +
                       " cores that this process may use: " + listed(crowded));
  }
  if (!siblings.empty()) {
    warnings.push_back("more threads than the " + std::to_string(conditions.physical_cores) +
                       " physical cores, so that some share one (SMT): " + listed(siblings));
  }
}

/// Of what else had the machine while it ran, and of the machine's own changes.
void warn_of_machine(const Conditions& conditions, const std::vector<Row>& rows, Strings& warnings) {
  if (conditions.pinned && conditions.cpu_quota_cores) {
    warnings.push_back("the control group grants " + format_ratio(*conditions.cpu_quota_cores) +
                       " cores' time: threads are stopped when it is used up, pinned or not");
  }
  if (conditions.others.value_or(0) > kBusy) {
    warnings.push_back("the machine was busy: other processes used " + format_percent(*conditions.others) +
                       " of its cores meanwhile");
  }
  if (conditions.stolen.value_or(0) > kBusy) {
    warnings.push_back("the hypervisor took part of the machine's time: " +
                       format_percent(*conditions.stolen));
  }
  Strings disturbed;
  for (const Row& row : rows) {
    if (!row.ok() || taken_during(row) <= kDisturbed) continue;
    disturbed.push_back(row.name() + " (" + format_percent(taken_during(row)) + ")");
  }
  if (!disturbed.empty()) {
    warnings.push_back("other processes or the hypervisor had over " + format_percent(kDisturbed) +
                       " of the machine while these were timed: " + listed(disturbed));
  }
  if (conditions.governor != "unknown" && conditions.governor != "performance") {
    warnings.push_back("the CPU frequency governor is '" + conditions.governor +
                       "': the clock changes with the load");
  }
}

void warn_of_noise(const std::vector<Row>& rows, Strings& warnings) {
  Strings noisy;
  for (const Row& row : rows) {
    if (!row.ok() || row.variation().value_or(0) <= kNoisy) continue;
    noisy.push_back(row.name() + " (" + format_percent(*row.variation()) + ")");
  }
  if (!noisy.empty()) {
    warnings.push_back("coefficient of variation over " + format_percent(kNoisy) + ": " + listed(noisy));
  }
}

}  // namespace

std::vector<std::string> warnings_of(const Conditions& conditions, const std::vector<Row>& rows) {
  Strings warnings;
  warn_of_build(conditions, warnings);
  warn_of_openmp(conditions, rows, warnings);
  warn_of_cores(conditions, rows, warnings);
  warn_of_machine(conditions, rows, warnings);
  std::ranges::move(remarks_of(rows), std::back_inserter(warnings));
  warn_of_noise(rows, warnings);
  return warnings;
}

}  // namespace harness
