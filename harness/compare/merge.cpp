// harness/compare/merge.cpp: one comparison out of the parts that ran on several machines.
#include "harness/compare/merge.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <set>
#include <thread>
#include <utility>

#include "harness/compare/finished_process.h"
#include "harness/compare/machine_contexts.h"

namespace harness {
namespace {

/// A process of a part, and where that lies.
struct Source {
  const std::filesystem::path* folder;
  const JournalEntry* entry;
};

/// Calls `work` with each number below `count`, on as many threads as there are cores.
template <typename Work>
void for_each_at_once(std::size_t count, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::future<void>> others;
  const std::size_t threads = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), count);
  for (std::size_t i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, take));
  take();
  for (std::future<void>& other : others) other.get();
}

class Merge {
 public:
  explicit Merge(const Parts& parts) : machine_names_(parts.machines), sources_(parts.plan.pythons.size()) {
    merged_ = {.machines = {},
               .parts = parts.plan.part->parts,
               .parts_found = static_cast<int>(parts.parts.size()),
               .rounds = parts.plan.part->rounds,
               .missing_rounds = missing_rounds_of(parts),
               .warnings = missing_of(parts)};
    for (const std::string& name : parts.machines)
      merged_.machines.push_back({.name = name, .cpu_model = ""});
    std::set<std::pair<std::size_t, int>> rounds;
    for (const Part& part : parts.parts) {
      for (const JournalEntry& entry : part.entries) {
        sources_.at(entry.python).push_back({.folder = &part.folder, .entry = &entry});
        if (rounds.insert({entry.machine, entry.round}).second) ++merged_.machines.at(entry.machine).rounds;
      }
    }
    for (std::vector<Source>& sources : sources_)
      std::ranges::sort(sources, {}, [](const Source& source) { return source.entry->round; });
    for (const PlannedPython& python : parts.plan.pythons) labels_.push_back(python.label);
  }

  MergedComparison run(const CompareSettings& settings) {
    MergedComparison end;
    end.contexts.resize(labels_.size());
    const SubjectReader read = [&](std::size_t number) { return subject(number, end); };
    end.comparison = compare_blocks(labels_, read, settings);
    const std::vector<std::string> warnings = warning_sentences(end.warnings, end.processes);
    merged_.warnings.insert(merged_.warnings.end(), warnings.begin(), warnings.end());
    merged_.context = contexts_.common();
    merged_.context_differs = contexts_.differences(machine_names_);
    end.comparison.merged = std::move(merged_);
    return end;
  }

 private:
  Subject subject(std::size_t number, MergedComparison& end) {
    const std::vector<Source>& sources = sources_.at(number);
    std::vector<FinishedProcess> finished(sources.size());
    for_each_at_once(sources.size(), [&](std::size_t i) {
      finished[i] = read_process(*sources[i].folder, *sources[i].entry);
      finished[i].process.machine = sources[i].entry->machine;
    });
    if (counted_.insert(number).second) count(finished, end, end.contexts.at(number));
    Subject subject{.label = labels_.at(number), .processes = {}};
    for (FinishedProcess& each : finished) subject.processes.push_back(std::move(each.process));
    return subject;
  }

  /// What there is to say of the processes besides their rows, once.
  void count(const std::vector<FinishedProcess>& finished, MergedComparison& end, Context& context) {
    for (const FinishedProcess& each : finished) {
      if (context.empty()) context = each.context;
      ++end.processes;
      end.failed = end.failed || !each.process.failure.empty();
      count_warnings(each, end.warnings);
      contexts_.add(each.process.machine, each.context);
      const auto cpu = each.context.find("cpu_model");
      ComparedMachine& machine = merged_.machines.at(each.process.machine);
      if (machine.cpu_model.empty() && cpu != each.context.end()) machine.cpu_model = cpu->second;
    }
  }

  MergedParts merged_;
  MachineContexts contexts_;
  std::vector<std::string> machine_names_;
  std::vector<std::string> labels_;
  std::vector<std::vector<Source>> sources_;  // of each interpreter, by their rounds
  std::set<std::size_t> counted_;
};

}  // namespace

MergedComparison merge_parts(const Parts& parts, const CompareSettings& settings) {
  return Merge(parts).run(settings);
}

}  // namespace harness
