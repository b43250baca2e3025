// harness/row/account.cpp: where the time of a row's threads went, and what of it was work.
#include "harness/row/account.h"

#include "harness/row/format.h"
#include "harness/row/relations.h"
#include "harness/statistics/statistics.h"

namespace harness {
namespace {

constexpr const char* kCpu = "account_cpu";
constexpr const char* kCpu_ns = "account_cpu_ns";
constexpr double kConfidence = 0.95;
constexpr double kWideInterval = 0.02;
constexpr double kLargeLoss = 0.05;

std::optional<double> value_of(const std::map<std::string, double>& counters, const std::string& name) {
  const auto found = counters.find(name);
  return found == counters.end() ? std::nullopt : std::optional(found->second);
}

/// CPU time an item, of each repetition that knows it.
std::vector<double> cpu_items_ns(const Row& row) {
  std::vector<double> values_ns;
  for (const auto& counters : row.repetitions) {
    if (const auto cpu_ns = value_of(counters, kCpu_ns)) values_ns.push_back(*cpu_ns / row.items());
  }
  return values_ns;
}

/// That `row`'s CPU time is to be compared with.
const Row* on_one_thread(const std::vector<Row>& rows, const Row& row) {
  return row.traits.baseline_on_threads ? baseline_of(rows, row) : single_threaded(rows, row);
}

std::optional<CpuSplit> split_of(const std::map<std::string, double>& counters, double useful_ns) {
  const auto cpu = value_of(counters, kCpu);
  const auto cpu_ns = value_of(counters, kCpu_ns);
  if (!cpu || !cpu_ns || *cpu_ns <= 0) return std::nullopt;
  const double useful = *cpu * useful_ns / *cpu_ns;
  return CpuSplit{.useful = useful, .slower = *cpu - useful};
}

/// Where it is wide.
std::optional<double> interval_over_mean(const std::vector<double>& values) {
  const auto estimate = estimate_mean(values);
  if (!estimate) return std::nullopt;
  const Interval interval = interval_of(*estimate, kConfidence);
  const double half = (interval.high - interval.low) / 2 / estimate->mean;
  return half > kWideInterval ? std::optional(half) : std::nullopt;
}

}  // namespace

std::span<const CounterInfo> account_parts() {
  static const std::vector<CounterInfo> kParts = [] {
    std::vector<CounterInfo> parts;
    for (const CounterInfo& info : counter_table()) {
      if (!info.glyph.empty()) parts.push_back(info);
    }
    return parts;
  }();
  return kParts;
}

bool has_account(const Row& row) {
  return row.ok() && row.counters.contains("account_useful");
}

std::string no_account_base(const std::vector<Row>& rows, const Row& row) {
  const Row* const base = on_one_thread(rows, row);
  const auto none = [](const std::string& why) { return "no account (" + why + ")"; };
  if (base == nullptr) return none("no row on one thread to compare with");
  if (base->counter(kCpu_ns).value_or(0) <= 0)
    return none("the CPU time of the row on one thread is not known");
  if (!base->traits.by_workers) return none("the row on one thread had threads of its own");
  return none("to hand the work over took more than " + format_percent(kOthersTooMuch) +
              " of the row on one thread, most likely");
}

const Row* account_base(const std::vector<Row>& rows, const Row& row) {
  const Row* const base = on_one_thread(rows, row);
  if (base == nullptr || base->counter(kCpu_ns).value_or(0) <= 0) return nullptr;
  return base->counter("account_other_threads").value_or(0) > kOthersTooMuch ? nullptr : base;
}

std::optional<AccountRelation> account_relation(const std::vector<Row>& rows, const Row& row) {
  if (!row.ok() || !row.counter(kCpu)) return std::nullopt;
  AccountRelation relation;
  const Row* const base = account_base(rows, row);
  if (base == nullptr) return relation;
  const double useful_ns = *base->counter(kCpu_ns) / base->items() * row.items();
  for (const auto& counters : row.repetitions) relation.splits.push_back(split_of(counters, useful_ns));
  relation.baseline_interval = interval_over_mean(cpu_items_ns(*base));
  return relation;
}

std::optional<LargestLoss> largest_loss(const std::map<std::string, double>& counters) {
  if (!counters.contains("account_useful")) return std::nullopt;
  std::optional<LargestLoss> largest;
  for (const CounterInfo& part : account_parts()) {
    if (part.name == "account_useful") continue;
    const double share = value_of(counters, std::string(part.name)).value_or(0);
    if (share < kLargeLoss || (largest && share <= largest->share)) continue;
    largest = {part.name, share};
  }
  return largest;
}

}  // namespace harness
