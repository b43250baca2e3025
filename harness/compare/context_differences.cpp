// harness/compare/context_differences.cpp: what differs between stored runs besides their interpreters.
#include "harness/compare/context_differences.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "harness/compare/journal.h"
#include "harness/report/context.h"

namespace harness {
namespace {

// Variables of the environment, by what their keys begin with.
constexpr std::array kVariables{"OMP_", "GOMP_", "PYTHON", "GLIBC_TUNABLES", "MALLOC_"};
constexpr const char* kOwnVariable = "python_environment_";  // --python=SPEC,NAME=VALUE

std::optional<std::string> value_of(const Context& context, const std::string& key) {
  const auto found = context.find(key);
  return found == context.end() ? std::nullopt : std::optional(found->second);
}

bool is_variable(const ContextWords& words) {
  return words.key == kOwnVariable || std::ranges::find(kVariables, words.key) != kVariables.end();
}

/// Whether the run that has the context would say so if a variable were set.
bool says_its_variables(const Context& context) {
  return context.contains("harness_version");
}

/// The keys of either context that `words` are about.
std::set<std::string> keys_of(const ContextWords& words, const Context& first, const Context& other) {
  if (!words.begins) return {words.key};
  std::set<std::string> keys;
  for (const Context* const context : {&first, &other}) {
    for (auto at = context->lower_bound(words.key); at != context->end() && at->first.starts_with(words.key);
         ++at) {
      const std::string rest = at->first.substr(words.key.size());
      // Processes have those of their --python in their environment: they are there under their own names.
      const bool twice = words.key == kOwnVariable && std::ranges::any_of(kVariables, [&](const char* begin) {
                           return rest.starts_with(begin);
                         });
      if (!twice) keys.insert(at->first);
    }
  }
  return keys;
}

/// What two runs say of one thing.
class Difference {
 public:
  Difference(const std::string& first_label, const std::string& label)
      : first_label_(first_label), label_(label) {}

  void compare(const ContextWords& words, const Context& first, const Context& other) {
    for (const std::string& key : keys_of(words, first, other)) {
      const std::string called = words.begins ? words.words + key.substr(words.key.size()) : words.words;
      auto first_value = value_of(first, key);
      auto value = value_of(other, key);
      if (is_variable(words)) {
        if (!first_value && says_its_variables(first)) first_value = "none";
        if (!value && says_its_variables(other)) value = "none";
      }
      if (first_value && value && *first_value != *value) {
        sentences_.push_back("another " + called + ": " + first_label_ + " has " + *first_value + ", " +
                             label_ + " has " + *value);
      } else if (first_value && !value) {
        add(called, only_first_);
      } else if (value && !first_value) {
        add(called, only_other_);
      }
    }
  }

  std::vector<std::string> sentences() {
    if (!only_first_.empty()) sentences_.push_back("only " + first_label_ + " says its " + only_first_);
    if (!only_other_.empty()) sentences_.push_back("only " + label_ + " says its " + only_other_);
    return std::move(sentences_);
  }

 private:
  static void add(const std::string& called, std::string& list) {
    list += (list.empty() ? "" : ", ") + called;
  }

  const std::string& first_label_;
  const std::string& label_;
  std::vector<std::string> sentences_;
  std::string only_first_, only_other_;
};

}  // namespace

const std::vector<ContextWords>& context_that_matters() {
  static const std::vector<ContextWords> kMatters = [] {
    std::vector<ContextWords> matters{{"cpu_model", "CPU"},
                                      {"cores_allowed", "cores"},
                                      {"cpus_allowed", "CPUs allowed"},
                                      {"cpu_quota_cores", "CPU quota"},
                                      {"last_level_cache_bytes", "last-level cache"},
                                      {"governor", "governor"},
                                      {"kernel", "kernel"},
                                      {"distribution", "distribution"},
                                      {"aslr", "ASLR"},
                                      {"harness_version", "harness version"},
                                      {"harness_commit", "harness commit"},
                                      {"harness_compiler", "compiler"},
                                      {"harness_flags", "compiler flags"},
                                      {"kernel_flags", "flags of plain kernels"},
                                      {"simd_target", "SIMD target"},
                                      {"streaming_above_bytes", "streaming threshold"},
                                      {"streaming_above_per_core", "streaming threshold per core"},
                                      {"openmp", "OpenMP"},
                                      {"opencv", "OpenCV"},
                                      {"google_benchmark", "Google Benchmark"},
                                      {"library_build_type", "build of Google Benchmark"},
                                      {"embedding", "embedding"},
                                      {"image", "image"},
                                      {"image_size", "image size"},
                                      {"image_sha256", "image SHA-256"},
                                      {"image_conversion", "image conversion"},
                                      {"switch_interval_s", "switch interval"},
                                      {"code", "code of scripts"},
                                      {"gil_trace", "GIL trace"},
                                      {"lock_trace", "lock trace"},
                                      {"pinned", "pinning"},
                                      {kInterleaved, "interleaving"},
                                      {"row_order", "order of rows"},
                                      {"kernel_sha256", "library of --kernel"},
                                      {"script_sha256_", "script ", true}};
    for (const char* const begin : kVariables) matters.push_back({begin, begin, true});
    matters.push_back({kOwnVariable, "", true});
    return matters;
  }();
  return kMatters;
}

std::vector<std::string> differences_of(const std::vector<Context>& contexts,
                                        const std::vector<std::string>& labels,
                                        const std::vector<ContextWords>& parameters) {
  std::vector<ContextWords> matters = context_that_matters();
  matters.insert(matters.end(), parameters.begin(), parameters.end());
  std::vector<std::string> differences;
  for (std::size_t i = 1; i < contexts.size(); ++i) {
    Difference difference(labels[0], labels[i]);
    for (const ContextWords& words : matters) difference.compare(words, contexts[0], contexts[i]);
    for (std::string& sentence : difference.sentences()) differences.push_back(std::move(sentence));
  }
  return differences;
}

}  // namespace harness
