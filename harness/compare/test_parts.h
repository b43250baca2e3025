// harness/compare/test_parts.h: parts of a comparison for tests, without running any.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/compare/journal.h"
#include "harness/system/test_folder.h"

namespace harness {

inline constexpr const char* kPlantedRow = "countdown/python/threads:1";

/// What a part's processes of a and b measure, in milliseconds.
using PlantedMs = std::function<double(int round, std::size_t python)>;

inline ComparisonPlan plan_of_part(const PlannedPart& part) {
  return {
      .arguments = {"--shard=" + part.text()},
      .work_flags = {"--threads=1", "--filter=countdown"},
      .working_directory = "/tmp",
      .seed = 5,
      .pythons = {{.label = "a", .text = "a=3.11", .version = "3.11.2", .binary = "/x.so", .sha256 = "12"},
                  {.label = "b", .text = "b=3.13", .version = "3.13.5", .binary = "/y.so", .sha256 = "34"}},
      .files = {{"/usr/share/harness/scripts/countdown.py", "56"}},
      .environment = {{"OMP_NUM_THREADS", "2"}},
      .program_sha256 = "78",
      .part = part};
}

/// A process with one row of that many milliseconds, in `folder`.
inline JournalEntry plant_process(const TestFolder& root, const std::string& folder, int round,
                                  std::size_t python, double ms) {
  const std::string name = "processes/" + std::to_string(round) + (python == 0 ? "-a" : "-b");
  root.write(folder + "/" + name + "/result.json",
             R"({"context": {"cpu_model": "CPU of )" + folder +
                 R"("}, "benchmarks": [{"run_name": "countdown/python/threads:1", "run_type": "iteration", )"
                 R"("time_unit": "ms", "real_time": )" +
                 std::to_string(ms) + "}]}");
  return {.round = round, .python = python, .folder = name, .failure = {}, .wall_s = 1};
}

inline MachineIdentity machine_called(const std::string& name) {
  return {.name = name, .id = "id of " + name, .boot = "boot of " + name};
}

/// A whole part, in the folder `folder` below `root`, all of whose rounds ran on `machine`.
inline std::filesystem::path plant_part(const TestFolder& root, const std::string& folder,
                                        const ComparisonPlan& plan, const std::string& machine,
                                        const PlantedMs& ms) {
  std::filesystem::create_directories(root.path() / folder);
  Journal journal = Journal::begin(root.path() / folder, plan);
  journal.add(machine_called(machine));
  for (int round = plan.part->part; round <= plan.part->rounds; round += plan.part->parts) {
    for (const std::size_t python : {0U, 1U})
      journal.add(plant_process(root, folder, round, python, ms(round, python)));
  }
  return root.path() / folder;
}

}  // namespace harness
