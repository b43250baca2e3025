// harness/compare/context_differences.cpp: what differs between stored runs besides their interpreters.
#include "harness/compare/context_differences.h"

#include <array>
#include <utility>

namespace harness {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 19> kMatters{
    {{"cpu_model", "CPU"},
     {"cores_allowed", "cores"},
     {"governor", "governor"},
     {"kernel", "kernel"},
     {"aslr", "ASLR"},
     {"harness_version", "harness version"},
     {"harness_commit", "harness commit"},
     {"harness_compiler", "compiler"},
     {"harness_flags", "compiler flags"},
     {"openmp", "OpenMP"},
     {"opencv", "OpenCV"},
     {"google_benchmark", "Google Benchmark"},
     {"image", "image"},
     {"image_size", "image size"},
     {"image_sha256", "image SHA-256"},
     {"switch_interval_s", "switch interval"},
     {"OMP_NUM_THREADS", "OMP_NUM_THREADS"},
     {"pinned", "pinning"},
     {"scripts_sha256", "scripts"}}};

}  // namespace

std::vector<std::string> differences_of(const std::vector<std::map<std::string, std::string>>& contexts,
                                        const std::vector<std::string>& labels,
                                        const std::vector<ContextWords>& parameters) {
  std::vector<ContextWords> matters;
  for (const auto& [key, words] : kMatters) matters.push_back({key, words});
  matters.insert(matters.end(), parameters.begin(), parameters.end());
  std::vector<std::string> differences;
  for (std::size_t i = 1; i < contexts.size(); ++i) {
    for (const auto& [key, words] : matters) {
      const auto first = contexts[0].find(key);
      const auto other = contexts[i].find(key);
      if (first == contexts[0].end() || other == contexts[i].end() || first->second == other->second)
        continue;
      differences.push_back("another " + words + ": " + labels[0] + " has " + first->second + ", " +
                            labels[i] + " has " + other->second);
    }
  }
  return differences;
}

}  // namespace harness
